import { ProblemError } from '#contract'
import type { Matrix } from '../matrix.ts'

/** Refuses missing and infinite cells, and fewer rows than the method needs. */
export function requireComplete(x: Matrix, method: string, leastRows = 2): void {
  if (x.rows < leastRows)
    throw new ProblemError({
      code: 'rows-missing',
      message: `${method} needs ${leastRows} rows or more, and there are ${x.rows}.`,
      fix: 'Choose a larger part of the table.',
    })
  let sum = 0
  let other = 0
  for (let at = 0; at + 1 < x.values.length; at += 2) {
    sum += 0 * x.values[at]!
    other += 0 * x.values[at + 1]!
  }
  sum += other + 0 * (x.values.at(-1) ?? 0)
  for (let at = 0; at < x.values.length && sum !== 0; at++) {
    if (Number.isFinite(x.values[at]!)) continue
    const row = Math.floor(at / x.columns)
    throw new ProblemError({
      code: 'data-bad',
      message: `${method} needs a number in every cell, and row ${row + 1} has none in feature ${(at % x.columns) + 1}.`,
      fix: 'Fill missing values in a preparation step.',
      rows: [row],
    })
  }
}

/** Mean of each column. */
export function columnMeans(x: Matrix): Float64Array {
  const means = new Float64Array(x.columns)
  for (let i = 0, at = 0; i < x.rows; i++) for (let j = 0; j < x.columns; j++, at++) means[j]! += x.values[at]!
  for (let j = 0; j < x.columns; j++) means[j]! /= Math.max(1, x.rows)
  return means
}

/** A copy with the means taken off. */
export function centred(x: Matrix, means: Float64Array): Matrix {
  const values = new Float64Array(x.values.length)
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) values[at] = x.values[at]! - means[j]!
  return { rows: x.rows, columns: x.columns, values }
}
