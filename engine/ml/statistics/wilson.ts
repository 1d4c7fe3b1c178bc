import type { Estimate } from '#contract'
import { criticalValue } from './normal.ts'

/**
 * A share with Wilson's score interval (Wilson 1927, JASA 22:209): the p with |share - p| ≤ z √(p (1 - p) / n). Holds at
 * 0 and at 1. `n` may be an effective number. Null and without interval when n is 0.
 */
export function wilson(successes: number, n: number, confidence = 0.95): Estimate {
  if (!(n > 0)) return { value: null, n: 0 }
  const z = criticalValue(confidence)
  const share = successes / n
  const z2 = (z * z) / n
  const centre = (share + z2 / 2) / (1 + z2)
  const half = (z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n))) / (1 + z2)
  return {
    value: share,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
    n,
  }
}
