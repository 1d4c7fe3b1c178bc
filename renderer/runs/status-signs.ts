import type { RunStatus, StepStatus, Tone, Verdict } from '#contract'
import { runsMessages as words } from './runs-messages.ts'

export interface StatusSign {
  readonly glyph: string
  readonly word: string
  readonly tone: Tone
}

/** How a run stands: glyph, word and colour, never colour alone. */
export const runSigns: Readonly<Record<RunStatus, StatusSign>> = {
  running: { glyph: '◔', word: words.states.running, tone: 'run' },
  done: { glyph: '✓', word: words.states.done, tone: 'ok' },
  failed: { glyph: '✕', word: words.states.failed, tone: 'bad' },
  'gate-failed': { glyph: '✕', word: words.states.gateFailed, tone: 'bad' },
  waiting: { glyph: '◐', word: words.states.waiting, tone: 'stale' },
  cancelled: { glyph: '⊘', word: words.states.cancelled, tone: 'mute' },
  interrupted: { glyph: '⊘', word: words.states.interrupted, tone: 'stale' },
}

export const stepSigns: Readonly<Record<StepStatus, StatusSign>> = {
  queued: { glyph: '◌', word: words.states.queued, tone: 'mute' },
  running: { glyph: '◔', word: words.states.running, tone: 'run' },
  done: { glyph: '✓', word: words.states.done, tone: 'ok' },
  cached: { glyph: '↺', word: words.states.cached, tone: 'mute' },
  failed: { glyph: '✕', word: words.states.failed, tone: 'bad' },
  cancelled: { glyph: '⊘', word: words.states.cancelled, tone: 'mute' },
  skipped: { glyph: '–', word: words.states.skipped, tone: 'mute' },
}

export const verdictWords: Readonly<Record<Verdict, StatusSign>> = {
  pass: { glyph: '✓', word: words.verdicts.pass, tone: 'ok' },
  fail: { glyph: '✕', word: words.verdicts.fail, tone: 'bad' },
  wait: { glyph: '◐', word: words.verdicts.wait, tone: 'stale' },
}

export const decisionSigns = {
  approve: { glyph: '✓', word: words.decisions.approve, tone: 'ok' },
  'approve-with-conditions': { glyph: '◐', word: words.decisions.conditions, tone: 'stale' },
  reject: { glyph: '✕', word: words.decisions.reject, tone: 'bad' },
} as const satisfies Readonly<Record<string, StatusSign>>

/** The part of a run's id that people say: its last digits, since its beginning is the time that stands beside it. */
export function shortId(id: string): string {
  const [, last] = /^\d{8}-\d{6}-([0-9a-f]+)$/.exec(id) ?? []
  return last ?? (id.length > 12 ? id.slice(0, 8) : id)
}
