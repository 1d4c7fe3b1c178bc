import { ProblemError } from '#contract'
import { fitLogistic, logisticScores } from '../linear/logistic.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { deLong } from '../statistics/delong.ts'
import { normalTwoSided } from '../statistics/normal.ts'

/**
 * How well a classifier tells later rows from reference rows: the area under the ROC curve of a cross-validated
 * logistic regression on the standardised columns and their squares (Lopez-Paz & Oquab 2017, Revisiting classifier
 * two-sample tests, ICLR). 0.5 is no difference it can see, 1 a perfect one. The fold areas are averaged, since scores
 * of different folds are not on one scale; folds hold both samples in proportion.
 */
export interface DomainClassifier {
  readonly auc: number
  /** DeLong's, averaged over the folds as if these were independent. */
  readonly standardError: number
  /** Two-sided, against 0.5. */
  readonly pValue: number
}

export interface DomainClassifierOptions {
  readonly random: Random
  readonly folds?: number
  /** L2 penalty of the coefficients of the standardised columns. */
  readonly penalty?: number
  /** False leaves out the squares, with which a change of spread is seen. */
  readonly squares?: boolean
}

/** Both matrices need the same columns, finite values and at least two rows a fold. */
export function domainClassifier(
  reference: Matrix,
  current: Matrix,
  { random, folds = 5, penalty = 1, squares = true }: DomainClassifierOptions,
): DomainClassifier {
  check(reference, current, folds)
  const x = expanded(reference, current, squares)
  const labels = Uint8Array.from({ length: x.rows }, (_, row) => (row < reference.rows ? 0 : 1))
  const fold = foldsOf(reference.rows, current.rows, folds, random)
  let auc = 0
  let variance = 0
  for (let held = 0; held < folds; held++) {
    const rows = Array.from(labels.keys())
    const train = rows.filter((row) => fold[row] !== held)
    const test = rows.filter((row) => fold[row] === held)
    const fit = fitLogistic(rowsOf(x, train), pick(labels, train), 2, { penalty, errors: false })
    const scores = logisticScores(fit, rowsOf(x, test)).filter((_, index) => index % 2 === 1)
    const { areas, covariance } = deLong(pick(labels, test), [scores])
    auc += areas[0]! / folds
    variance += covariance[0]![0]! / folds ** 2
  }
  const standardError = Math.sqrt(Math.max(0, variance))
  return { auc, standardError, pValue: significance(auc, standardError) }
}

function significance(auc: number, standardError: number): number {
  if (auc === 0.5) return 1
  return standardError > 0 ? normalTwoSided((auc - 0.5) / standardError) : 0
}

function check(reference: Matrix, current: Matrix, folds: number): void {
  if (!Number.isInteger(folds) || folds < 2)
    throw new ProblemError({
      code: 'parameter-bad',
      message: `The domain classifier got ${folds} folds.`,
      fix: 'Set folds to a whole number of 2 or more.',
    })
  if (Math.min(reference.rows, current.rows) < 2 * folds)
    throw new ProblemError({
      code: 'rows-missing',
      message: `The domain classifier has ${reference.rows} and ${current.rows} rows; ${folds} folds need ${2 * folds} of each.`,
      fix: 'Give more rows, or fewer folds.',
    })
  const finite = reference.values.every(Number.isFinite) && current.values.every(Number.isFinite)
  if (reference.columns === current.columns && reference.columns > 0 && finite) return
  throw new ProblemError({
    code: 'data-bad',
    message: 'The domain classifier needs the same columns in both samples, and finite numbers.',
    fix: 'Fill in missing values, and give both samples the same columns.',
  })
}

/** Both samples one below the other, columns standardised over both, then their squares, standardised again. */
function expanded(reference: Matrix, current: Matrix, squares: boolean): Matrix {
  const rows = reference.rows + current.rows
  const { columns } = reference
  const x = matrix(rows, squares ? 2 * columns : columns)
  const column = new Float64Array(rows)
  for (let j = 0; j < columns; j++) {
    for (let row = 0; row < rows; row++)
      column[row] =
        row < reference.rows
          ? reference.values[row * columns + j]!
          : current.values[(row - reference.rows) * columns + j]!
    standardise(column)
    for (let row = 0; row < rows; row++) x.values[row * x.columns + j] = column[row]!
    if (!squares) continue
    for (let row = 0; row < rows; row++) column[row]! *= column[row]!
    standardise(column)
    for (let row = 0; row < rows; row++) x.values[row * x.columns + columns + j] = column[row]!
  }
  return x
}

function standardise(values: Float64Array): void {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0)
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - mean) * scale
}

function foldsOf(first: number, second: number, folds: number, random: Random): Uint32Array {
  const fold = new Uint32Array(first + second)
  random.permutation(first).forEach((place, row) => {
    fold[row] = place % folds
  })
  random.permutation(second).forEach((place, row) => {
    fold[first + row] = place % folds
  })
  return fold
}

function rowsOf({ columns, values }: Matrix, rows: readonly number[]): Matrix {
  const picked = new Float64Array(rows.length * columns)
  rows.forEach((row, at) => {
    picked.set(values.subarray(row * columns, (row + 1) * columns), at * columns)
  })
  return matrix(rows.length, columns, picked)
}

const pick = (labels: Uint8Array, rows: readonly number[]) => Uint8Array.from(rows, (row) => labels[row]!)
