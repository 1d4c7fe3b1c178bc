import { sortNumbers } from './sort-numbers.ts'

/** The values that are not NaN, sorted upwards. */
export const sortedValues = (values: Float64Array): Float64Array => sortNumbers(knownValues(values))

/** The values that are not NaN; the same array when all are. */
export function knownValues(values: Float64Array): Float64Array {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]!
  // infinite values make it NaN too, which only costs a second look
  if (sum === 0) return values
  let known = 0
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) known++
  if (known === values.length) return values
  const out = new Float64Array(known)
  for (let i = 0, at = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) out[at++] = values[i]!
  return out
}

/**
 * Quantile of sorted values by linear interpolation (type 7 of Hyndman & Fan 1996, The American Statistician 50:361; the
 * default of NumPy and R). NaN when there are none.
 */
export function quantileSorted(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = (sorted.length - 1) * probability
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low === high ? low : low + (high - low) * (position - below)
}

/** Quantiles of unsorted values; NaN cells are left out. */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const sorted = sortedValues(values)
  return probabilities.map((probability) => quantileSorted(sorted, probability))
}

export const median = (values: Float64Array) => quantiles(values, [0.5])[0]!

/** The smallest value whose share of the total weight reaches the probability (inverse of the weighted empirical distribution). */
export function weightedQuantile(values: Float64Array, weights: Float64Array, probability: number): number {
  const order = Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!) && weights[i]! > 0)
  order.sort((i, j) => values[i]! - values[j]!)
  let total = 0
  for (const i of order) total += weights[i]!
  let reached = 0
  for (const i of order) {
    reached += weights[i]!
    if (reached >= probability * total * (1 - 1e-12)) return values[i]!
  }
  return Number.NaN
}
