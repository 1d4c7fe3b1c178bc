import type { Tone, Verdict } from '#contract'

export interface VerdictSign {
  readonly glyph: string
  readonly word: string
  readonly tone: Tone
}

/** Glyph, word and colour of a verdict, the same in lists, tabs and reports. */
export const verdictSigns: Readonly<Record<Verdict, VerdictSign>> = {
  pass: { glyph: '✓', word: 'holds', tone: 'ok' },
  fail: { glyph: '✕', word: 'fails', tone: 'bad' },
  wait: { glyph: '◐', word: 'waits', tone: 'stale' },
}
