import { countBefore } from '../statistics/sort-numbers.ts'

/** Counts in bins of equal width; `edges` has one more entry than `counts`, the last bin holds its upper edge. */
export interface Histogram {
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** Histogram of the finite values. A constant column gets one bin of width 1 around its value. */
export function histogram(values: Float64Array, bins: number): Histogram {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return { edges: [], counts: [] }
  const { edges, binOf } = equalBins(low, high, bins)
  const counts = new Array<number>(edges.length - 1).fill(0)
  for (const value of values) if (Number.isFinite(value)) counts[binOf(value)]!++
  return { edges, counts }
}

/** The same of sorted finite values: where each bin begins is searched for. */
export function sortedHistogram(sorted: Float64Array, bins: number): Histogram {
  if (sorted.length === 0) return { edges: [], counts: [] }
  const { edges, binOf } = equalBins(sorted[0]!, sorted.at(-1)!, bins)
  const begins = edges.map((_, bin) => countBefore(sorted, (value) => binOf(value) >= bin))
  return { edges, counts: begins.slice(1).map((begin, bin) => begin - begins[bin]!) }
}

function equalBins(low: number, high: number, bins: number) {
  const half = low === high ? Math.max(0.5, Math.abs(low) * 1e-9) : 0
  const from = low - half
  const to = high + half
  const count = low === high ? 1 : bins
  const width = to / count - from / count
  const edgeAt = (edge: number) => (edge === 0 ? from : edge === count ? to : Math.min(to, from + edge * width))
  return {
    edges: Array.from({ length: count + 1 }, (_, edge) => edgeAt(edge)),
    binOf(value: number): number {
      const offset = value - from
      const place = Number.isFinite(offset) ? offset / width : value / width - from / width
      return Math.min(count - 1, Math.max(0, Math.floor(place) || 0))
    },
  }
}

/** Bins for a picture of n values by the rule of Freedman and Diaconis (1981), between 5 and `most`. */
export function binCount(n: number, quartileRange: number, range: number, most: number): number {
  if (n < 2 || quartileRange <= 0 || range <= 0) return Math.min(most, 10)
  return Math.max(5, Math.min(most, Math.ceil(range / ((2 * quartileRange) / Math.cbrt(n)))))
}
