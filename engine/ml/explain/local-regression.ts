import { choleskyFactor, choleskySolve } from '../linalg/cholesky.ts'
import { addGram, multiplyTransposed } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'

/** A linear model near one row. */
export interface LocalModel {
  readonly intercept: number
  /** The columns used with their coefficients, in the order of the columns. */
  readonly terms: readonly { readonly column: number; readonly weight: number }[]
  /** Weighted R squared on the neighbours; 1 where the scores do not vary. */
  readonly fit: number
  /** What the local model says of the first row. */
  readonly prediction: number
}

/** Weighted ridge regression with a free intercept: minimises sum w (y - a - x b)^2 + alpha |b|^2. */
export function weightedRidge(x: Matrix, y: Float64Array, weights: Float64Array, alpha: number) {
  const { rows, columns } = x
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const means = new Float64Array(columns)
  multiplyTransposed(x, weights, means)
  for (let j = 0; j < columns; j++) means[j]! /= total
  const mean = y.reduce((sum, value, row) => sum + weights[row]! * value, 0) / total
  const centred = matrix(rows, columns)
  for (let at = 0; at < centred.values.length; at++) centred.values[at] = x.values[at]! - means[at % columns]!
  const gram = new Float64Array(columns * columns)
  addGram(centred, weights, gram)
  for (let j = 0; j < columns; j++) gram[j * columns + j]! += alpha
  const coefficients = new Float64Array(columns)
  multiplyTransposed(
    centred,
    y.map((value, row) => weights[row]! * (value - mean)),
    coefficients,
  )
  if (columns > 0 && !choleskyFactor(gram, columns)) throw new RangeError('the neighbours are not finite')
  choleskySolve(gram, columns, coefficients)
  return { intercept: coefficients.reduce((rest, b, j) => rest - b * means[j]!, mean), coefficients }
}

function takeColumns({ rows, columns, values }: Matrix, chosen: readonly number[]): Matrix {
  const taken = matrix(rows, chosen.length)
  for (let row = 0; row < rows; row++)
    chosen.forEach((column, k) => {
      taken.values[row * chosen.length + k] = values[row * columns + column]!
    })
  return taken
}

/**
 * The local model of LIME: ridge regression with alpha 1 on the `features` columns that weigh most at the first row, by
 * a ridge regression with alpha 0.01 on all of them (lime's "highest_weights").
 */
export function localRegression(x: Matrix, y: Float64Array, weights: Float64Array, features: number): LocalModel {
  const all = Array.from({ length: x.columns }, (_, column) => column)
  const chosen = features < x.columns ? heaviest(x, weightedRidge(x, y, weights, 0.01).coefficients, features) : all
  const used = takeColumns(x, chosen)
  const { intercept, coefficients } = weightedRidge(used, y, weights, 1)
  const predict = (row: number) =>
    coefficients.reduce((sum, b, k) => sum + b * used.values[row * chosen.length + k]!, intercept)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = y.reduce((sum, value, row) => sum + weights[row]! * value, 0) / total
  let missed = 0
  let varied = 0
  y.forEach((value, row) => {
    missed += weights[row]! * (value - predict(row)) ** 2
    varied += weights[row]! * (value - mean) ** 2
  })
  return {
    intercept,
    terms: chosen.map((column, k) => ({ column, weight: coefficients[k]! })),
    fit: varied > 1e-24 * total * mean * mean ? 1 - missed / varied : 1,
    prediction: predict(0),
  }
}

function heaviest({ values }: Matrix, coefficients: Float64Array, features: number): number[] {
  const size = (column: number) => Math.abs(coefficients[column]! * values[column]!)
  const order = [...coefficients.keys()].sort((a, b) => size(b) - size(a) || a - b)
  return order.slice(0, features).sort((a, b) => a - b)
}
