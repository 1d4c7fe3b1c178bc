import type { Estimate } from '#contract'
import { criticalValue } from '../statistics/normal.ts'

/**
 * Generalised entropy of the benefits b = 1 + decision - truth, each 0, 1 or 2 (Speicher et al. 2018, KDD): how unequally
 * decisions serve people, 0 for not at all. With the mean benefit m over n people:
 * alpha 0: -1/n Σ ln(b/m), undefined (null) when a benefit is 0; alpha 1 (Theil): 1/n Σ b/m ln(b/m) with 0 ln 0 = 0;
 * else 1/(n alpha (alpha - 1)) Σ ((b/m)^alpha - 1). aif360 divides alpha 0 by m once more; this does not.
 * Weights are not used, as in aif360.
 */
export function generalisedEntropy(favourable: Uint8Array, actual: Uint8Array, alpha: number): number | null {
  const n = favourable.length
  const counts = [0, 0, 0]
  for (let row = 0; row < n; row++) counts[1 + favourable[row]! - actual[row]!]!++
  const mean = (counts[1]! + 2 * counts[2]!) / n
  if (!(mean > 0)) return null
  if (alpha === 0 && counts[0]! > 0) return null
  const term = (benefit: number) => {
    const relative = benefit / mean
    if (alpha === 0) return -Math.log(relative)
    if (alpha === 1) return relative === 0 ? 0 : relative * Math.log(relative)
    return (relative ** alpha - 1) / (alpha * (alpha - 1))
  }
  const sum = counts.reduce((total, count, benefit) => (count === 0 ? total : total + count * term(benefit)), 0)
  return sum / n
}

export const theil = (favourable: Uint8Array, actual: Uint8Array) => generalisedEntropy(favourable, actual, 1)

/**
 * The same with its interval by the delta method: the entropy is a smooth function f of the shares p of the three benefits,
 * so its variance is (Σ p f'² - (Σ p f')²) / n (Cowell 1989, Journal of Econometrics 42:27). For alpha other than 0.
 */
export function entropyEstimate(
  favourable: Uint8Array,
  actual: Uint8Array,
  alpha: number,
  confidence = 0.95,
): Estimate {
  const value = generalisedEntropy(favourable, actual, alpha)
  const n = favourable.length
  if (value === null || n === 0) return { value: null, n }
  const shares = [0, 0, 0]
  for (let row = 0; row < n; row++) shares[1 + favourable[row]! - actual[row]!]! += 1 / n
  const mean = shares[1]! + 2 * shares[2]!
  const power = (benefit: number) => {
    if (alpha !== 1) return benefit ** alpha
    return benefit === 0 ? 0 : benefit * Math.log(benefit)
  }
  const total = shares.reduce((sum, share, benefit) => sum + share * power(benefit), 0)
  const slope = (benefit: number) =>
    alpha === 1
      ? power(benefit) / mean - (benefit * total) / mean ** 2 - benefit / mean
      : (power(benefit) / mean ** alpha - (alpha * benefit * total) / mean ** (alpha + 1)) / (alpha * (alpha - 1))
  const moment = (of: (slope: number) => number) =>
    shares.reduce((sum, share, benefit) => (share === 0 ? sum : sum + share * of(slope(benefit))), 0)
  const variance = Math.max(0, moment((s) => s * s) - moment((s) => s) ** 2) / n
  const spread = criticalValue(confidence) * Math.sqrt(variance)
  return { value, low: Math.max(0, value - spread), high: value + spread, n }
}
