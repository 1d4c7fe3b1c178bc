import { type Matrix, matrix } from '#ml/matrix'

/** Models that are formulas, the same as in ml_explain_models.py: one score a row. */
type Formula = (row: ArrayLike<number>) => number

/** Interactions of three features. */
export const smooth: Formula = (row) => {
  const [a, b, c, d, e] = [row[0]!, row[1]!, row[2]!, row[3]!, row[4]!]
  const margin = 0.3 + a - 0.5 * b + 0.8 * a * c + 0.6 * Math.abs(d) * b + 0.4 * Math.max(e, 0) * a * b
  return 1 / (1 + Math.exp(-margin))
}

/** Interactions of two features at most. */
export const pairs: Formula = (row) => {
  const [a, b, c, d, e] = [row[0]!, row[1]!, row[2]!, row[3]!, row[4]!]
  return 1.5 + a + b * c - 0.5 * d * d + 0.25 * e * a
}

/** Eleven features. */
export const wide: Formula = (row) => {
  let sum = 0
  for (let j = 5; j < row.length; j++) sum += row[j]!
  return smooth(row) + sum / 4 + row[5]! * row[6]! * row[7]! - row[9]! * Math.abs(row[10]!)
}

/** A formula as a scoring function. */
export const scoring =
  (formula: Formula) =>
  ({ rows, columns, values }: Matrix) =>
    Float64Array.from({ length: rows }, (_, row) => formula(values.subarray(row * columns, (row + 1) * columns)))

export const dense = (rows: readonly (readonly number[])[]) =>
  matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
