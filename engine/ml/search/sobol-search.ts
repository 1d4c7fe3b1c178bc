import { createRandom, type Random } from '../random/random.ts'
import { sobolDimensions, sobolInteger } from './sobol.ts'
import { fillSettings } from './space.ts'
import { type Proposal, type SearchJson, type SearchOptions, TrialSearch } from './trial-search.ts'
import { settingAt } from './unit-interval.ts'

export interface SobolOptions extends SearchOptions {
  /** Each coordinate is moved by a digital shift drawn from the seed (Matoušek 1998, J. Complexity 14:527), unless false. */
  readonly shift?: boolean
}

/**
 * Points of the Sobol sequence, which fill the space more evenly than random ones: best at a power of two of trials.
 * Every parameter has its own coordinate, used where the parameter exists; those past the last coordinate are random.
 */
export class SobolSearch extends TrialSearch<SobolOptions> {
  readonly #coordinate: ReadonlyMap<string, number>
  readonly #shifts: Uint32Array

  constructor(options: SobolOptions, saved?: SearchJson) {
    super('sobol', options)
    this.#coordinate = new Map(Object.keys(options.space).map((name, index) => [name, index]))
    const random = createRandom(options.seed).split('shift')
    this.#shifts = Uint32Array.from({ length: sobolDimensions }, () => (options.shift === false ? 0 : random.uint32()))
    this.restore(saved)
  }

  protected propose(number: number, random: Random): Proposal {
    const settings = fillSettings(this.options.space, (name, dimension) => {
      const coordinate = this.#coordinate.get(name)!
      if (coordinate >= sobolDimensions) return settingAt(dimension, random.uniform())
      const shifted = (sobolInteger(number, coordinate) ^ this.#shifts[coordinate]!) >>> 0
      return settingAt(dimension, shifted / 2 ** 32)
    })
    return { settings }
  }
}
