import type { Verdict } from '#contract'

/** A failed gate outweighs one that waits; undefined when nothing was judged. */
export function worstVerdict(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  return (['fail', 'wait', 'pass'] as const).find((verdict) => verdicts.includes(verdict))
}
