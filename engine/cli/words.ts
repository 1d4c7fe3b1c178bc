import type { RunStatus, StepStatus } from '#contract'
import { formatShortDate, formatTime } from '#report/format-time'

/** Glyph and word of each step state, as the app shows them. */
export const stepGlyphs: Readonly<Record<StepStatus, string>> = {
  queued: '◌',
  running: '◔',
  done: '✓',
  cached: '↺',
  failed: '✕',
  cancelled: '⊘',
  skipped: '–',
}

export const runWords: Readonly<Record<RunStatus, string>> = {
  running: '◔ running',
  done: '✓ done',
  failed: '✕ failed',
  'gate-failed': '✕ gate failed',
  waiting: '◐ waiting for review',
  cancelled: '⊘ cancelled',
  interrupted: '⊘ interrupted',
}

/** 24 Nov 2026 13:48, local time. */
export function timeText(iso: string): string {
  return `${formatShortDate(iso)} ${new Date(iso).getFullYear()} ${formatTime(iso)}`
}
