import { likelyShares } from './share-sequence.ts'

/** Times counted in bins that grow by a seventh, from 0.05 ms to half a minute: a quantile is known to a seventh. */
const first = 0.05
const growth = 1.15
export const latencyBins = 97
const logGrowth = Math.log(growth)

export function latencyBin(ms: number): number {
  if (!(ms > first)) return 0
  return Math.min(latencyBins - 1, Math.ceil(Math.log(ms / first) / logGrowth - 1e-9))
}
/** The longest time of a bin, milliseconds. */
export const latencyEdge = (bin: number): number => first * growth ** bin

/** The edge of the bin in which the quantile lies; null without times. */
export function latencyQuantile(counts: ArrayLike<number>, probability: number): number | null {
  let total = 0
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin]!
  if (total === 0) return null
  let below = 0
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin]!
    if (below >= probability * total) return latencyEdge(bin)
  }
  return latencyEdge(latencyBins - 1)
}

/**
 * Limits of a quantile that hold at every look: those edges for which the share of times below them can't be told from the
 * probability (`likelyShares`). As shares grow with the edge, one `alpha` covers all edges.
 */
export function latencyLimits(
  counts: ArrayLike<number>,
  probability: number,
  alpha: number,
): { readonly low: number; readonly high: number } {
  let total = 0
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin]!
  let [below, low] = [0, 0]
  for (let bin = 0; bin < counts.length; bin++) {
    if (counts[bin] === 0) continue
    below += counts[bin]!
    if (likelyShares(below, total, alpha)(probability)) continue
    if (below >= probability * total) return { low, high: latencyEdge(bin) }
    low = latencyEdge(bin)
  }
  return { low, high: Number.POSITIVE_INFINITY }
}
