import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'

/** Copies of some rows, in the order of their numbers. */
export function gatherRows(rows: Matrix, numbers: ArrayLike<number>): Matrix {
  const own = matrix(numbers.length, rows.columns)
  for (let at = 0; at < numbers.length; at++) rowOf(own, at).set(rowOf(rows, numbers[at]!))
  return own
}
