import { choleskyFactor, choleskySolve } from '../linalg/cholesky.ts'
import { dot } from '../linalg/products.ts'
import { largestEntry, type MinimiseOptions, type Minimum, type Objective } from './objective.ts'

/**
 * Newton's method with a Cholesky solve and step halving (Boyd & Vandenberghe, Convex Optimization, 9.5). Converges in
 * a handful of iterations on convex functions; where the Hessian is singular a growing multiple of its diagonal is added.
 */
export function minimiseNewton(objective: Objective, start: Float64Array, options: MinimiseOptions): Minimum {
  const n = objective.size
  let parameters = start.slice()
  let gradient = new Float64Array(n)
  let trial = new Float64Array(n)
  let trialGradient = new Float64Array(n)
  const hessian = new Float64Array(n * n)
  const step = new Float64Array(n)
  let value = objective.evaluate(parameters, gradient)
  let iterations = 0
  while (largestEntry(gradient) > options.tolerance && iterations < options.maxIterations) {
    iterations++
    solveDamped(objective, parameters, gradient, hessian, step)
    const slope = dot(gradient, step)
    let length = 1
    let accepted = false
    for (let halving = 0; halving < 50; halving++, length /= 2) {
      for (let i = 0; i < n; i++) trial[i] = parameters[i]! + length * step[i]!
      const next = objective.evaluate(trial, trialGradient)
      if (next <= value + 1e-4 * length * slope || withinRounding(next, value, trialGradient, gradient)) {
        value = next
        accepted = true
        break
      }
    }
    if (!accepted) break
    ;[parameters, trial] = [trial, parameters]
    ;[gradient, trialGradient] = [trialGradient, gradient]
    options.onIteration?.(iterations, largestEntry(gradient))
  }
  const size = largestEntry(gradient)
  return { parameters, value, gradient: size, iterations, converged: size <= options.tolerance }
}

/** Near the minimum the value no longer tells: there the gradient decides. */
const withinRounding = (next: number, value: number, nextGradient: Float64Array, gradient: Float64Array) =>
  next <= value + 1e-13 * Math.abs(value) && largestEntry(nextGradient) < largestEntry(gradient)

function solveDamped(
  objective: Objective,
  parameters: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
  step: Float64Array,
) {
  const n = objective.size
  for (let damping = 0; ; damping = damping === 0 ? 1e-12 : damping * 100) {
    hessian.fill(0)
    objective.hessian(parameters, hessian)
    let largest = 1e-300
    for (let i = 0; i < n; i++) largest = Math.max(largest, hessian[i * n + i]!)
    if (damping > 0) for (let i = 0; i < n; i++) hessian[i * n + i]! += damping * largest
    if (!choleskyFactor(hessian, n) && damping < 1) continue
    for (let i = 0; i < n; i++) step[i] = -gradient[i]!
    choleskySolve(hessian, n, step)
    return
  }
}
