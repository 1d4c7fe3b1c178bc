import type { Groups } from '../fairness/protected-groups.ts'
import { requireTargets } from '../usable-targets.ts'
import { bestResponse, type Response, type WeightedLearner } from './best-response.ts'
import { type ParityConstraint, parityMoments } from './parity-moments.ts'

export interface GridReductionOptions {
  readonly constraint: ParityConstraint
  /** Largest difference between a group's rate and that of all; 0.01 unless given. */
  readonly bound?: number
  /** How many multipliers are tried; 10 unless given. */
  readonly size?: number
  /** Largest sum of the multipliers; 2 unless given. */
  readonly limit?: number
  /** How often the grid is halved around the best point so far; 5 unless given, 0 as fairlearn. */
  readonly refinements?: number
}

export interface GridReduction<Model> {
  readonly chosen: Response<Model>
  /** Whether the chosen one keeps the bound. */
  readonly within: boolean
  /** An answer for each point of the grid, in its order, before it was refined. */
  readonly all: readonly Response<Model>[]
}

/**
 * Grid search reduction (Agarwal et al. 2018, ICML, 3.4): the learner's answer to each point of fairlearn's grid of
 * multipliers, one deterministic rule each. Chosen is the smallest error among the answers within the bound, else the
 * smallest violation; fairlearn's default weighs error and violation alike, which often picks the unmitigated rule. As its
 * grid is coarse, the points half a step, a quarter and so on from the best are then tried as well.
 * Weights have mean 1 as in the exponentiated gradient; fairlearn's grid leaves their size to the multipliers, which
 * changes how much a penalised learner is penalised.
 */
export function gridReduction<Model>(
  learner: WeightedLearner<Model>,
  actual: Uint8Array,
  groups: Groups,
  options: GridReductionOptions,
): GridReduction<Model> {
  const { constraint, bound = 0.01, size = 10, limit = 2, refinements = 5 } = options
  requireTargets('The grid search', actual)
  const moments = parityMoments(constraint, actual, groups)
  const width = groups.names.length
  const answer = (point: readonly number[]) =>
    bestResponse(learner, moments, actual, multipliersOf(point, width, moments.size))
  const points = gridPoints((moments.size / 2 / width) * (width - 1), size, limit)
  const all = points.map(answer)
  const worst = ({ violations }: Response<Model>) => Math.max(...violations)
  const better = (a: Response<Model>, b: Response<Model>) => {
    if (worst(a) <= bound !== worst(b) <= bound) return worst(a) <= bound
    return worst(a) <= bound ? a.error < b.error : worst(a) < worst(b)
  }
  let chosen = all.reduce((a, b) => (better(b, a) ? b : a))
  let place = points[all.indexOf(chosen)]!
  let step = stepOf(points)
  for (let round = 0; round < refinements && step > 0; round++) {
    step /= 2
    for (const point of neighboursOf(place, step)) {
      const found = answer(point)
      if (!better(found, chosen)) continue
      chosen = found
      place = point
    }
  }
  return { chosen, within: worst(chosen) <= bound, all }
}

/** The least distance of two neighbouring points of a grid; 0 for a single point. */
function stepOf(points: readonly (readonly number[])[]): number {
  const last = (point: readonly number[]) => point[point.length - 1] ?? 0
  const gaps = points.slice(1).map((point, at) => Math.abs(last(point) - last(points[at]!)))
  return Math.min(...gaps.filter((gap) => gap > 0), points.length > 1 ? Number.POSITIVE_INFINITY : 0)
}

const neighboursOf = (point: readonly number[], step: number): readonly (readonly number[])[] =>
  point.flatMap((_, dimension) =>
    [-step, step].map((shift) => point.map((value, at) => (at === dimension ? value + shift : value))),
  )

/** A multiplier for each group but the last of each event; positive ones hold a rate down, negative ones up. */
function multipliersOf(point: readonly number[], width: number, size: number): Float64Array {
  const multipliers = new Float64Array(size)
  point.forEach((value, at) => {
    const cell = Math.floor(at / (width - 1)) * width + (at % (width - 1))
    multipliers[value > 0 ? cell : size / 2 + cell] = Math.abs(value)
  })
  return multipliers
}

/** The first `size` points, in order, of the coarsest grid of whole multiples of limit / units that has as many. */
export function gridPoints(dimensions: number, size: number, limit: number): readonly (readonly number[])[] {
  if (dimensions === 0) return [[]]
  let units = Math.max(1, Math.floor((size / 2 ** dimensions) ** (1 / dimensions) - 1))
  let points = wholePoints(dimensions, units)
  while (points.length < size) points = wholePoints(dimensions, ++units)
  return points.slice(0, size).map((point) => point.map((value) => (value * limit) / units))
}

/** All whole points whose absolute values sum to at most `units`, in ascending order. */
function wholePoints(dimensions: number, units: number): readonly (readonly number[])[] {
  if (dimensions === 0) return [[]]
  return Array.from({ length: 2 * units + 1 }, (_, index) => index - units).flatMap((value) =>
    wholePoints(dimensions - 1, units - Math.abs(value)).map((rest) => [value, ...rest]),
  )
}
