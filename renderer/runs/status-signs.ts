import type { RunStatus, StepStatus, Tone, Verdict } from '#contract'

export interface StatusSign {
  readonly glyph: string
  readonly word: string
  readonly tone: Tone
}

/** How a run stands: glyph, word and colour, never colour alone. */
export const runSigns: Readonly<Record<RunStatus, StatusSign>> = {
  running: { glyph: '◔', word: 'running', tone: 'run' },
  done: { glyph: '✓', word: 'done', tone: 'ok' },
  failed: { glyph: '✕', word: 'failed', tone: 'bad' },
  'gate-failed': { glyph: '✕', word: 'gate fails', tone: 'bad' },
  waiting: { glyph: '◐', word: 'waits for review', tone: 'stale' },
  cancelled: { glyph: '⊘', word: 'cancelled', tone: 'mute' },
  interrupted: { glyph: '⊘', word: 'interrupted', tone: 'stale' },
}

export const stepSigns: Readonly<Record<StepStatus, StatusSign>> = {
  queued: { glyph: '◌', word: 'queued', tone: 'mute' },
  running: { glyph: '◔', word: 'running', tone: 'run' },
  done: { glyph: '✓', word: 'done', tone: 'ok' },
  cached: { glyph: '↺', word: 'from cache', tone: 'mute' },
  failed: { glyph: '✕', word: 'failed', tone: 'bad' },
  cancelled: { glyph: '⊘', word: 'cancelled', tone: 'mute' },
  skipped: { glyph: '–', word: 'skipped', tone: 'mute' },
}

export const verdictWords: Readonly<Record<Verdict, StatusSign>> = {
  pass: { glyph: '✓', word: 'ready', tone: 'ok' },
  fail: { glyph: '✕', word: 'not ready', tone: 'bad' },
  wait: { glyph: '◐', word: 'waits', tone: 'stale' },
}

export const decisionSigns = {
  approve: { glyph: '✓', word: 'approves', tone: 'ok' },
  'approve-with-conditions': { glyph: '◐', word: 'approves with conditions', tone: 'stale' },
  reject: { glyph: '✕', word: 'rejects', tone: 'bad' },
} as const satisfies Readonly<Record<string, StatusSign>>

/** The part of a run's id that people say: its last digits, since its beginning is the time that stands beside it. */
export function shortId(id: string): string {
  const [, last] = /^\d{8}-\d{6}-([0-9a-f]+)$/.exec(id) ?? []
  return last ?? (id.length > 12 ? id.slice(0, 8) : id)
}
