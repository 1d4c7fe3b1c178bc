/**
 * Figures of a confusion matrix (row-major, rows actual). Definitions as in scikit-learn 1.9, with 0 for 0/0 in
 * precision, recall, F and MCC; macro figures average over the classes that occur as actual or predicted.
 */
const rowSum = (counts: Float64Array, classes: number, k: number) => {
  let sum = 0
  for (let j = 0; j < classes; j++) sum += counts[k * classes + j]!
  return sum
}
const columnSum = (counts: Float64Array, classes: number, k: number) => {
  let sum = 0
  for (let i = 0; i < classes; i++) sum += counts[i * classes + k]!
  return sum
}
const orZero = (value: number) => (Number.isFinite(value) ? value : 0)

export function accuracy(counts: Float64Array, classes: number): number {
  let right = 0
  let all = 0
  for (let k = 0; k < classes; k++) right += counts[k * classes + k]!
  for (const count of counts) all += count
  return right / all
}

/** Share of the predictions of class k that are right. */
export const precision = (counts: Float64Array, classes: number, k: number) =>
  orZero(counts[k * classes + k]! / columnSum(counts, classes, k))

/** Share of the cases of class k that are found. */
export const recall = (counts: Float64Array, classes: number, k: number) =>
  orZero(counts[k * classes + k]! / rowSum(counts, classes, k))

/** Weighted harmonic mean of precision and recall; `beta` above 1 favours recall (van Rijsbergen 1979). */
export function fBeta(counts: Float64Array, classes: number, k: number, beta = 1): number {
  const right = (1 + beta * beta) * counts[k * classes + k]!
  const found = columnSum(counts, classes, k)
  const actual = rowSum(counts, classes, k)
  return orZero(right / (beta * beta * actual + found))
}

/** The unweighted mean over the classes that occur. */
export function macro(counts: Float64Array, classes: number, figure: (k: number) => number): number {
  let sum = 0
  let n = 0
  for (let k = 0; k < classes; k++) {
    if (rowSum(counts, classes, k) + columnSum(counts, classes, k) === 0) continue
    sum += figure(k)
    n++
  }
  return sum / n
}

/** Mean recall over the classes that have cases. */
export function balancedAccuracy(counts: Float64Array, classes: number): number {
  let sum = 0
  let n = 0
  for (let k = 0; k < classes; k++) {
    const cases = rowSum(counts, classes, k)
    if (cases === 0) continue
    sum += counts[k * classes + k]! / cases
    n++
  }
  return sum / n
}

/** Matthews' correlation for any number of classes (Gorodkin 2004, Computational Biology and Chemistry 28:367). */
export function matthewsCorrelation(counts: Float64Array, classes: number): number {
  let right = 0
  let all = 0
  let products = 0
  let actualSquares = 0
  let predictedSquares = 0
  for (let k = 0; k < classes; k++) {
    const actual = rowSum(counts, classes, k)
    const predicted = columnSum(counts, classes, k)
    right += counts[k * classes + k]!
    all += actual
    products += actual * predicted
    actualSquares += actual * actual
    predictedSquares += predicted * predicted
  }
  const spread = (all * all - predictedSquares) * (all * all - actualSquares)
  return spread <= 0 ? 0 : (right * all - products) / Math.sqrt(spread)
}
