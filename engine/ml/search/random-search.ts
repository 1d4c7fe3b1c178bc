import type { Random } from '../random/random.ts'
import { fillSettings, type SearchSpace, type Settings } from './space.ts'
import { type Proposal, type SearchJson, type SearchOptions, TrialSearch } from './trial-search.ts'
import { settingAt } from './unit-interval.ts'

/** Independent draws, each dimension even over its scale (Bergstra & Bengio 2012, JMLR 13:281). */
export class RandomSearch extends TrialSearch<SearchOptions> {
  constructor(options: SearchOptions, saved?: SearchJson) {
    super('random', options)
    this.restore(saved)
  }

  protected propose(_number: number, random: Random): Proposal {
    return { settings: randomSettings(this.options.space, random) }
  }
}

export const randomSettings = (space: SearchSpace, random: Random): Settings =>
  fillSettings(space, (_, dimension) => settingAt(dimension, random.uniform()))
