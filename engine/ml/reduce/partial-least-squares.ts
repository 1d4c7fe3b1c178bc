import { ProblemError } from '#contract'
import { dot, multiply, multiplyTransposed } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { centred, columnMeans, requireComplete } from './complete-matrix.ts'
import { projectRows } from './project-rows.ts'

/** Partial least squares regression; one component a row throughout. */
export interface PartialLeastSquares {
  readonly mean: Float64Array
  readonly targetMean: Float64Array
  /** Weights in deflated scaled columns, length 1, entry of largest size positive. */
  readonly weights: Matrix
  readonly loadings: Matrix
  readonly targetLoadings: Matrix
  /** Axes in original columns: scores = (x - mean) axes'. */
  readonly axes: Matrix
  /** Coefficients in original units, [targets, columns]: prediction = targetMean + (x - mean) coefficients'. */
  readonly coefficients: Matrix
}

export interface PartialLeastSquaresOptions {
  readonly components: number
  /** Divides columns and targets by their standard deviations, divisor rows - 1; constant ones stay. Default true. */
  readonly scale?: boolean
  /** Of the power iteration for several targets, on the squared change of the weights. Default 1e-6. */
  readonly tolerance?: number
  /** Default 500. */
  readonly rounds?: number
}

/**
 * Partial least squares by NIPALS (Wold 1975; Wegelin 2000, "A survey of partial least squares methods", section 11), as
 * scikit-learn's PLSRegression; for one target the predictions are those of SIMPLS (de Jong 1993). Fewer components
 * come out when the targets are explained before.
 */
export function fitPartialLeastSquares(x: Matrix, y: Matrix, options: PartialLeastSquaresOptions): PartialLeastSquares {
  requireComplete(x, 'Partial least squares')
  requireComplete(y, 'Partial least squares')
  const most = Math.min(x.rows, x.columns)
  if (options.components < 1 || options.components > most) refuse(options.components, most)
  const mean = columnMeans(x)
  const targetMean = columnMeans(y)
  const left = centred(x, mean)
  const right = centred(y, targetMean)
  const scale = divideByDeviation(left, options.scale ?? true)
  const targetScale = divideByDeviation(right, options.scale ?? true)
  const parts: Component[] = []
  while (parts.length < options.components) {
    const part = nextComponent(left, right, options)
    if (!part) break
    parts.push(part)
  }
  return assemble(parts, { mean, targetMean, scale, targetScale })
}

function refuse(components: number, most: number): never {
  throw new ProblemError({
    code: 'parameter-bad',
    message: `Partial least squares was asked for ${components} components, and this table has 1 to ${most}.`,
    fix: `Choose 1 to ${most} components.`,
  })
}

/** Divides in place and returns the divisors. */
function divideByDeviation(x: Matrix, wanted: boolean): Float64Array {
  const scale = new Float64Array(x.columns)
  if (!wanted) return scale.fill(1)
  for (let at = 0; at < x.values.length; at++) scale[at % x.columns]! += x.values[at]! ** 2
  for (let j = 0; j < x.columns; j++) {
    const deviation = Math.sqrt(scale[j]! / (x.rows - 1))
    scale[j] = deviation > 0 ? deviation : 1
  }
  for (let at = 0; at < x.values.length; at++) x.values[at]! /= scale[at % x.columns]!
  return scale
}

interface Component {
  readonly weights: Float64Array
  readonly loadings: Float64Array
  readonly targetLoadings: Float64Array
}

/** Finds one component and takes it off both sides; undefined when the targets hold nothing any more. */
function nextComponent(x: Matrix, y: Matrix, options: PartialLeastSquaresOptions): Component | undefined {
  const weights = firstWeights(x, y, options)
  if (!weights) return undefined
  const scores = new Float64Array(x.rows)
  multiply(x, weights, scores)
  const square = dot(scores, scores)
  if (!(square > 0)) return undefined
  const loadings = new Float64Array(x.columns)
  const targetLoadings = new Float64Array(y.columns)
  multiplyTransposed(x, scores, loadings)
  multiplyTransposed(y, scores, targetLoadings)
  for (let j = 0; j < loadings.length; j++) loadings[j]! /= square
  for (let j = 0; j < targetLoadings.length; j++) targetLoadings[j]! /= square
  takeOff(x, scores, loadings)
  takeOff(y, scores, targetLoadings)
  return { weights, loadings, targetLoadings }
}

function takeOff(x: Matrix, scores: Float64Array, loadings: Float64Array): void {
  for (let i = 0, at = 0; i < x.rows; i++) {
    const score = scores[i]!
    for (let j = 0; j < x.columns; j++, at++) x.values[at]! -= score * loadings[j]!
  }
}

/** The first left singular vector of X'Y by the power method, begun at the first target that still varies. */
function firstWeights(x: Matrix, y: Matrix, options: PartialLeastSquaresOptions): Float64Array | undefined {
  const targetScores = new Float64Array(y.rows)
  const start = firstVarying(y)
  if (start < 0) return undefined
  for (let i = 0; i < y.rows; i++) targetScores[i] = y.values[i * y.columns + start]!
  let weights = new Float64Array(x.columns)
  let before = new Float64Array(x.columns)
  const scores = new Float64Array(x.rows)
  const targetWeights = new Float64Array(y.columns)
  for (let round = 0; round < (options.rounds ?? 500); round++) {
    const spare = before
    before = weights
    weights = spare
    multiplyTransposed(x, targetScores, weights)
    const length = Math.sqrt(dot(weights, weights))
    if (!(length > 0)) return undefined
    let change = 0
    for (let j = 0; j < weights.length; j++) {
      weights[j]! /= length
      change += (weights[j]! - before[j]!) ** 2
    }
    if (y.columns === 1 || (round > 0 && change < (options.tolerance ?? 1e-6))) break
    multiply(x, weights, scores)
    multiplyTransposed(y, scores, targetWeights)
    multiply(y, targetWeights, targetScores)
  }
  let largest = 0
  for (const weight of weights) if (Math.abs(weight) > Math.abs(largest) * (1 + 1e-12)) largest = weight
  return largest < 0 ? weights.map((weight) => -weight) : weights
}

/** Targets whose rest is rounding count as explained, as in scikit-learn. */
function firstVarying(y: Matrix): number {
  for (let j = 0; j < y.columns; j++)
    for (let i = 0; i < y.rows; i++) if (Math.abs(y.values[i * y.columns + j]!) >= 2.3e-15) return j
  return -1
}

interface Scales {
  readonly mean: Float64Array
  readonly targetMean: Float64Array
  readonly scale: Float64Array
  readonly targetScale: Float64Array
}

function assemble(parts: readonly Component[], { mean, targetMean, scale, targetScale }: Scales): PartialLeastSquares {
  const p = mean.length
  const rotations = rotate(parts, p)
  const coefficients = matrix(targetMean.length, p)
  parts.forEach(({ targetLoadings }, k) => {
    for (let t = 0; t < targetMean.length; t++)
      for (let j = 0; j < p; j++)
        coefficients.values[t * p + j]! +=
          (rotations.values[k * p + j]! * targetLoadings[t]! * targetScale[t]!) / scale[j]!
  })
  const axes = matrix(
    parts.length,
    p,
    rotations.values.map((value, at) => value / scale[at % p]!),
  )
  return {
    mean,
    targetMean,
    weights: stack(parts, 'weights', p),
    loadings: stack(parts, 'loadings', p),
    targetLoadings: stack(parts, 'targetLoadings', targetMean.length),
    axes,
    coefficients,
  }
}

/** W (P'W)^-1, by substitution: P'W is triangular with ones on its diagonal. */
function rotate(parts: readonly Component[], p: number): Matrix {
  const out = matrix(parts.length, p)
  parts.forEach(({ weights }, k) => {
    const own = out.values.subarray(k * p, (k + 1) * p)
    own.set(weights)
    for (let l = 0; l < k; l++) {
      const overlap = dot(parts[l]!.loadings, weights)
      for (let j = 0; j < p; j++) own[j]! -= overlap * out.values[l * p + j]!
    }
  })
  return out
}

function stack(parts: readonly Component[], key: keyof Component, width: number): Matrix {
  const out = matrix(parts.length, width)
  parts.forEach((part, k) => {
    out.values.set(part[key], k * width)
  })
  return out
}

/** Scores [rows, components]. */
export const applyPartialLeastSquares = (fit: PartialLeastSquares, x: Matrix) => projectRows(x, fit.axes, fit.mean)

/** Predictions [rows, targets]. */
export function predictPartialLeastSquares(fit: PartialLeastSquares, x: Matrix): Matrix {
  const out = projectRows(x, fit.coefficients, fit.mean)
  for (let at = 0; at < out.values.length; at++) out.values[at]! += fit.targetMean[at % out.columns]!
  return out
}
