import { ProblemError } from '#contract'
import type { Matrix } from '../matrix.ts'

/** Rows of each class; every code is 0 to classes - 1. */
export function countClasses(codes: Int32Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes)
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += 1
  return counts
}

/** Row numbers of one class. */
export function classRows(codes: Int32Array, code: number): Uint32Array {
  const rows: number[] = []
  for (let i = 0; i < codes.length; i++) if (codes[i] === code) rows.push(i)
  return Uint32Array.from(rows)
}

/**
 * How many rows to add to each class: up to `wanted` rows, by default as many as the largest class has (imbalanced-learn's
 * `auto`). A class that has enough, or no row at all, gets none.
 */
export function rowsToAdd(counts: Uint32Array, wanted?: ArrayLike<number>): Uint32Array {
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  return counts.map((count, k) => (count === 0 ? 0 : Math.max(0, (wanted ? wanted[k]! : most) - count)))
}

/** Synthetic rows need a second row of their class to lie between. */
export function requireTwo(count: number, method: string): void {
  if (count >= 2) return
  throw new ProblemError({
    code: 'rows-missing',
    message: `${method} makes rows between two rows of a class, and one class has a single row.`,
    fix: 'Choose random over-sampling, or leave out the class.',
  })
}

/** The given rows of a matrix. */
export function takeMatrixRows(x: Matrix, rows: Uint32Array): Matrix {
  const values = new Float64Array(rows.length * x.columns)
  for (let i = 0; i < rows.length; i++)
    values.set(x.values.subarray(rows[i]! * x.columns, (rows[i]! + 1) * x.columns), i * x.columns)
  return { rows: rows.length, columns: x.columns, values }
}
