import { choleskyFactor, choleskySolve } from '../linalg/cholesky.ts'
import { largestEntry, type MinimiseOptions, type Minimum, type Objective } from './objective.ts'

/** A step counts when the gradient shrinks to this share or less. */
const leastProgress = 0.3

/**
 * Newton's method with one Hessian for all steps, the chord method (Kelley 1995, Iterative Methods for Linear and
 * Nonlinear Equations, 5.4.1), for a start so near the minimum that the Hessian hardly changes. Ends unconverged where
 * the steps stop paying. The lower triangle of `hessian` is overwritten.
 */
export function minimiseChord(
  objective: Pick<Objective, 'size' | 'evaluate'>,
  start: Float64Array,
  hessian: Float64Array,
  options: MinimiseOptions,
): Minimum {
  const n = objective.size
  let parameters = start.slice()
  let gradient = new Float64Array(n)
  let value = objective.evaluate(parameters, gradient)
  let iterations = 0
  if (choleskyFactor(hessian, n))
    while (largestEntry(gradient) > options.tolerance && iterations < options.maxIterations) {
      const next = gradient.slice()
      choleskySolve(hessian, n, next)
      for (let i = 0; i < n; i++) next[i] = parameters[i]! - next[i]!
      const nextGradient = new Float64Array(n)
      const nextValue = objective.evaluate(next, nextGradient)
      if (!(largestEntry(nextGradient) <= leastProgress * largestEntry(gradient))) break
      iterations++
      parameters = next
      gradient = nextGradient
      value = nextValue
      options.onIteration?.(iterations, largestEntry(gradient))
    }
  const size = largestEntry(gradient)
  return { parameters, value, gradient: size, iterations, converged: size <= options.tolerance }
}
