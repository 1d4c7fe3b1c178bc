import { dot } from '../linalg/products.ts'
import { largestEntry, type MinimiseOptions, type Minimum, type Objective } from './objective.ts'

/**
 * Limited-memory BFGS (Nocedal 1980, Mathematics of Computation 35:773; Liu & Nocedal 1989) with a bisection search for
 * the weak Wolfe conditions (Lewis & Overton 2013, Mathematical Programming 141:135), taken in their approximate form
 * near the minimum (Hager & Zhang 2005, SIAM J. Optimization 16:170), where rounding hides the decrease of the value.
 */
const memory = 20

interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly rho: number
}

export function minimiseLbfgs(
  objective: Pick<Objective, 'size' | 'evaluate'>,
  start: Float64Array,
  options: MinimiseOptions,
): Minimum {
  const n = objective.size
  let parameters = start.slice()
  let gradient = new Float64Array(n)
  let value = objective.evaluate(parameters, gradient)
  let iterations = 0
  let pairs: Pair[] = []
  const direction = new Float64Array(n)
  let next = new Float64Array(n)
  let nextGradient = new Float64Array(n)
  while (largestEntry(gradient) > options.tolerance && iterations < options.maxIterations) {
    iterations++
    findDirection(pairs, gradient, direction)
    if (!(dot(gradient, direction) < 0)) {
      pairs = []
      findDirection(pairs, gradient, direction)
    }
    const reached = searchLine(objective, parameters, value, gradient, direction, next, nextGradient)
    if (reached === undefined) {
      if (pairs.length === 0) break
      pairs = []
      continue
    }
    remember(pairs, parameters, gradient, next, nextGradient)
    value = reached
    ;[parameters, next] = [next, parameters]
    ;[gradient, nextGradient] = [nextGradient, gradient]
    options.onIteration?.(iterations, largestEntry(gradient))
  }
  const size = largestEntry(gradient)
  return { parameters, value, gradient: size, iterations, converged: size <= options.tolerance }
}

/** Two-loop recursion; without pairs a step of length at most 1 down the gradient. */
function findDirection(pairs: readonly Pair[], gradient: Float64Array, out: Float64Array) {
  const n = gradient.length
  for (let i = 0; i < n; i++) out[i] = -gradient[i]!
  const newest = pairs.at(-1)
  if (!newest) {
    const scale = 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
    for (let i = 0; i < n; i++) out[i]! *= scale
    return
  }
  const alphas = new Array<number>(pairs.length)
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]!
    const alpha = rho * dot(s, out)
    alphas[k] = alpha
    for (let i = 0; i < n; i++) out[i]! -= alpha * y[i]!
  }
  const scale = 1 / (newest.rho * dot(newest.y, newest.y))
  for (let i = 0; i < n; i++) out[i]! *= scale
  pairs.forEach(({ s, y, rho }, k) => {
    const beta = alphas[k]! - rho * dot(y, out)
    for (let i = 0; i < n; i++) out[i]! += beta * s[i]!
  })
}

function remember(
  pairs: Pair[],
  parameters: Float64Array,
  gradient: Float64Array,
  next: Float64Array,
  nextGradient: Float64Array,
) {
  const oldest = pairs.length === memory ? pairs.shift() : undefined
  const s = oldest?.s ?? new Float64Array(parameters.length)
  const y = oldest?.y ?? new Float64Array(parameters.length)
  for (let i = 0; i < s.length; i++) {
    s[i] = next[i]! - parameters[i]!
    y[i] = nextGradient[i]! - gradient[i]!
  }
  const curvature = dot(s, y)
  if (curvature > 1e-300) pairs.push({ s, y, rho: 1 / curvature })
}

/** Fills `next` and its gradient and returns the value there; undefined when no step was found. */
function searchLine(
  objective: Pick<Objective, 'evaluate'>,
  parameters: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  next: Float64Array,
  nextGradient: Float64Array,
): number | undefined {
  const slope = dot(gradient, direction)
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let length = 1
  for (let step = 0; step < 60; step++) {
    for (let i = 0; i < next.length; i++) next[i] = parameters[i]! + length * direction[i]!
    const reached = objective.evaluate(next, nextGradient)
    const nextSlope = dot(nextGradient, direction)
    const lower = reached <= value + 1e-4 * length * slope
    const level = reached <= value + 1e-13 * Math.abs(value) && nextSlope <= -0.9998 * slope
    if (!(lower || level)) high = length
    else if (nextSlope < 0.9 * slope) low = length
    else return reached
    length = high === Number.POSITIVE_INFINITY ? 2 * length : (low + high) / 2
  }
  return undefined
}
