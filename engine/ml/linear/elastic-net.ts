import { ProblemError } from '#contract'
import { addGram, dot, mirrorLower, multiplyTransposed } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { requireTargets } from '../usable-targets.ts'
import { gramQuadratic, minimiseAbsolute, type Quadratic } from './absolute-quadratic.ts'
import { type Centre, centreOf, interceptOf } from './ridge.ts'

/**
 * Elastic net (Zou & Hastie 2005, JRSS B 67:301); the lasso (Tibshirani 1996, JRSS B 58:267) at share 1. Minimises
 * 1 / (2 Σw) Σ w_i (y_i - x_i b - a)² + penalty (share |b|₁ + (1 - share) / 2 |b|²), the intercept free: scikit-learn's
 * objective with penalty = alpha and share = l1_ratio. Columns are not scaled. Weights count as repetitions.
 */
export interface ElasticNetOptions {
  readonly penalty: number
  /** Share of the absolute penalty, above 0 and at most 1. */
  readonly share?: number
  readonly weights?: Float64Array
  readonly maxPasses?: number
  /** Called after each penalty of a path with the share done; may throw to cancel. */
  readonly onProgress?: (fraction: number) => void
}

export interface ElasticNetFit {
  readonly penalty: number
  readonly intercept: number
  readonly coefficients: Float64Array
  readonly passes: number
  readonly converged: boolean
}

/** More columns than this work on rows instead of on the columns' products. */
const widest = 2_000

export function fitElasticNet(x: Matrix, y: Float64Array, options: ElasticNetOptions): ElasticNetFit {
  return fitElasticNets(x, y, [options.penalty], options)[0]!
}

/** The lasso: an elastic net of share 1. */
export function fitLasso(x: Matrix, y: Float64Array, options: Omit<ElasticNetOptions, 'share'>): ElasticNetFit {
  return fitElasticNet(x, y, { ...options, share: 1 })
}

/**
 * Fits along falling penalties, each starting from the one before: `count` of them on a logarithmic scale from the
 * smallest that leaves every coefficient 0 down to its `ratio`, as scikit-learn's `enet_path` (100 and 0.001).
 */
export function elasticNetPath(
  x: Matrix,
  y: Float64Array,
  options: Omit<ElasticNetOptions, 'penalty'> & { readonly count?: number; readonly ratio?: number } = {},
): ElasticNetFit[] {
  const { count = 100, ratio = 1e-3, share = 1 } = options
  checkShare(share)
  const problem = centred(x, y, options.weights)
  const highest = largestSize(problem.products) / share
  const penalties = Array.from({ length: count }, (_, k) => highest * ratio ** (count > 1 ? k / (count - 1) : 0))
  return fitPenalties(problem, penalties, { ...options, share })
}

/** Fits at the given penalties in this order, each starting from the one before. */
export function fitElasticNets(
  x: Matrix,
  y: Float64Array,
  penalties: readonly number[],
  options: Omit<ElasticNetOptions, 'penalty'> = {},
): ElasticNetFit[] {
  checkShare(options.share ?? 1)
  return fitPenalties(centred(x, y, options.weights), penalties, options)
}

function checkShare(share: number): void {
  if (share > 0 && share <= 1) return
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The absolute share of the penalty is ${share}.`,
    fix: 'Give a share above 0 and at most 1; for share 0 use ridge regression.',
  })
}

/** Columns times the root of their weight and centred, so that each is one run of numbers. */
interface Centred {
  readonly columns: readonly Float64Array[]
  readonly target: Float64Array
  readonly centre: Centre
  /** X'y / Σw. */
  readonly products: Float64Array
  readonly gram?: Float64Array
}

function centred(x: Matrix, y: Float64Array, weights?: Float64Array): Centred {
  requireComplete(x, 'Linear regression', 1)
  requireTargets('Linear regression', y, weights)
  const centre = centreOf(x, y, weights)
  const { rows, columns } = x
  const work = matrix(rows, columns)
  const target = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const root = Math.sqrt((weights ? weights[i]! : 1) / centre.total)
    target[i] = root * (y[i]! - centre.target)
    for (let j = 0, at = i * columns; j < columns; j++, at++)
      work.values[at] = root * (x.values[at]! - centre.means[j]!)
  }
  const products = new Float64Array(columns)
  multiplyTransposed(work, target, products)
  if (columns <= widest) {
    const gram = new Float64Array(columns * columns)
    addGram(work, undefined, gram)
    mirrorLower(gram, columns)
    return { columns: [], target, centre, products, gram }
  }
  const turned = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_unused, i) => work.values[i * columns + j]!),
  )
  return { columns: turned, target, centre, products }
}

function largestSize(values: Float64Array): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest
}

function fitPenalties(
  problem: Centred,
  penalties: readonly number[],
  { share = 1, maxPasses = 10_000, onProgress }: Omit<ElasticNetOptions, 'penalty'>,
): ElasticNetFit[] {
  const b = new Float64Array(problem.products.length)
  const tolerance = 1e-13 * largestSize(problem.products)
  return penalties.map((penalty, k) => {
    const quadratic = quadraticOf(problem, penalty * (1 - share), b)
    const limits = new Float64Array(b.length).fill(penalty * share)
    const { passes, converged } = minimiseAbsolute(quadratic, limits, b, { tolerance, maxPasses })
    onProgress?.((k + 1) / penalties.length)
    return { penalty, intercept: interceptOf(problem.centre, b), coefficients: b.slice(), passes, converged }
  })
}

function quadraticOf({ gram, products, columns, target }: Centred, ridge: number, b: Float64Array): Quadratic {
  if (!gram) return residualQuadratic(columns, target, ridge, b)
  const own = gram.slice()
  for (let j = 0; j < b.length; j++) own[j * b.length + j]! += ridge
  return gramQuadratic(own, products, b)
}

/** Keeps y - Xb instead of the products of all columns. */
function residualQuadratic(
  columns: readonly Float64Array[],
  y: Float64Array,
  ridge: number,
  b: Float64Array,
): Quadratic {
  const residuals = y.slice()
  const shift = (column: Float64Array, by: number) => {
    for (let i = 0; i < residuals.length; i++) residuals[i]! -= by * column[i]!
  }
  b.forEach((value, j) => {
    if (value !== 0) shift(columns[j]!, value)
  })
  return {
    diagonal: Float64Array.from(columns, (column) => dot(column, column) + ridge),
    slope: (j) => dot(columns[j]!, residuals) - ridge * b[j]!,
    // `b` has moved before the residuals do
    move: (j, by) => shift(columns[j]!, by),
    entry: (i, j) => dot(columns[i]!, columns[j]!) + (i === j ? ridge : 0),
  }
}
