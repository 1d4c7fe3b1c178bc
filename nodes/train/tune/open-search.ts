import { bracketRungs, deepestBracket, hyperbandBrackets } from '#ml/search/brackets'
import { gridSize } from '#ml/search/grid-search'
import { JointSearch, type JointSearchJson } from '#ml/search/joint-search'
import { searches } from '#ml/search/search-from-json'
import type { SearchSpace } from '#ml/search/space'
import type { SearchOptions } from '#ml/search/trial-search'
import type { Goal } from './metric.ts'
import type { TuneParams } from './params.ts'

/** Lengths of trials are counted in hundredths of the full one. */
export const fullLength = 100

/** As it stood when it was interrupted, or new. */
export function openSearch(
  params: TuneParams,
  space: SearchSpace,
  { direction }: Goal,
  seed: number,
  saved: JointSearchJson | undefined,
): JointSearch {
  const options: SearchOptions = { space, seed, direction, ...strategyOptions(params) }
  const begun = searches[params.strategy]!(options).toJson()
  return new JointSearch(saved ?? { search: begun, costs: [] })
}

/** The options of the strategy. Short searches begin to learn after a third of their trials at the latest. */
function strategyOptions(params: TuneParams): object {
  const { strategy, trials, points } = params
  const early = Math.max(2, Math.min(10, Math.ceil(trials / 3)))
  switch (strategy) {
    case 'grid':
      return { points }
    case 'tpe':
    case 'gaussian':
      return { startups: early }
    case 'evolution':
      return { population: early, tournament: Math.max(2, Math.ceil(early / 3)) }
    case 'halving':
      return { ...lengths(params), count: trials }
    case 'hyperband':
      return { ...lengths(params), passes: passesOf(params) }
    case 'asha':
      return lengths(params)
    default:
      return {}
  }
}

const lengths = ({ shortest, factor }: TuneParams) => ({
  most: fullLength,
  least: Math.max(1, Math.round(fullLength * shortest)),
  factor,
})

function passTrials(params: TuneParams): number {
  const { most, least, factor } = lengths(params)
  return sum(hyperbandBrackets(most, least, factor).flat())
}

/** Hyperband is made whole, as often as the trials want. */
const passesOf = (params: TuneParams): number => Math.ceil(params.trials / passTrials(params))

const sum = (rungs: readonly { readonly trials: number }[]) => rungs.reduce((all, { trials }) => all + trials, 0)

/** How many trials the search will have. */
export function trialCount(params: TuneParams, space: SearchSpace): number {
  const { strategy, trials, points } = params
  if (strategy === 'grid') return gridSize(space, points)
  if (strategy === 'hyperband') return passesOf(params) * passTrials(params)
  if (strategy !== 'halving') return trials
  const { most, least, factor } = lengths(params)
  return sum(bracketRungs(trials, deepestBracket(most, least, factor), most, factor))
}
