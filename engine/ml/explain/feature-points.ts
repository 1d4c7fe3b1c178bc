/** Values in the order of rows, as numbers from low to high; NaN where there is none or no order. */
export type Shades = Float64Array

/**
 * Ranks from 0 to 1, equal values alike: colours then tell rows apart whatever the distribution. Values without a
 * number stay NaN.
 */
export function rankShades(values: Float64Array): Shades {
  const known = [...values.keys()].filter((row) => Number.isFinite(values[row]!))
  known.sort((a, b) => values[a]! - values[b]!)
  const shades = new Float64Array(values.length).fill(Number.NaN)
  for (let from = 0; from < known.length; ) {
    let to = from + 1
    while (to < known.length && values[known[to]!] === values[known[from]!]) to++
    const rank = known.length > 1 ? (from + to - 1) / 2 / (known.length - 1) : 0.5
    for (const row of known.slice(from, to)) shades[row] = rank
    from = to
  }
  return shades
}

/** Rows of like value whose contributions are compared. */
const mostWindow = 50

/**
 * How much of a feature's contributions, among rows in which it has about the same value, goes with another feature: the
 * sum over windows of |Pearson's r|, each by its rows, as shap's approximate_interactions. It needs no further scores.
 */
export function interactionHint(values: Float64Array, contributions: Float64Array, other: Float64Array): number {
  const rows = [...values.keys()].filter((row) => Number.isFinite(values[row]!) && Number.isFinite(other[row]!))
  rows.sort((a, b) => values[a]! - values[b]! || a - b)
  const window = Math.max(Math.min(Math.floor(rows.length / 10), mostWindow), 1)
  let hint = 0
  for (let from = 0; from < rows.length; from += window) {
    const part = rows.slice(from, from + window)
    hint += Math.abs(correlation(part, contributions, other)) * part.length
  }
  return rows.length > 0 ? hint / rows.length : 0
}

function correlation(rows: readonly number[], a: Float64Array, b: Float64Array): number {
  const mean = (of: Float64Array) => rows.reduce((sum, row) => sum + of[row]!, 0) / rows.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [aa, bb, ab] = [0, 0, 0]
  for (const row of rows) {
    const [da, db] = [a[row]! - meanA, b[row]! - meanB]
    aa += da * da
    bb += db * db
    ab += da * db
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa) / Math.sqrt(bb) : 0
}
