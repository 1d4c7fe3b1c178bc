import type { DenseProducts } from '#contract'
import { multiply, plainProducts } from '../linalg/products.ts'
import { triangularise } from '../linalg/qr.ts'
import { singularValues } from '../linalg/singular-values.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { requireTargets } from '../usable-targets.ts'
import { type RidgeParts, refineRidge, ridgePartsOfGram } from './ridge-gram.ts'
import { fitRidgeWide } from './ridge-wide.ts'

/**
 * Ridge regression (Hoerl & Kennard 1970, Technometrics 12:55): minimises Σ w_i (y_i - x_i b - a)² + penalty |b|², the
 * intercept free. Columns are centred, Householder QR reduces the rows to a triangle, and its singular values give the
 * solution, so that nothing is squared: exact also for nearly dependent columns, and the shortest solution when the
 * penalty is 0 and columns are dependent. More than 250 columns go through normal equations (`ridge-wide.ts`), and so do
 * 100,000 rows and more of columns that are far from dependent, then refined (`ridge-gram.ts`).
 *
 * Errors: σ² (X'WX + penalty I)⁻¹ with σ² = residual squares / (Σ w - effective degrees); those of ordinary least
 * squares at penalty 0. Weights count as repetitions.
 */
export interface RidgeFit {
  readonly intercept: number
  readonly coefficients: Float64Array
  /** Coefficients, then the intercept; absent when no degrees of freedom are left or columns are dependent. */
  readonly errors?: Float64Array
  /** Root of the residual variance; NaN when no degrees of freedom are left. */
  readonly residualDeviation: number
  /** Effective parameters, with the intercept. */
  readonly degrees: number
}

export interface RidgeOptions {
  readonly penalty: number
  readonly weights?: Float64Array
  /** Compiled ones give the same bytes sooner. */
  readonly products?: DenseProducts
}

const widest = 250
const manyRows = 100_000

export function fitRidge(x: Matrix, y: Float64Array, options: RidgeOptions): RidgeFit {
  const { penalty, weights, products = plainProducts } = options
  requireComplete(x, 'Linear regression', 1)
  requireTargets('Linear regression', y, weights)
  const centre = centreOf(x, y, weights)
  if (x.columns > widest) return { ...fitRidgeWide(x, y, centre, penalty, weights), residualDeviation: Number.NaN }
  const many = x.rows >= manyRows ? ridgePartsOfGram(x, y, centre, weights, products) : undefined
  const svd = many ?? partsOfTriangle(x, y, centre, weights)
  const cut = Math.max(x.rows, x.columns) * 2 ** -52 * (svd.values[0] ?? 0)
  const usable = Array.from(svd.values, (d) => d > cut)
  const coefficients = combine(svd, (k) => {
    const d = svd.values[k]!
    return usable[k] ? (d / (d * d + penalty)) * svd.rotated[k]! : 0
  })
  if (many) refineRidge(x, y, centre, weights, penalty, many, coefficients)
  const intercept = interceptOf(centre, coefficients)
  const degrees = 1 + svd.values.reduce((sum, d, k) => sum + (usable[k] ? (d * d) / (d * d + penalty) : 0), 0)
  const left = centre.total - degrees
  const variance = left > 1e-9 ? residualSquares(x, y, coefficients, intercept, weights) / left : Number.NaN
  const dependent = penalty === 0 && usable.includes(false)
  return {
    intercept,
    coefficients,
    residualDeviation: Math.sqrt(variance),
    degrees,
    ...(left > 1e-9 && !dependent && { errors: standardErrors(svd, penalty, variance, centre) }),
  }
}

export function ridgePredictions(fit: Pick<RidgeFit, 'intercept' | 'coefficients'>, x: Matrix): Float64Array {
  const out = new Float64Array(x.rows)
  multiply(x, fit.coefficients, out, fit.intercept)
  return out
}

/** Weighted means of the columns and of the target, and the total weight. */
export interface Centre {
  readonly means: Float64Array
  readonly target: number
  readonly total: number
}

export function centreOf(x: Matrix, y: Float64Array, weights?: Float64Array): Centre {
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

export function interceptOf({ means, target }: Centre, coefficients: Float64Array): number {
  let intercept = target
  for (let j = 0; j < means.length; j++) intercept -= means[j]! * coefficients[j]!
  return intercept
}

function partsOfTriangle(x: Matrix, y: Float64Array, centre: Centre, weights?: Float64Array): RidgeParts {
  const { r, z } = reduceRows(x, y, centre, weights)
  const { u, values, v } = singularValues(r)
  const rotated = new Float64Array(x.columns)
  for (let i = 0; i < x.columns; i++)
    for (let k = 0; k < x.columns; k++) rotated[k]! += u.values[i * x.columns + k]! * z[i]!
  return { values, v, rotated }
}

/** Triangle of the centred, weighted rows, block after block (as Golub & Van Loan 5.2, updated by rows), without a copy of x. */
function reduceRows(x: Matrix, y: Float64Array, { means, target }: Centre, weights?: Float64Array) {
  const p = x.columns
  const block = Math.max(256, 4 * p)
  let r = matrix(p, p)
  let z: Float64Array = new Float64Array(p)
  for (let from = 0; from < x.rows; from += block) {
    const rows = Math.min(block, x.rows - from)
    const work = matrix(p + rows, p)
    const aim = new Float64Array(p + rows)
    work.values.set(r.values)
    aim.set(z)
    for (let i = 0; i < rows; i++) {
      const root = weights ? Math.sqrt(weights[from + i]!) : 1
      aim[p + i] = root * (y[from + i]! - target)
      for (let j = 0; j < p; j++) work.values[(p + i) * p + j] = root * (x.values[(from + i) * p + j]! - means[j]!)
    }
    ;({ r, z } = triangularise(work, aim))
  }
  return { r, z }
}

/** V times a vector given by its entries. */
function combine({ v }: RidgeParts, entry: (k: number) => number): Float64Array {
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

function standardErrors(svd: RidgeParts, penalty: number, variance: number, { means, total }: Centre) {
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
