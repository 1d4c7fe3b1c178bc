/**
 * Population variance (divisor n) of each column, missing cells (NaN) left out, as scikit-learn's VarianceThreshold.
 * A column of one value, or of none, has exactly 0: a two-pass sum alone may leave a rounding crumb.
 */
export function columnVariances(columns: readonly Float64Array[]): Float64Array {
  return Float64Array.from(columns, variance)
}

function variance(values: Float64Array): number {
  let n = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    n++
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  if (!(max > min)) return 0
  const mean = sum / n
  let squares = 0
  let rest = 0
  for (let i = 0; i < values.length; i++) {
    const gap = values[i]! - mean
    if (Number.isNaN(gap)) continue
    squares += gap * gap
    rest += gap
  }
  return (squares - (rest * rest) / n) / n
}

/** Numbers of the columns whose variance is above the threshold; infinities make a column's variance undefined: kept out. */
export function aboveVariance(columns: readonly Float64Array[], threshold = 0): number[] {
  const kept: number[] = []
  columnVariances(columns).forEach((value, column) => {
    if (value > threshold) kept.push(column)
  })
  return kept
}
