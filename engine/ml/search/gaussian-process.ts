import { choleskyFactor, choleskySolve } from '../linalg/cholesky.ts'
import type { Matrix } from '../matrix.ts'
import { normalCdf } from '../statistics/normal.ts'

/**
 * Gaussian process regression with mean zero (Rasmussen & Williams 2006, Gaussian Processes for Machine Learning,
 * algorithm 2.1) and the Matérn 5/2 covariance v (1 + √5 r + 5 r² / 3) exp(-√5 r), r the distance in units of one length
 * a column. Equal to scikit-learn's `GaussianProcessRegressor` with `ConstantKernel * Matern(nu=2.5)` and `alpha` = noise.
 */
export interface Covariance {
  /** v, the variance of the function. */
  readonly variance: number
  /** One a column. */
  readonly lengths: Float64Array
  /** Variance added to each observation. */
  readonly noise: number
}

export interface GaussianProcess {
  readonly covariance: Covariance
  readonly x: Matrix
  /** The lower Cholesky factor of K + noise I, row-major. */
  readonly factor: Float64Array
  /** (K + noise I)⁻¹ y. */
  readonly weights: Float64Array
  readonly logLikelihood: number
}

const rootFive = Math.sqrt(5)

function matern(a: Float64Array, at: number, b: Float64Array, from: number, { variance, lengths }: Covariance): number {
  let square = 0
  for (let j = 0; j < lengths.length; j++) {
    const gap = (a[at + j]! - b[from + j]!) / lengths[j]!
    square += gap * gap
  }
  const r = rootFive * Math.sqrt(square)
  return variance * (1 + r + (r * r) / 3) * Math.exp(-r)
}

/** The process given observations; undefined where the covariance matrix is singular to working precision. */
export function fitGaussianProcess(x: Matrix, y: Float64Array, covariance: Covariance): GaussianProcess | undefined {
  const { rows: n, columns, values } = x
  const factor = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) factor[i * n + j] = matern(values, i * columns, values, j * columns, covariance)
    factor[i * n + i] = covariance.variance + covariance.noise
  }
  if (!choleskyFactor(factor, n)) return undefined
  const weights = Float64Array.from(y)
  choleskySolve(factor, n, weights)
  let logLikelihood = -0.5 * n * Math.log(2 * Math.PI)
  for (let i = 0; i < n; i++) logLikelihood -= 0.5 * y[i]! * weights[i]! + Math.log(factor[i * n + i]!)
  return { covariance, x, factor, weights, logLikelihood }
}

/** Mean and standard deviation of the function (without the noise) at a point. */
export function predictGaussianProcess(
  { covariance, x, factor, weights }: GaussianProcess,
  point: Float64Array,
): { readonly mean: number; readonly deviation: number } {
  const { rows: n, columns, values } = x
  const solved = new Float64Array(n)
  let mean = 0
  let explained = 0
  for (let i = 0; i < n; i++) {
    const k = matern(values, i * columns, point, 0, covariance)
    mean += k * weights[i]!
    let sum = k
    for (let j = 0; j < i; j++) sum -= factor[i * n + j]! * solved[j]!
    solved[i] = sum / factor[i * n + i]!
    explained += solved[i]! * solved[i]!
  }
  return { mean, deviation: Math.sqrt(Math.max(0, covariance.variance - explained)) }
}

/**
 * E max(0, best - f), f normal (Jones, Schonlau & Welch 1998, J. Global Optimization 13:455): what trying a point is
 * expected to gain on the lowest value so far.
 */
export function expectedImprovement(mean: number, deviation: number, best: number): number {
  if (!(deviation > 0)) return Math.max(0, best - mean)
  const z = (best - mean) / deviation
  return deviation * (z * normalCdf(z) + Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI))
}
