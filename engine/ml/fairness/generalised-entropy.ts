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
