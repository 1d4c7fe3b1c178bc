import { sortedOrder } from '../statistics/ranks.ts'

/**
 * First Wasserstein (earth mover's) distance between two samples of numbers, in their unit: ∫ |F - G| (Vallender 1974,
 * Theory of Probability and Its Applications 18:784). Weights need not sum to 1. NaN where a sample is empty or without
 * weight; values must be finite. Equals SciPy's `wasserstein_distance`.
 */
export function wasserstein(
  first: Float64Array,
  second: Float64Array,
  firstWeights?: Float64Array,
  secondWeights?: Float64Array,
): number {
  const all = new Float64Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  const order = sortedOrder(all)
  const total = (weights: Float64Array | undefined, n: number) => weights?.reduce((sum, w) => sum + w, 0) ?? n
  const firstTotal = total(firstWeights, first.length)
  const secondTotal = total(secondWeights, second.length)
  let gap = 0
  let distance = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    if (i > 0) distance += Math.abs(gap) * (all[row]! - all[order[i - 1]!]!)
    if (row < first.length) gap += (firstWeights?.[row] ?? 1) / firstTotal
    else gap -= (secondWeights?.[row - first.length] ?? 1) / secondTotal
  }
  return firstTotal > 0 && secondTotal > 0 ? distance : Number.NaN
}
