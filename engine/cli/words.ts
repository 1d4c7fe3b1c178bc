import type { Estimate, RunStatus, StepStatus } from '#contract'

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

const thinSpace = '\u2009'

export function durationText(ms: number | undefined): string {
  if (ms === undefined) return ''
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** Digits in groups of three: 48 842. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, thinSpace)
}

export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** 24 Nov 2026 13:48, local time. */
export function timeText(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][date.getMonth()]
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getDate()} ${month} ${date.getFullYear()} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** A figure with its interval: 0.77 (0.71 to 0.83). */
export function estimateText(estimate: Estimate): string {
  if (estimate.value === null) return 'undefined'
  const interval =
    estimate.low === undefined || estimate.high === undefined
      ? ''
      : ` (${figureText(estimate.low)} to ${figureText(estimate.high)})`
  return `${figureText(estimate.value)}${interval}`
}

export function figureText(value: number | null): string {
  if (value === null) return 'undefined'
  if (Number.isInteger(value)) return countText(value).replace('-', '−')
  const text =
    Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 ? Number(value.toPrecision(4)).toString() : value.toExponential(3)
  return text.replace(/^-/, '−')
}
