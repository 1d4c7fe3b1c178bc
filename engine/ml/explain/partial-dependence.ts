import type { Matrix } from '../matrix.ts'
import { needRows, rowOf, type ScoreRows, scoreFilled } from './score-rows.ts'

export interface PartialDependence {
  /** Mean score with every row's feature set to the place. */
  readonly average: Float64Array
  /** Individual conditional expectation: the score of each row at each place, row-major [rows, places]. */
  readonly individual: Float64Array
}

/**
 * Partial dependence (Friedman 2001, Annals of Statistics 29:1189) and individual conditional expectation (Goldstein et
 * al. 2015, JCGS 24:44), by scoring every row at every place as scikit-learn's method "brute" with kind "both".
 */
export async function partialDependence(
  score: ScoreRows,
  rows: Matrix,
  column: number,
  grid: Float64Array,
): Promise<PartialDependence> {
  needRows(rows, 'table to vary')
  const places = grid.length
  const individual = await scoreFilled(score, rows.rows * places, rows.columns, (at, values, start) => {
    values.set(rowOf(rows, Math.floor(at / places)), start)
    values[start + column] = grid[at % places]!
  })
  const average = new Float64Array(places)
  for (let at = 0; at < individual.length; at++) average[at % places]! += individual[at]! / rows.rows
  return { average, individual }
}

/** Curves that start at 0 at the first place, so that their shapes compare (Goldstein et al. 2015, c-ICE). */
export function centredCurves(individual: Float64Array, places: number): Float64Array {
  return individual.map((value, at) => value - individual[at - (at % places)]!)
}

/** Mean score with two features set to every pair of places, row-major [places of the first, of the second]. */
export async function partialDependenceOfTwo(
  score: ScoreRows,
  rows: Matrix,
  columns: readonly [first: number, second: number],
  grids: readonly [first: Float64Array, second: Float64Array],
): Promise<Float64Array> {
  needRows(rows, 'table to vary')
  const width = grids[1].length
  const average = new Float64Array(grids[0].length * width)
  for (const [i, first] of grids[0].entries()) {
    const scores = await scoreFilled(score, rows.rows * width, rows.columns, (at, values, start) => {
      values.set(rowOf(rows, Math.floor(at / width)), start)
      values[start + columns[0]] = first
      values[start + columns[1]] = grids[1][at % width]!
    })
    for (let at = 0; at < scores.length; at++) average[i * width + (at % width)]! += scores[at]! / rows.rows
  }
  return average
}
