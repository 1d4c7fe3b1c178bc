import { ProblemError } from '#contract'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { drawCell, type LimeColumn } from './lime-table.ts'
import { type LocalModel, localRegression } from './local-regression.ts'
import { type ScoreRows, scoreAll } from './score-rows.ts'

export interface LimeOptions {
  /** Neighbours drawn, the row itself included. */
  readonly samples?: number
  /** Most columns of the local model. */
  readonly features?: number
  /** Width of the kernel; default 0.75 sqrt(columns). */
  readonly width?: number
  readonly seed?: number | string
}

/** Neighbours of a row: cells for the model, and what the local regression sees; the row itself is first. */
export interface Neighbours {
  readonly rows: Matrix
  readonly seen: Matrix
}

/** Draws neighbours; see `lime`. */
export function drawNeighbours(
  columns: readonly LimeColumn[],
  row: Float64Array,
  samples: number,
  seed: number | string = 0,
): Neighbours {
  const random = createRandom(seed).split('lime')
  const rows = matrix(samples, columns.length)
  const seen = matrix(samples, columns.length)
  for (let at = 0; at < rows.values.length; at++) {
    const j = at % columns.length
    const column = columns[j]!
    const drawn =
      at < columns.length ? { value: row[j]!, seen: seenItself(column, row[j]!) } : drawCell(column, row[j]!, random)
    rows.values[at] = drawn.value
    seen.values[at] = drawn.seen
  }
  return { rows, seen }
}

function seenItself(column: LimeColumn, value: number): number {
  if (column.kind !== 'number') return 1
  if (Number.isFinite(value)) return (value - column.mean) / column.deviation
  throw new ProblemError({
    code: 'data-bad',
    message: 'The row to explain has a missing number, which has no place on a scale.',
    fix: 'Use quartile bins, or fill in missing numbers first',
  })
}

/** sqrt(exp(-d^2 / w^2)) of the distances to the first row. */
export function neighbourWeights(
  { rows, columns, values }: Matrix,
  width: number = 0.75 * Math.sqrt(columns),
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let square = 0
    for (let j = 0; j < columns; j++) square += (values[row * columns + j]! - values[j]!) ** 2
    return Math.sqrt(Math.exp(-square / width ** 2))
  })
}

/**
 * LIME for tables (Ribeiro, Singh & Guestrin 2016, KDD) by the definition of its authors' package lime 0.2: neighbours
 * are drawn around the training data's mean, not the row (numbers by quartile bin and a cut normal distribution inside
 * it, or from one normal distribution; categories by their shares); the regression sees whether a bin or category is
 * the row's own, or the standardised number; weights are sqrt(exp(-d^2 / w^2)), w = 0.75 sqrt(columns); then ridge
 * regression with alpha 1. Unlike lime, a bin without width gives its value (lime a z-score there), and missing numbers
 * are a bin of their own. `columns` comes from `limeColumns`.
 */
export async function lime(
  score: ScoreRows,
  columns: readonly LimeColumn[],
  row: Float64Array,
  { samples = 5_000, features = 10, width, seed }: LimeOptions = {},
): Promise<LocalModel & { readonly score: number }> {
  const { rows, seen } = drawNeighbours(columns, row, samples, seed)
  const scores = await scoreAll(score, rows)
  return { ...localRegression(seen, scores, neighbourWeights(seen, width), features), score: scores[0]! }
}
