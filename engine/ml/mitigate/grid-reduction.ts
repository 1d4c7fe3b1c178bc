import type { Groups } from '../fairness/protected-groups.ts'
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
}

export interface GridReduction<Model> {
  readonly chosen: Response<Model>
  /** Whether the chosen one keeps the bound. */
  readonly within: boolean
  /** An answer for each point of the grid, in its order. */
  readonly all: readonly Response<Model>[]
}

/**
 * Grid search reduction (Agarwal et al. 2018, ICML, 3.4): the learner's answer to each point of fairlearn's grid of
 * multipliers, one deterministic rule each. Chosen is the smallest error among the answers within the bound, else the
 * smallest violation; fairlearn's default weighs error and violation alike, which often picks the unmitigated rule.
 * Weights have mean 1 as in the exponentiated gradient; fairlearn's grid leaves their size to the multipliers, which
 * changes how much a penalised learner is penalised.
 */
export function gridReduction<Model>(
  learner: WeightedLearner<Model>,
  actual: Uint8Array,
  groups: Groups,
  options: GridReductionOptions,
): GridReduction<Model> {
  const { constraint, bound = 0.01, size = 10, limit = 2 } = options
  const moments = parityMoments(constraint, actual, groups)
  const width = groups.names.length
  const all = gridPoints((moments.size / 2 / width) * (width - 1), size, limit).map((point) =>
    bestResponse(learner, moments, actual, multipliersOf(point, width, moments.size)),
  )
  const worst = ({ violations }: Response<Model>) => Math.max(...violations)
  const kept = all.filter((response) => worst(response) <= bound)
  const within = kept.length > 0
  const cost = within ? ({ error }: Response<Model>) => error : worst
  const chosen = (within ? kept : all).reduce((a, b) => (cost(b) < cost(a) ? b : a))
  return { chosen, within, all }
}

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
