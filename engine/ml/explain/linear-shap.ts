import type { Matrix } from '../matrix.ts'

/** A linear model on the prepared matrix: a + x b. */
export interface LinearScore {
  readonly intercept: number
  readonly coefficients: ArrayLike<number>
}

/** Contributions of each row, row-major rows x features, on the model's own scale. */
export interface Contributions {
  readonly base: number
  readonly features: readonly string[]
  readonly values: Float64Array
  /** Standard errors of the values, where coalitions were drawn; those of the background are not in them. */
  readonly errors?: Float64Array
}

/** Mean of each column: the background people are compared with. */
export function columnMeans({ values, rows, columns }: Matrix): Float64Array {
  const sums = new Float64Array(columns)
  for (let row = 0, at = 0; row < rows; row++) for (let j = 0; j < columns; j++) sums[j]! += values[at++]!
  return sums.map((sum) => (rows > 0 ? sum / rows : 0))
}

/**
 * Exact interventional Shapley values of a linear model (Lundberg & Lee 2017, NeurIPS, corollary 1: columns taken as
 * independent): phi_j = b_j (x_j - mean_j), base = a + mean b. Columns made from one raw column are one player, and
 * their values add up, since the model is additive. Base and contributions add up to the model's score.
 */
export function linearShap(
  { values, rows, columns }: Matrix,
  { intercept, coefficients }: LinearScore,
  background: ArrayLike<number>,
  sources: readonly string[],
): Contributions {
  const features = [...new Set(sources)]
  const places = new Map(features.map((feature, place) => [feature, place]))
  const player = Int32Array.from(sources, (source) => places.get(source)!)
  const out = new Float64Array(rows * features.length)
  let base = intercept
  for (let j = 0; j < columns; j++) base += coefficients[j]! * background[j]!
  for (let row = 0, at = 0; row < rows; row++) {
    const from = row * features.length
    for (let j = 0; j < columns; j++, at++) out[from + player[j]!]! += coefficients[j]! * (values[at]! - background[j]!)
  }
  return { base, features, values: out }
}
