import { ProblemError } from '#contract'
import { type Matrix, matrix } from '../matrix.ts'

/**
 * A model as explanations see it: one score a row. It may answer later, as ONNX Runtime does, and is asked for many rows
 * at a time, never for none.
 */
export type ScoreRows = (rows: Matrix) => Float64Array | PromiseLike<Float64Array>

/** Rows a model is asked for at once. */
export const rowsAtOnce = 8_192

/** Scores of `rows` made-up rows; `fill` writes row `row` to `values` from `at` on. */
export async function scoreFilled(
  score: ScoreRows,
  rows: number,
  columns: number,
  fill: (row: number, values: Float64Array, at: number) => void,
): Promise<Float64Array> {
  const scores = new Float64Array(rows)
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from)
    const batch = matrix(count, columns)
    for (let row = 0; row < count; row++) fill(from + row, batch.values, row * columns)
    const answer = await score(batch)
    if (answer.length !== count) throw new RangeError(`the model gave ${answer.length} scores for ${count} rows`)
    scores.set(answer, from)
  }
  return scores
}

/** The scores of the rows as they are. */
export const scoreAll = (score: ScoreRows, { rows, columns, values }: Matrix): Promise<Float64Array> =>
  scoreFilled(score, rows, columns, (row, into, at) =>
    into.set(values.subarray(row * columns, (row + 1) * columns), at),
  )

/** A row of the matrix, as a view. */
export const rowOf = ({ values, columns }: Matrix, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns)

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Refuses a table without rows to compare with. */
export function needRows({ rows }: Matrix, what: string): void {
  if (rows > 0) return
  throw new ProblemError({
    code: 'rows-missing',
    message: `The ${what} has no rows.`,
    fix: `Give the ${what} at least one row`,
  })
}
