import { ProblemError } from '#contract'

/** How a caller watches an attack and ends it early. */
export interface AttackHooks {
  readonly onProgress?: (fraction: number) => void
  /** Asked between rounds; true ends the attack with a problem of code `cancelled`. */
  readonly cancelled?: () => boolean
}

/** Between two rounds of an attack. */
export function tellProgress({ onProgress, cancelled }: AttackHooks, fraction: number): void {
  if (cancelled?.())
    throw new ProblemError({ code: 'cancelled', message: 'The attack was cancelled.', fix: 'Run it again' })
  onProgress?.(fraction)
}
