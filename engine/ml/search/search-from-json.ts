import { ProblemError } from '#contract'
import { AshaSearch } from './asha-search.ts'
import { HalvingSearch, HyperbandSearch } from './bracket-search.ts'
import { ControllerSearch } from './controller-search.ts'
import { EvolutionSearch } from './evolution-search.ts'
import { GaussianSearch } from './gaussian-search.ts'
import { GridSearch } from './grid-search.ts'
import { RandomSearch } from './random-search.ts'
import { SobolSearch } from './sobol-search.ts'
import { TpeSearch } from './tpe-search.ts'
import type { Search, SearchJson, SearchOptions } from './trial-search.ts'

type Make = (options: SearchOptions, saved?: SearchJson) => Search

/** Every search by its kind; options beyond the common ones have defaults. */
export const searches: Readonly<Record<string, Make>> = {
  asha: (options, saved) => new AshaSearch(options, saved),
  controller: (options, saved) => new ControllerSearch(options, saved),
  evolution: (options, saved) => new EvolutionSearch(options, saved),
  gaussian: (options, saved) => new GaussianSearch(options, saved),
  grid: (options, saved) => new GridSearch(options, saved),
  halving: (options, saved) => new HalvingSearch(options, saved),
  hyperband: (options, saved) => new HyperbandSearch(options, saved),
  random: (options, saved) => new RandomSearch(options, saved),
  sobol: (options, saved) => new SobolSearch(options, saved),
  tpe: (options, saved) => new TpeSearch(options, saved),
}

/** The search that stood as `toJson` was called, with the same future. */
export function searchFromJson(json: SearchJson): Search {
  const make = Object.hasOwn(searches, json.kind) ? searches[json.kind] : undefined
  if (make) return make(json.options, json)
  throw new ProblemError({
    code: 'data-bad',
    message: `The saved search names the kind "${String(json.kind).slice(0, 40)}", which does not exist.`,
    fix: `Use a saved search of one of the kinds ${Object.keys(searches).join(', ')}.`,
  })
}
