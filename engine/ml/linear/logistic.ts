import { choleskyFactor, choleskyInverse } from '../linalg/cholesky.ts'
import { multiply } from '../linalg/products.ts'
import type { Matrix } from '../matrix.ts'
import { minimiseLbfgs } from './lbfgs.ts'
import { binaryLogistic } from './logistic-binary.ts'
import {
  freeColumns,
  linearScores,
  multinomialLogistic,
  projectorWeight,
  softmaxInPlace,
} from './logistic-multinomial.ts'
import { minimiseNewton } from './newton.ts'
import type { MinimiseOptions, Objective } from './objective.ts'

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
  const { penalty, weights } = options
  const binary = classes === 2
  const objective = binary
    ? binaryLogistic(x, classOf, weights, penalty)
    : multinomialLogistic(x, classOf, classes, weights, penalty)
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : x.rows
  const newton = options.solver ? options.solver === 'newton' : objective.size <= newtonLimit
  const minimum = (newton ? minimiseNewton : minimiseLbfgs)(objective, new Float64Array(objective.size), {
    tolerance: 1e-10 * total,
    maxIterations: options.maxIterations ?? (newton ? 200 : 5_000),
    ...(options.onIteration && { onIteration: options.onIteration }),
  })
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
    linearScores(x, parameters, classes, scores)
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
