/** A smooth function to minimise. Parameters and gradients are flat; nothing is allocated while evaluating. */
export interface Objective {
  readonly size: number
  /** Fills the gradient and returns the value. */
  evaluate(parameters: Float64Array, gradient: Float64Array): number
  /** Fills the lower triangle of the row-major Hessian. */
  hessian(parameters: Float64Array, out: Float64Array): void
}

export interface Minimum {
  readonly parameters: Float64Array
  readonly value: number
  /** Largest absolute entry of the gradient. */
  readonly gradient: number
  readonly iterations: number
  readonly converged: boolean
}

export interface MinimiseOptions {
  /** Stops when no entry of the gradient exceeds this. */
  readonly tolerance: number
  readonly maxIterations: number
  /** Called after each iteration; may throw to cancel. */
  readonly onIteration?: (iteration: number, gradient: number) => void
}

export function largestEntry(values: Float64Array): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (!(size <= largest)) largest = size
  }
  return largest
}
