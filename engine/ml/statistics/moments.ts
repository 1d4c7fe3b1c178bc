/** Weighted moments of the values that are not NaN. Weights count as repetitions. */
export interface Moments {
  /** Number of values, NaN left out. */
  readonly n: number
  /** Sum of their weights; n without weights. */
  readonly weight: number
  readonly mean: number
  /** Divides by the sum of weights (ddof 0). */
  readonly variance: number
  /** Divides by the sum of weights - 1 (ddof 1). */
  readonly sampleVariance: number
  /** Third and fourth standardised central moments, 0 for a normal distribution. */
  readonly skewness: number
  readonly excessKurtosis: number
  readonly min: number
  readonly max: number
}

/** Two passes, so that a large mean costs no digits (Chan, Golub & LeVeque 1983, The American Statistician 37:242). */
export function moments(values: Float64Array, weights?: Float64Array): Moments {
  const { n, weight, sum, min, max } = weights ? weightedTotals(values, weights) : totals(values)
  const mean = sum / weight
  const [d1, d2, d3, d4] = weights ? weightedPowers(values, weights, mean) : powers(values, mean)
  const squares = Math.max(0, d2 - (d1 * d1) / weight)
  const variance = squares / weight
  return {
    n,
    weight,
    mean,
    variance,
    sampleVariance: squares / (weight - 1),
    skewness: d3 / weight / variance ** 1.5,
    excessKurtosis: d4 / weight / (variance * variance) - 3,
    min: n === 0 ? Number.NaN : min,
    max: n === 0 ? Number.NaN : max,
  }
}

interface Totals {
  readonly n: number
  readonly weight: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/** Without weights; loops without a look at NaN are ten times as fast, so that is asked of the sum. */
function totals(values: Float64Array): Totals {
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  if (Number.isNaN(sum)) return weightedTotals(values, new Float64Array(values.length).fill(1))
  return { n: values.length, weight: values.length, sum, min, max }
}

function weightedTotals(values: Float64Array, weights: Float64Array): Totals {
  let n = 0
  let weight = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    n++
    weight += weights[i]!
    sum += weights[i]! * value
    if (value < min) min = value
    if (value > max) max = value
  }
  return { n, weight, sum, min, max }
}

type Powers = readonly [number, number, number, number]

/** Sums of the first four powers of the distances from the mean. */
function powers(values: Float64Array, mean: number): Powers {
  let d1 = 0
  let d2 = 0
  let d3 = 0
  let d4 = 0
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - mean
    d1 += d
    d2 += d * d
    d3 += d * d * d
    d4 += d * d * d * d
  }
  if (Number.isNaN(d1)) return weightedPowers(values, new Float64Array(values.length).fill(1), mean)
  return [d1, d2, d3, d4]
}

function weightedPowers(values: Float64Array, weights: Float64Array, mean: number): Powers {
  let d1 = 0
  let d2 = 0
  let d3 = 0
  let d4 = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const w = weights[i]!
    const d = value - mean
    d1 += w * d
    d2 += w * d * d
    d3 += w * d * d * d
    d4 += w * d * d * d * d
  }
  return [d1, d2, d3, d4]
}
