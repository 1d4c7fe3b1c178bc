/** How nearly a column is constant. */
export interface ValueSpread {
  /** Count of the most frequent value over that of the second; 0 when there is no second (as caret prints it). */
  readonly frequencyRatio: number
  /** Distinct values a hundred rows. */
  readonly distinctPercent: number
  readonly constant: boolean
  readonly nearZero: boolean
}

/**
 * Near-zero variance (Kuhn 2008, "Building predictive models in R using the caret package", JSS 28(5); defaults of
 * caret::nearZeroVar): the most frequent value outweighs the second by more than `frequencyCut` and at most
 * `distinctCut` percent of the values are distinct. Missing cells, NaN or a negative code, are left out.
 */
export function valueSpread(cells: Float64Array | Int32Array, frequencyCut = 19, distinctCut = 10): ValueSpread {
  const values =
    cells instanceof Float64Array ? cells.filter((v) => !Number.isNaN(v)).sort() : cells.filter((c) => c >= 0).sort()
  let distinct = 0
  let first = 0
  let second = 0
  for (let from = 0; from < values.length; ) {
    let to = from + 1
    while (to < values.length && values[to] === values[from]) to++
    const count = to - from
    distinct++
    if (count > first) {
      second = first
      first = count
    } else if (count > second) second = count
    from = to
  }
  const frequencyRatio = second === 0 ? 0 : first / second
  const distinctPercent = values.length === 0 ? 0 : (100 * distinct) / values.length
  const constant = distinct < 2
  const nearZero = constant || (frequencyRatio > frequencyCut && distinctPercent <= distinctCut)
  return { frequencyRatio, distinctPercent, constant, nearZero }
}
