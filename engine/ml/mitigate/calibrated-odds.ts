import { ProblemError } from '#contract'

/**
 * Calibrated equalised odds (Pleiss et al. 2017, NIPS 30, algorithm 1): the group with the smaller cost has its score
 * replaced by its base rate for a random share of people, until both costs are equal; scores stay calibrated. Costs are
 * means of the scores as aif360's `CalibratedEqOddsPostprocessing` takes them. Where even the base rate for all costs
 * that group less than the other, no share does it: aif360 goes on with a share outside 0 to 1, here it is said.
 */
export interface CalibratedOdds {
  /** Share of each of the two groups whose score is replaced; at most one is above 0. */
  readonly shares: readonly [number, number]
  /** The score put in its place. */
  readonly baseRates: readonly [number, number]
}

export type CostKind = 'false-negative' | 'false-positive' | 'weighted'

export interface ScoredGroup {
  readonly scores: Float64Array
  /** 1 = favourable. */
  readonly actual: Uint8Array
}

export function fitCalibratedOdds(first: ScoredGroup, second: ScoredGroup, kind: CostKind): CalibratedOdds {
  const groups = [first, second] as const
  const baseRates = [baseRate(first), baseRate(second)] as const
  const costs = groups.map((group) => cost(group, kind))
  const [cheap, dear] = costs[1]! > costs[0]! ? ([0, 1] as const) : ([1, 0] as const)
  const trivialScores = new Float64Array(groups[cheap].scores.length).fill(baseRates[cheap])
  const trivial = cost({ scores: trivialScores, actual: groups[cheap].actual }, kind)
  const gap = costs[dear]! - costs[cheap]!
  const share = gap === 0 ? 0 : gap / (trivial - costs[cheap]!)
  if (!(share >= 0 && share <= 1))
    throw new ProblemError({
      code: 'not-supported',
      message: `The ${kind} costs of the groups are ${costs[0]!.toFixed(4)} and ${costs[1]!.toFixed(4)}; replacing scores by the base rate reaches ${trivial.toFixed(4)} at most, so they can not be made equal.`,
      fix: 'Choose another cost, or equalise odds without keeping scores calibrated.',
    })
  return { shares: cheap === 0 ? [share, 0] : [0, share], baseRates }
}

function baseRate({ actual }: ScoredGroup): number {
  const favourable = actual.reduce((sum, value) => sum + value, 0)
  if (favourable > 0 && favourable < actual.length) return favourable / actual.length
  throw new ProblemError({
    code: 'rows-missing',
    message: 'A group has only one outcome, so its error rates can not be compared.',
    fix: 'Join this group with another, or use more rows.',
  })
}

/** Generalised rates: the mean score of those who should not have one, the mean lack of it of those who should. */
function cost(group: ScoredGroup, kind: CostKind): number {
  const rate = baseRate(group)
  let [falsePositive, falseNegative] = [0, 0]
  group.scores.forEach((score, row) => {
    if (group.actual[row]) falseNegative += 1 - score
    else falsePositive += score
  })
  const n = group.actual.length
  falsePositive /= n * (1 - rate)
  falseNegative /= n * rate
  if (kind === 'false-positive') return falsePositive
  if (kind === 'false-negative') return falseNegative
  return (falsePositive * (1 - rate) + falseNegative * rate) / 2
}
