import { quantileSorted } from '../statistics/quantiles.ts'

/**
 * Edges between `bins` bins that hold equal shares of the reference: its quantiles by linear interpolation, repeated
 * ones once. The outermost bins are open, so every later value has a bin. A bin holds its upper edge.
 */
export function quantileEdges(reference: Float64Array, bins = 10): Float64Array {
  const sorted = reference.slice().sort()
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin++) edges.add(quantileSorted(sorted, bin / bins))
  return Float64Array.from(edges).filter((edge) => edge < sorted[sorted.length - 1]!)
}

/** Shares of the values in the bins between rising edges, one more than there are edges. */
export function binnedShares(values: Float64Array, edges: Float64Array): Float64Array {
  const shares = new Float64Array(edges.length + 1)
  for (const value of values) shares[binOf(value, edges)]! += 1 / values.length
  return shares
}

/** Number of edges below the value. */
function binOf(value: number, edges: Float64Array): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
