import { ProblemError } from '#contract'
import { GridSearch } from './grid-search.ts'
import { RandomSearch } from './random-search.ts'
import { SobolSearch } from './sobol-search.ts'
import { TpeSearch } from './tpe-search.ts'
import type { Search, SearchJson, SearchOptions } from './trial-search.ts'

type Make = (options: SearchOptions, saved?: SearchJson) => Search

/** Every search by its kind; options beyond the common ones have defaults. */
export const searches: Readonly<Record<string, Make>> = {
  grid: (options, saved) => new GridSearch(options, saved),
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
