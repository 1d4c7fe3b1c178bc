import type { DenseProducts } from '#contract'
import { choleskyFactor, choleskyInverse } from '../linalg/cholesky.ts'
import { multiply, plainProducts } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { requireTargets } from '../usable-targets.ts'
import { minimiseChord } from './chord.ts'
import { minimiseLbfgs } from './lbfgs.ts'
import { binaryLogistic } from './logistic-binary.ts'
import {
  freeColumns,
  multinomialLogistic,
  projectorWeight,
  softmaxInPlace,
  splitBlocks,
} from './logistic-multinomial.ts'
import { minimiseNewton } from './newton.ts'
import type { MinimiseOptions, Minimum, Objective } from './objective.ts'

/**
 * Logistic regression, binary (one set of coefficients, for class 1) or multinomial (one set a class).
 *
 * Minimises Σ w_i loss_i + penalty / 2 |coefficients|², intercepts free: scikit-learn's objective with penalty = 1 / C,
 * to a gradient of 1e-10 of the total weight. Standard errors are the roots of the diagonal of the inverse Hessian at
 * the minimum; with penalty 0 these are the usual ones of maximum likelihood (Agresti 2013, Categorical Data Analysis,
 * 5.5), with a penalty those of the normal approximation to the posterior under the matching prior.
 */
export interface LogisticFit {
  readonly classes: number
  /** One for two classes, else one a class. */
  readonly intercepts: readonly number[]
  readonly coefficients: readonly Float64Array[]
  /** By set: coefficients, then the intercept. Absent where the Hessian is singular or too large. */
  readonly errors?: readonly Float64Array[]
  readonly iterations: number
  readonly converged: boolean
  /** Sum of the weighted losses and the penalty at the minimum. */
  readonly objective: number
}

export interface LogisticOptions {
  readonly penalty: number
  readonly weights?: Float64Array
  readonly maxIterations?: number
  readonly errors?: boolean
  readonly solver?: 'newton' | 'lbfgs'
  readonly onIteration?: MinimiseOptions['onIteration']
  /** Compiled ones give the same bytes sooner. */
  readonly products?: DenseProducts
}

interface Problem {
  readonly x: Matrix
  readonly classOf: ArrayLike<number>
  readonly classes: number
  readonly weights: Float64Array | undefined
  readonly penalty: number
  readonly products: DenseProducts
}

const newtonLimit = 400
const errorLimit = 1_500

/** `classOf` holds class codes from 0; every code below `classes` should occur. */
export function fitLogistic(
  x: Matrix,
  classOf: ArrayLike<number>,
  classes: number,
  options: LogisticOptions,
): LogisticFit {
  requireComplete(x, 'Logistic regression', 1)
  const { penalty, weights, products = plainProducts } = options
  requireTargets('Logistic regression', classOf, weights)
  const binary = classes === 2
  const problem = { x, classOf, classes, weights, penalty, products }
  const objective = objectiveOf(problem)
  const newton = options.solver ? options.solver === 'newton' : objective.size <= newtonLimit
  const settings = {
    tolerance: 1e-10 * totalOf(problem),
    maxIterations: options.maxIterations ?? (newton ? 200 : 5_000),
    ...(options.onIteration && { onIteration: options.onIteration }),
  }
  const minimum = newton
    ? minimiseFromPart(problem, objective, settings)
    : minimiseLbfgs(objective, new Float64Array(objective.size), settings)
  const block = x.columns + 1
  const sets = binary ? 1 : classes
  const blocks = Array.from({ length: sets }, (_, k) => minimum.parameters.slice(k * block, (k + 1) * block))
  const errors =
    options.errors !== false && objective.size <= errorLimit
      ? standardErrors(objective, minimum.parameters, block, sets, penalty)
      : undefined
  return {
    classes,
    intercepts: blocks.map((values) => values[x.columns]!),
    coefficients: blocks.map((values) => values.slice(0, x.columns)),
    ...(errors && { errors }),
    iterations: minimum.iterations,
    converged: minimum.converged,
    objective: minimum.value,
  }
}

const objectiveOf = ({ x, classOf, classes, weights, penalty, products }: Problem): Objective =>
  classes === 2
    ? binaryLogistic(x, classOf, weights, penalty, products)
    : multinomialLogistic(x, classOf, classes, weights, penalty, products)

const totalOf = ({ x, weights }: Problem) => (weights ? weights.reduce((sum, weight) => sum + weight, 0) : x.rows)

/** From so many rows on a fit begins at that of every eighth row, whose curvature serves for the first steps. */
const manyRows = 100_000
const partStep = 8

function minimiseFromPart(problem: Problem, objective: Objective, settings: MinimiseOptions): Minimum {
  const start = new Float64Array(objective.size)
  if (problem.x.rows < manyRows) return minimiseNewton(objective, start, settings)
  const part = everyEighthRow(problem)
  const partly = objectiveOf(part)
  const { onIteration: _, ...quiet } = settings
  const coarse = minimiseFromPart(part, partly, { ...quiet, maxIterations: 30, tolerance: 1e-5 * totalOf(part) })
  if (!coarse.converged) return minimiseNewton(objective, start, settings)
  const curvature = new Float64Array(objective.size ** 2)
  partly.hessian(coarse.parameters, curvature)
  const begun = minimiseChord(
    objective,
    coarse.parameters,
    curvature.map((value) => partStep * value),
    settings,
  )
  if (begun.converged) return begun
  const rest = { ...settings, maxIterations: Math.max(0, settings.maxIterations - begun.iterations) }
  const end = minimiseNewton(objective, begun.parameters, rest)
  return { ...end, iterations: begun.iterations + end.iterations }
}

/** The penalty shrinks with the rows, so that the minimum stays near. */
function everyEighthRow({ x, classOf, weights, penalty, ...rest }: Problem): Problem {
  const rows = Math.ceil(x.rows / partStep)
  const { columns, values } = x
  const some = matrix(rows, columns)
  for (let i = 0; i < rows; i++) {
    const at = i * partStep * columns
    some.values.set(values.subarray(at, at + columns), i * columns)
  }
  const codes = Int32Array.from({ length: rows }, (_, i) => classOf[i * partStep]!)
  const own = weights && Float64Array.from({ length: rows }, (_, i) => weights[i * partStep]!)
  return { ...rest, x: some, classOf: codes, weights: own, penalty: penalty / partStep }
}

function standardErrors(
  objective: Objective,
  parameters: Float64Array,
  block: number,
  sets: number,
  penalty: number,
): Float64Array[] | undefined {
  const n = objective.size
  const hessian = new Float64Array(n * n)
  objective.hessian(parameters, hessian)
  if (!choleskyFactor(hessian, n)) return undefined
  const inverse = choleskyInverse(hessian, n)
  const free = sets > 1 ? new Set(freeColumns(block, penalty)) : new Set<number>()
  return Array.from({ length: sets }, (_, k) =>
    Float64Array.from({ length: block }, (_, j) => {
      const at = k * block + j
      return Math.sqrt(inverse[at * n + at]! - (free.has(j) ? 1 / (sets * projectorWeight) : 0))
    }),
  )
}

/** Probabilities, row-major rows x classes. */
export function logisticScores(
  fit: Pick<LogisticFit, 'classes' | 'intercepts' | 'coefficients'>,
  x: Matrix,
): Float64Array {
  const { classes } = fit
  const scores = new Float64Array(x.rows * classes)
  if (classes > 2) {
    const parameters = Float64Array.from(fit.coefficients.flatMap((set, k) => [...set, fit.intercepts[k]!]))
    const { coefficients, intercepts } = splitBlocks(parameters, classes, x.columns)
    plainProducts.multiplyRows(x, coefficients, scores, intercepts)
    for (let i = 0; i < x.rows; i++) softmaxInPlace(scores, i * classes, classes)
    return scores
  }
  const margins = new Float64Array(x.rows)
  multiply(x, fit.coefficients[0]!, margins, fit.intercepts[0]!)
  margins.forEach((margin, i) => {
    const e = Math.exp(-Math.abs(margin))
    const larger = 1 / (1 + e)
    scores[2 * i] = margin >= 0 ? e * larger : larger
    scores[2 * i + 1] = margin >= 0 ? larger : e * larger
  })
  return scores
}

/** Weights that give every class the same total: n / (classes x n of the class), times any given weights. */
export function balancedWeights(classOf: ArrayLike<number>, classes: number, weights?: Float64Array): Float64Array {
  const counts = new Float64Array(classes)
  for (let i = 0; i < classOf.length; i++) counts[classOf[i]!]!++
  const present = counts.filter((count) => count > 0).length
  return Float64Array.from(
    { length: classOf.length },
    (_, i) => (classOf.length / (present * counts[classOf[i]!]!)) * (weights ? weights[i]! : 1),
  )
}
