import { sortedValues } from '../statistics/quantiles.ts'

/**
 * Quantile of sorted values by interpolation between plotting positions (k - 0.4) / (n + 0.2), as scipy's mquantiles
 * with its defaults alphap = betap = 0.4 (Cunnane 1978, Journal of Hydrology 37:205).
 */
export function cunnaneQuantile(sorted: Float64Array, probability: number): number {
  const position = sorted.length * probability + 0.4 + 0.2 * probability
  const below = Math.floor(Math.min(Math.max(position, 1), sorted.length - 1))
  const part = Math.min(Math.max(position - below, 0), 1)
  const low = sorted[Math.max(below, 1) - 1]!
  const high = sorted[Math.min(Math.max(below, 1), sorted.length - 1)]!
  return (1 - part) * low + part * high
}

export interface GridOptions {
  /** Places looked at; default 100. */
  readonly resolution?: number
  readonly percentiles?: readonly [low: number, high: number]
  /** Take every value that occurs: for codes of categories. */
  readonly everyValue?: boolean
}

/**
 * The places a feature is looked at, as scikit-learn's partial_dependence chooses them: all values when there are fewer
 * than `resolution`, else evenly from the 5th to the 95th percentile. Missing cells are left out. Where scikit-learn
 * refuses percentiles that coincide, the grid is every value that occurs.
 */
export function featureGrid(
  values: Float64Array,
  { resolution = 100, percentiles = [0.05, 0.95], everyValue = false }: GridOptions = {},
): Float64Array {
  const sorted = sortedValues(values)
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1])
  if (everyValue || distinct.length < resolution) return distinct
  const low = cunnaneQuantile(sorted, percentiles[0])
  const high = cunnaneQuantile(sorted, percentiles[1])
  if (!(high > low)) return distinct
  const step = (high - low) / (resolution - 1)
  return Float64Array.from({ length: resolution }, (_, k) => (k === resolution - 1 ? high : low + k * step))
}
