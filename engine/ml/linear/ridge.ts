import { multiply } from '../linalg/products.ts'
import { triangularise } from '../linalg/qr.ts'
import { type SingularValues, singularValues } from '../linalg/singular-values.ts'
import { type Matrix, matrix } from '../matrix.ts'

/**
 * Ridge regression (Hoerl & Kennard 1970, Technometrics 12:55): minimises Σ w_i (y_i - x_i b - a)² + penalty |b|², the
 * intercept free. Columns are centred, Householder QR reduces the rows to a triangle, and its singular values give the
 * solution, so that nothing is squared: exact also for nearly dependent columns, and the shortest solution when the
 * penalty is 0 and columns are dependent.
 *
 * Errors: σ² (X'WX + penalty I)⁻¹ with σ² = residual squares / (Σ w - effective degrees); those of ordinary least
 * squares at penalty 0. Weights count as repetitions.
 */
export interface RidgeFit {
  readonly intercept: number
  readonly coefficients: Float64Array
  /** Coefficients, then the intercept; absent when there are no degrees of freedom left. */
  readonly errors?: Float64Array
  readonly residualDeviation: number
  /** Effective parameters, with the intercept. */
  readonly degrees: number
}

export interface RidgeOptions {
  readonly penalty: number
  readonly weights?: Float64Array
}

export function fitRidge(x: Matrix, y: Float64Array, { penalty, weights }: RidgeOptions): RidgeFit {
  const { rows, columns } = x
  const { means, target, total } = weightedMeans(x, y, weights)
  const { centred, aim } = centre(x, y, means, target, weights)
  const { r, z } = triangularise(centred, aim)
  const svd = singularValues(r)
  const cut = Math.max(rows, columns) * 2 ** -52 * (svd.values[0] ?? 0)
  const rotated = Float64Array.from({ length: columns }, (_, k) => {
    let sum = 0
    for (let i = 0; i < columns; i++) sum += svd.u.values[i * columns + k]! * z[i]!
    return sum
  })
  const usable = Array.from(svd.values, (d) => d > cut)
  const coefficients = combine(svd, (k) => {
    const d = svd.values[k]!
    return usable[k] ? (d / (d * d + penalty)) * rotated[k]! : 0
  })
  let intercept = target
  for (let j = 0; j < columns; j++) intercept -= means[j]! * coefficients[j]!
  const degrees = 1 + svd.values.reduce((sum, d, k) => sum + (usable[k] ? (d * d) / (d * d + penalty) : 0), 0)
  const squares = residualSquares(x, y, coefficients, intercept, weights)
  const left = total - degrees
  const variance = left > 0 ? squares / left : Number.NaN
  const dependent = penalty === 0 && usable.includes(false)
  return {
    intercept,
    coefficients,
    residualDeviation: Math.sqrt(variance),
    degrees,
    ...(left > 0 && !dependent && { errors: standardErrors(svd, penalty, variance, means, total) }),
  }
}

function weightedMeans(x: Matrix, y: Float64Array, weights?: Float64Array) {
  const means = new Float64Array(x.columns)
  let target = 0
  let total = 0
  for (let i = 0; i < x.rows; i++) {
    const w = weights ? weights[i]! : 1
    total += w
    target += w * y[i]!
    for (let j = 0; j < x.columns; j++) means[j]! += w * x.values[i * x.columns + j]!
  }
  for (let j = 0; j < x.columns; j++) means[j]! /= total
  return { means, target: target / total, total }
}

function centre(x: Matrix, y: Float64Array, means: Float64Array, target: number, weights?: Float64Array) {
  const centred = matrix(x.rows, x.columns)
  const aim = new Float64Array(x.rows)
  for (let i = 0; i < x.rows; i++) {
    const root = weights ? Math.sqrt(weights[i]!) : 1
    aim[i] = root * (y[i]! - target)
    for (let j = 0; j < x.columns; j++) {
      const at = i * x.columns + j
      centred.values[at] = root * (x.values[at]! - means[j]!)
    }
  }
  return { centred, aim }
}

/** V times a vector given by its entries. */
function combine({ v }: SingularValues, entry: (k: number) => number): Float64Array {
  const out = new Float64Array(v.rows)
  for (let k = 0; k < v.columns; k++) {
    const value = entry(k)
    for (let j = 0; j < v.rows; j++) out[j]! += v.values[j * v.columns + k]! * value
  }
  return out
}

function residualSquares(x: Matrix, y: Float64Array, b: Float64Array, intercept: number, weights?: Float64Array) {
  const fitted = new Float64Array(x.rows)
  multiply(x, b, fitted, intercept)
  let sum = 0
  for (let i = 0; i < x.rows; i++) sum += (weights ? weights[i]! : 1) * (y[i]! - fitted[i]!) ** 2
  return sum
}

function standardErrors(svd: SingularValues, penalty: number, variance: number, means: Float64Array, total: number) {
  const n = means.length
  const errors = new Float64Array(n + 1)
  const { values } = svd.v
  let atMean = 0
  for (let k = 0; k < n; k++) {
    const scale = 1 / (svd.values[k]! ** 2 + penalty)
    let projection = 0
    for (let j = 0; j < n; j++) {
      const v = values[j * n + k]!
      errors[j]! += scale * v * v
      projection += v * means[j]!
    }
    atMean += scale * projection * projection
  }
  errors[n] = atMean + 1 / total
  return errors.map((value) => Math.sqrt(variance * value))
}
