import { betaCdf } from '../statistics/beta-distribution.ts'
import { studentTCdf } from '../statistics/student-t.ts'
import type { Spread } from './spread.ts'

/** What is believed of an arm's mean reward. */
export interface Belief {
  readonly mean: number
  readonly deviation: number
  readonly low: number
  readonly high: number
  cdf(x: number): number
}

/** Of rewards 0 or 1, from a uniform prior: Beta(1 + successes, 1 + failures). */
export function shareBelief(successes: number, n: number): Belief {
  const [a, b] = [1 + successes, 1 + n - successes]
  const mean = a / (a + b)
  const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1))
  return { mean, deviation, low: 0, high: 1, cdf: (x) => (x <= 0 ? 0 : x >= 1 ? 1 : betaCdf(x, a, b)) }
}

/** Rewards that an arm needs before anything is believed of its mean. */
export const leastRewards = 4

/**
 * Of rewards that are normal with unknown mean and variance, prior (σ²)^(-½) (Honda & Takemura 2014, AISTATS, alpha = -½,
 * which learns at the best possible rate where the common priors do not): Student's t with n - 2 degrees about the mean, with
 * scale √(Σ (x - mean)² / (n (n - 2))).
 */
export function numberBelief({ n, mean, squares }: Spread): Belief {
  const degrees = n - 2
  const deviation = Math.max(Math.sqrt(squares / (n * degrees)), 1e-12 * Math.max(1, Math.abs(mean)))
  return {
    mean,
    deviation,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    cdf: (x) => studentTCdf((x - mean) / deviation, degrees),
  }
}

const nodes = 120
const reach = 8

/**
 * Chance of each arm to have the highest mean, ∫ f_k Π F_j over the beliefs: what Thompson sampling gives each arm (Thompson
 * 1933, Biometrika 25:285), as randomised probability matching (Scott 2010, Applied Stochastic Models in Business and
 * Industry 26:639, equation 3). Trapezoids over F_k on points that lie dense about every arm's mean; error below 0.001.
 */
export function bestChances(beliefs: readonly Belief[]): readonly number[] {
  const grid = gridOf(beliefs)
  const below = beliefs.map(({ cdf }) => grid.map(cdf))
  const chances = beliefs.map((_, arm) => {
    let sum = 0
    const others = (at: number) =>
      below.reduce((product, values, other) => (other === arm ? product : product * values[at]!), 1)
    for (let at = 1; at < grid.length; at++)
      sum += (below[arm]![at]! - below[arm]![at - 1]!) * 0.5 * (others(at) + others(at - 1))
    // what lies beyond the last point is best there
    return sum + (1 - below[arm]!.at(-1)!) * others(grid.length - 1)
  })
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  return chances.map((chance) => chance / total)
}

/** Points by sinh, so that the tails of a t distribution are reached too. */
function gridOf(beliefs: readonly Belief[]): Float64Array {
  const points = beliefs.flatMap(({ mean, deviation, low, high }) =>
    Array.from({ length: nodes + 1 }, (_, at) => {
      const place = ((2 * at) / nodes - 1) * reach
      const offset = high === 1 ? place : Math.sinh(place / 2)
      return Math.min(high, Math.max(low, mean + deviation * offset))
    }),
  )
  return Float64Array.from(new Set(points)).sort()
}
