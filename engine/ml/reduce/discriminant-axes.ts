import { ProblemError } from '#contract'
import { addGram, mirrorLower } from '../linalg/products.ts'
import { eigenOf } from '../linalg/tridiagonal-eigen.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { requireComplete } from './complete-matrix.ts'
import { fixSigns, projectRows } from './project-rows.ts'

/**
 * Linear discriminant analysis as a projection (Fisher 1936; Hastie, Tibshirani & Friedman 2009, 4.3.3; the steps of
 * scikit-learn's `svd` solver): whitens the spread within classes, then takes the main axes of the class means.
 */
export interface DiscriminantAxes {
  /** Mean of the class means, weighed by the class shares. */
  readonly mean: Float64Array
  /** At most classes - 1 axes, one a row, entry of largest size positive. */
  readonly axes: Matrix
  /** Share of each axis in the variance between classes. */
  readonly shares: Float64Array
}

/** Directions in which classes hardly spread (standard deviation below this, on scaled columns) are left out. */
const tolerance = 1e-4

/** Codes run from 0 to classes - 1; classes without rows are passed over. At least two classes and a row more. */
export function fitDiscriminantAxes(
  x: Matrix,
  codes: Int32Array,
  classes: number,
  components = classes - 1,
): DiscriminantAxes {
  requireComplete(x, 'Linear discriminant analysis')
  const { counts, means } = classMeans(x, codes, classes)
  const present = Array.from(counts.keys()).filter((k) => counts[k]! > 0)
  if (present.length < 2 || x.rows <= present.length) refuse(present.length)
  const mean = overallMean(means, counts, x)
  const whitening = whitenWithin(x, codes, means)
  const between = matrix(present.length, x.columns)
  present.forEach((k, row) => {
    const weight = Math.sqrt(counts[k]! / (present.length - 1))
    for (let j = 0; j < x.columns; j++)
      between.values[row * x.columns + j] = weight * (means.values[k * x.columns + j]! - mean[j]!)
  })
  return mainAxes(projectRows(between, whitening), whitening, mean, components)
}

export const applyDiscriminantAxes = (fit: DiscriminantAxes, x: Matrix) => projectRows(x, fit.axes, fit.mean)

function refuse(classes: number): never {
  throw new ProblemError({
    code: classes < 2 ? 'target-constant' : 'rows-missing',
    message: `Linear discriminant analysis needs two classes and more rows than classes; there ${classes === 1 ? 'is 1 class' : `are ${classes} classes`}.`,
    fix: 'Choose a target with two values or more, or a larger part of the table.',
  })
}

function classMeans(x: Matrix, codes: Int32Array, classes: number) {
  const counts = new Float64Array(classes)
  const means = matrix(classes, x.columns)
  for (let i = 0, at = 0; i < x.rows; i++) {
    const row = codes[i]! * x.columns
    counts[codes[i]!]! += 1
    for (let j = 0; j < x.columns; j++, at++) means.values[row + j]! += x.values[at]!
  }
  for (let at = 0; at < means.values.length; at++) means.values[at]! /= Math.max(1, counts[Math.floor(at / x.columns)]!)
  return { counts, means }
}

function overallMean(means: Matrix, counts: Float64Array, x: Matrix): Float64Array {
  const mean = new Float64Array(x.columns)
  for (let k = 0; k < counts.length; k++)
    for (let j = 0; j < x.columns; j++) mean[j]! += (counts[k]! / x.rows) * means.values[k * x.columns + j]!
  return mean
}

/** Axes in which the covariance within classes (divisor rows) is the identity, one a row. */
function whitenWithin(x: Matrix, codes: Int32Array, means: Matrix): Matrix {
  const p = x.columns
  const gaps = matrix(x.rows, p)
  for (let i = 0, at = 0; i < x.rows; i++) {
    const row = codes[i]! * p
    for (let j = 0; j < p; j++, at++) gaps.values[at] = x.values[at]! - means.values[row + j]!
  }
  const gram = matrix(p, p)
  addGram(gaps, undefined, gram.values)
  mirrorLower(gram.values, p)
  const scale = new Float64Array(p)
  for (let j = 0; j < p; j++) scale[j] = Math.sqrt(gram.values[j * p + j]! / x.rows) || 1
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) gram.values[i * p + j]! /= scale[i]! * scale[j]! * x.rows
  const { values, vectors } = eigenOf(gram)
  let rank = 0
  while (rank < p && values[rank]! > tolerance * tolerance) rank++
  const axes = matrix(rank, p)
  for (let k = 0; k < rank; k++)
    for (let j = 0; j < p; j++) axes.values[k * p + j] = vectors.values[j * p + k]! / scale[j]! / Math.sqrt(values[k]!)
  return axes
}

/** Main axes of the whitened class means, written in the original columns. */
function mainAxes(between: Matrix, whitening: Matrix, mean: Float64Array, components: number): DiscriminantAxes {
  const rank = whitening.rows
  const gram = matrix(rank, rank)
  addGram(between, undefined, gram.values)
  mirrorLower(gram.values, rank)
  const { values, vectors } = eigenOf(gram)
  const top = Math.sqrt(Math.max(0, values[0] ?? 0))
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  let kept = 0
  const most = Math.min(components, between.rows - 1, rank)
  while (kept < most && Math.sqrt(Math.max(0, values[kept]!)) > tolerance * top) kept++
  const axes = matrix(kept, whitening.columns)
  for (let k = 0; k < kept; k++)
    for (let l = 0; l < rank; l++)
      for (let j = 0; j < whitening.columns; j++)
        axes.values[k * whitening.columns + j]! +=
          vectors.values[l * rank + k]! * whitening.values[l * whitening.columns + j]!
  fixSigns(axes)
  return { mean, axes, shares: values.slice(0, kept).map((value) => value / total) }
}
