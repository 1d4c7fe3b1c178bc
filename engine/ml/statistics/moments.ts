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
  let n = 0
  let weight = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const w = weights ? weights[i]! : 1
    n++
    weight += w
    sum += w * value
    if (value < min) min = value
    if (value > max) max = value
  }
  const mean = sum / weight
  let d1 = 0
  let d2 = 0
  let d3 = 0
  let d4 = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const w = weights ? weights[i]! : 1
    const d = value - mean
    d1 += w * d
    d2 += w * d * d
    d3 += w * d * d * d
    d4 += w * d * d * d * d
  }
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
