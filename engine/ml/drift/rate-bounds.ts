/**
 * Quantiles of the fading share R_n = η R_{n-1} + (1 - η) I_n of independent right answers I with probability p, which
 * the linear four rates test compares with. Wang & Abraham (2015) draw them by Monte Carlo; here the distribution is
 * carried along a grid of `cells` steps, mass split linearly between neighbours, which gives tails of any size and the
 * same numbers every time. Its spread is too large by about one grid step.
 */
export const cells = 2_000

/** For n = 1 to `updates`: the quantiles of R_n at each of the `levels`, row-major updates x levels. */
export function rateBounds(
  probability: number,
  fading: number,
  first: number,
  updates: number,
  levels: readonly number[],
): Float64Array {
  const bounds = new Float64Array(updates * levels.length)
  const gain = (1 - fading) * cells
  let mass = new Float64Array(cells + 1)
  let next = new Float64Array(cells + 1)
  place(mass, first * cells, 1)
  for (let n = 0; n < updates; n++) {
    next.fill(0)
    for (let cell = 0; cell <= cells; cell++) {
      const here = mass[cell]!
      if (here < 1e-300) continue
      place(next, fading * cell, here * (1 - probability))
      place(next, fading * cell + gain, here * probability)
    }
    ;[mass, next] = [next, mass]
    for (let index = 0; index < levels.length; index++) {
      const level = levels[index]!
      bounds[n * levels.length + index] = level < 0.5 ? lowerQuantile(mass, level) : upperQuantile(mass, 1 - level)
    }
  }
  return bounds
}

function place(mass: Float64Array, at: number, amount: number): void {
  const cell = at >= cells ? cells - 1 : at | 0
  const share = at - cell
  mass[cell]! += amount * (1 - share)
  mass[cell + 1]! += amount * share
}

/** Smallest value with more than `tail` of the mass at or below it. */
function lowerQuantile(mass: Float64Array, tail: number): number {
  let sum = 0
  let cell = 0
  while (cell < cells && sum + mass[cell]! <= tail) sum += mass[cell++]!
  return cell / cells
}

/** Largest value with more than `tail` of the mass at or above it. */
function upperQuantile(mass: Float64Array, tail: number): number {
  let sum = 0
  let cell = cells
  while (cell > 0 && sum + mass[cell]! <= tail) sum += mass[cell--]!
  return cell / cells
}
