import { bracketRungs, deepestBracket, hyperbandBrackets } from '#ml/search/brackets'
import { gridSettings } from '#ml/search/grid-search'
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

/** Short searches begin to learn after a third of their trials at the latest. */
function strategyOptions({ strategy, trials, points, factor, shortest }: TuneParams): object {
  const least = Math.max(1, Math.round(fullLength * shortest))
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
      return { most: fullLength, least, factor, count: trials }
    case 'hyperband':
    case 'asha':
      return { most: fullLength, least, factor }
    default:
      return {}
  }
}

/** How many trials the search will have. */
export function trialCount({ strategy, trials, points, factor, shortest }: TuneParams, space: SearchSpace): number {
  const least = Math.max(1, Math.round(fullLength * shortest))
  const sum = (rungs: readonly { readonly trials: number }[]) => rungs.reduce((all, rung) => all + rung.trials, 0)
  if (strategy === 'grid') return gridSettings(space, points).length
  if (strategy === 'hyperband') return sum(hyperbandBrackets(fullLength, least, factor).flat())
  if (strategy !== 'halving') return trials
  return sum(bracketRungs(trials, deepestBracket(fullLength, least, factor), fullLength, factor))
}
