import type { Matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { requireTargets } from '../usable-targets.ts'
import { gramQuadratic, minimiseAbsolute } from './absolute-quadratic.ts'
import type { LogisticFit, LogisticOptions } from './logistic.ts'
import { binaryLogistic } from './logistic-binary.ts'
import { multinomialLogistic } from './logistic-multinomial.ts'
import type { Objective } from './objective.ts'

/**
 * Logistic regression with an absolute or elastic-net penalty: minimises
 * Σ w_i loss_i + penalty (share |b|₁ + (1 - share) / 2 |b|²), intercepts free: scikit-learn's objective (solver saga)
 * with penalty = 1 / C and share = l1_ratio. Proximal Newton: each step minimises the second-order model plus the
 * absolute values by coordinate descent (Friedman, Hastie & Tibshirani 2010, Journal of Statistical Software 33:1) and
 * halves the step until the objective falls enough (Lee, Sun & Saunders 2014, SIAM Journal on Optimization 24:1420).
 * Coefficients that come out 0 are exactly 0. No standard errors: they have no agreed meaning here.
 */
export interface LogisticLassoOptions extends Pick<LogisticOptions, 'penalty' | 'weights' | 'onIteration'> {
  /** Share of the absolute penalty, from 0 to 1. */
  readonly share?: number
  readonly maxIterations?: number
}

/** `classOf` holds class codes from 0; every code below `classes` should occur. */
export function fitLogisticLasso(
  x: Matrix,
  classOf: ArrayLike<number>,
  classes: number,
  options: LogisticLassoOptions,
): LogisticFit {
  const { penalty, share = 1, weights } = options
  requireComplete(x, 'Logistic regression', 1)
  requireTargets('Logistic regression', classOf, weights)
  const squares = penalty * (1 - share)
  const binary = classes === 2
  const objective = binary
    ? binaryLogistic(x, classOf, weights, squares)
    : multinomialLogistic(x, classOf, classes, weights, squares)
  const block = x.columns + 1
  const limits = Float64Array.from({ length: objective.size }, (_, at) =>
    at % block === x.columns ? 0 : penalty * share,
  )
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : x.rows
  const minimum = minimiseProximal(objective, limits, 1e-11 * total, options)
  const { parameters } = minimum
  const blocks = Array.from({ length: binary ? 1 : classes }, (_, k) => parameters.slice(k * block, (k + 1) * block))
  return {
    classes,
    intercepts: blocks.map((values) => values[x.columns]!),
    coefficients: blocks.map((values) => values.slice(0, x.columns)),
    iterations: minimum.iterations,
    converged: minimum.converged,
    objective: minimum.value,
  }
}

interface ProximalState {
  readonly parameters: Float64Array
  readonly gradient: Float64Array
  readonly value: number
}

function minimiseProximal(
  objective: Objective,
  limits: Float64Array,
  tolerance: number,
  { maxIterations = 200, onIteration }: Pick<LogisticLassoOptions, 'maxIterations' | 'onIteration'>,
) {
  const at = (parameters: Float64Array): ProximalState => {
    const gradient = new Float64Array(objective.size)
    const value = objective.evaluate(parameters, gradient) + absolutes(parameters, limits)
    return { parameters, gradient, value }
  }
  let state = at(new Float64Array(objective.size))
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const breach = largestBreach(state, limits)
    onIteration?.(iteration, breach)
    if (breach <= tolerance) return { ...state, iterations: iteration, converged: true }
    const next = step(objective, limits, tolerance, state, at)
    if (!next) return { ...state, iterations: iteration, converged: breach <= 1e3 * tolerance }
    state = next
  }
  return { ...state, iterations: maxIterations, converged: false }
}

/** One step along the minimum of the local model, halved until the objective falls by a share of what the model says. */
function step(
  objective: Objective,
  limits: Float64Array,
  tolerance: number,
  { parameters, gradient, value }: ProximalState,
  at: (parameters: Float64Array) => ProximalState,
): ProximalState | undefined {
  const target = modelMinimum(objective, limits, 0.01 * tolerance, parameters, gradient)
  const direction = target.map((entry, j) => entry - parameters[j]!)
  let promise = absolutes(target, limits) - absolutes(parameters, limits)
  for (let j = 0; j < direction.length; j++) promise += gradient[j]! * direction[j]!
  for (let share = 1; share > 1e-10; share /= 2) {
    const tried = at(share === 1 ? target : parameters.map((entry, j) => entry + share * direction[j]!))
    // close to the minimum the fall drowns in rounding: then smaller breaches decide
    const rounding = 1e-13 * Math.abs(value)
    if (tried.value <= value + 1e-4 * share * promise) return tried
    if (share === 1 && tried.value <= value + rounding && breachFalls(tried, gradient, parameters, limits)) return tried
  }
  return undefined
}

function breachFalls(tried: ProximalState, gradient: Float64Array, parameters: Float64Array, limits: Float64Array) {
  return largestBreach(tried, limits) < 0.5 * largestBreach({ parameters, gradient, value: 0 }, limits)
}

function modelMinimum(
  objective: Objective,
  limits: Float64Array,
  tolerance: number,
  parameters: Float64Array,
  gradient: Float64Array,
): Float64Array {
  const n = objective.size
  const hessian = new Float64Array(n * n)
  objective.hessian(parameters, hessian)
  for (let i = 0; i < n; i++) {
    // a little curvature where a column is constant or its rows are all settled
    hessian[i * n + i]! += 1e-12 + 1e-12 * hessian[i * n + i]!
    for (let j = i + 1; j < n; j++) hessian[i * n + j] = hessian[j * n + i]!
  }
  const b = parameters.slice()
  const slopes = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    slopes[i] = -gradient[i]!
    for (let j = 0; j < n; j++) slopes[i]! += hessian[i * n + j]! * b[j]!
  }
  minimiseAbsolute(gramQuadratic(hessian, slopes, b), limits, b, { tolerance, maxPasses: 1_000 })
  return b
}

function absolutes(parameters: Float64Array, limits: Float64Array): number {
  let sum = 0
  for (let j = 0; j < limits.length; j++) sum += limits[j]! * Math.abs(parameters[j]!)
  return sum
}

/** By how much the worst entry breaks the optimality conditions. */
function largestBreach({ parameters, gradient }: ProximalState, limits: Float64Array): number {
  let worst = 0
  for (let j = 0; j < limits.length; j++) {
    const slope = -gradient[j]!
    const sign = Math.sign(parameters[j]!)
    const breach = sign === 0 ? Math.max(0, Math.abs(slope) - limits[j]!) : Math.abs(slope - sign * limits[j]!)
    if (!(breach <= worst)) worst = breach
  }
  return worst
}
