/** Figures of probabilities. `scores` is row-major rows x classes; each is the weighted mean of a loss a row. */

const epsilon = 2 ** -52

/** -ln of the probability of what happened, clipped to [2^-52, 1 - 2^-52] as scikit-learn does (so at most 36.04). */
export function logLosses(actual: Int32Array, scores: Float64Array, classes: number): Float64Array {
  return Float64Array.from(actual, (code, row) => {
    const probability = scores[row * classes + code]!
    return -Math.log(Math.min(1 - epsilon, Math.max(epsilon, probability)))
  })
}

/** Brier's score (1950, Monthly Weather Review 78:1): two classes (p - y)², more the sum of squares over the classes. */
export function brierLosses(actual: Int32Array, scores: Float64Array, classes: number): Float64Array {
  return Float64Array.from(actual, (code, row) => {
    let sum = 0
    for (let k = 0; k < classes; k++) sum += (scores[row * classes + k]! - (k === code ? 1 : 0)) ** 2
    return classes === 2 ? sum / 2 : sum
  })
}

export function weightedMean(values: Float64Array, weights?: Float64Array): number {
  let sum = 0
  let all = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1
    if (weight === 0) continue
    sum += weight * values[i]!
    all += weight
  }
  return sum / all
}
