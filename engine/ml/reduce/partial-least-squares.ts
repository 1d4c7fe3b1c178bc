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
 * scikit-learn's PLSRegression; for one target the predictions are those of SIMPLS (de Jong 1993). The power iteration
 * and the deflation work on X'Y alone, X stays as it is: the same components by the improved kernel algorithm (Dayal &
 * MacGregor 1997, J. Chemometrics 11:73). Fewer components come out when the targets are explained before.
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
  const cross = crossProducts(left, right)
  const parts: Component[] = []
  while (parts.length < options.components) {
    const part = nextComponent(left, right, cross, parts, options)
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
  const { values } = x
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) scale[j]! += values[at]! * values[at]!
  for (let j = 0; j < x.columns; j++) {
    const deviation = Math.sqrt(scale[j]! / (x.rows - 1))
    scale[j] = deviation > 0 ? deviation : 1
  }
  for (let i = 0, at = 0; i < x.rows; i++) for (let j = 0; j < x.columns; j++, at++) values[at]! /= scale[j]!
  return scale
}

interface Component {
  readonly weights: Float64Array
  /** Weights for X itself instead of its deflated rest. */
  readonly rotation: Float64Array
  readonly loadings: Float64Array
  readonly targetLoadings: Float64Array
}

/** X'Y, one row a target. */
function crossProducts(x: Matrix, y: Matrix): Matrix {
  const cross = matrix(y.columns, x.columns)
  const column = new Float64Array(y.rows)
  for (let t = 0; t < y.columns; t++) {
    for (let i = 0; i < y.rows; i++) column[i] = y.values[i * y.columns + t]!
    multiplyTransposed(x, column, cross.values.subarray(t * x.columns, (t + 1) * x.columns))
  }
  return cross
}

/** Finds one component and takes it off Y and X'Y; undefined when the targets hold nothing any more. */
function nextComponent(
  x: Matrix,
  y: Matrix,
  cross: Matrix,
  before: readonly Component[],
  options: PartialLeastSquaresOptions,
): Component | undefined {
  const weights = firstWeights(y, cross, options)
  if (!weights) return undefined
  const rotation = weights.slice()
  for (const part of before) {
    const overlap = dot(part.loadings, weights)
    for (let j = 0; j < rotation.length; j++) rotation[j]! -= overlap * part.rotation[j]!
  }
  const scores = new Float64Array(x.rows)
  multiply(x, rotation, scores)
  const square = dot(scores, scores)
  if (!(square > 0)) return undefined
  const loadings = new Float64Array(x.columns)
  const targetLoadings = new Float64Array(y.columns)
  multiplyTransposed(x, scores, loadings)
  multiplyTransposed(y, scores, targetLoadings)
  for (let j = 0; j < loadings.length; j++) loadings[j]! /= square
  for (let t = 0; t < targetLoadings.length; t++) targetLoadings[t]! /= square
  takeOff(y, scores, targetLoadings)
  for (let t = 0, at = 0; t < y.columns; t++)
    for (let j = 0; j < x.columns; j++, at++) cross.values[at]! -= square * targetLoadings[t]! * loadings[j]!
  return { weights, rotation, loadings, targetLoadings }
}

function takeOff(x: Matrix, scores: Float64Array, loadings: Float64Array): void {
  for (let i = 0, at = 0; i < x.rows; i++) {
    const score = scores[i]!
    for (let j = 0; j < x.columns; j++, at++) x.values[at]! -= score * loadings[j]!
  }
}

/** The first left singular vector of X'Y by the power method, begun at the first target that still varies. */
function firstWeights(y: Matrix, cross: Matrix, options: PartialLeastSquaresOptions): Float64Array | undefined {
  const start = firstVarying(y)
  if (start < 0) return undefined
  const targetWeights = new Float64Array(y.columns)
  targetWeights[start] = 1
  let weights = new Float64Array(cross.columns)
  let before = new Float64Array(cross.columns)
  for (let round = 0; round < (options.rounds ?? 500); round++) {
    const spare = before
    before = weights
    weights = spare
    multiplyTransposed(cross, targetWeights, weights)
    const length = Math.sqrt(dot(weights, weights))
    if (!(length > 0)) return undefined
    let change = 0
    for (let j = 0; j < weights.length; j++) {
      weights[j]! /= length
      change += (weights[j]! - before[j]!) ** 2
    }
    if (y.columns === 1 || (round > 0 && change < (options.tolerance ?? 1e-6))) break
    multiply(cross, weights, targetWeights)
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
  const rotations = stack(parts, 'rotation', p)
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
