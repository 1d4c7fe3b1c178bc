import type { Random } from '../random/random.ts'
import { mutateSettings } from './mutate.ts'
import { randomSettings } from './random-search.ts'
import { checkCount, type Proposal, type SearchJson, type SearchOptions, TrialSearch } from './trial-search.ts'

export interface EvolutionOptions extends SearchOptions {
  /** How many of the latest finished trials live. The paper has 100 for thousands of trials; 20 unless given. */
  readonly population?: number
  /** How many of them compete to be the parent. The paper has 25; 5 unless given. */
  readonly tournament?: number
  /** Standard deviation of a number's change, in shares of its range; 0.2 unless given. */
  readonly spread?: number
}

/**
 * Regularised evolution (Real, Aggarwal, Huang & Le 2019, AAAI 33:4780, algorithm 1): random trials until the
 * population is full; then the best of a random tournament has a child with one mutation, and the oldest dies,
 * however good. Failed trials never enter the population.
 */
export class EvolutionSearch extends TrialSearch<EvolutionOptions> {
  readonly #population: number
  readonly #tournament: number

  constructor(options: EvolutionOptions, saved?: SearchJson) {
    super('evolution', options)
    this.#population = checkCount('population', options.population ?? 20, 1)
    this.#tournament = checkCount('tournament', options.tournament ?? 5, 1)
    this.restore(saved)
  }

  protected propose(_number: number, random: Random): Proposal {
    const { space, spread } = this.options
    const alive: number[] = []
    for (let at = this.told.length - 1; at >= 0 && alive.length < this.#population; at--)
      if (typeof this.trials[this.told[at]!]!.value === 'number') alive.push(this.told[at]!)
    if (alive.length < this.#population) return { settings: randomSettings(space, random) }
    let parent = this.trials[alive[random.integer(alive.length)]!]!
    for (let drawn = 1; drawn < this.#tournament; drawn++) {
      const other = this.trials[alive[random.integer(alive.length)]!]!
      if (this.loss(other) < this.loss(parent)) parent = other
    }
    return { settings: mutateSettings(space, parent.settings, random, spread ?? 0.2) }
  }
}
