import type { Random } from '../random/random.ts'
import { ParzenMixture } from './parzen.ts'
import { randomSettings } from './random-search.ts'
import { fillSettings, type NumberDimension, type Setting, type Settings, sizeOf } from './space.ts'
import { parzenDimension, TpeHistory } from './tpe-history.ts'
import {
  checkCount,
  type Proposal,
  type SearchJson,
  type SearchOptions,
  type Trial,
  TrialSearch,
} from './trial-search.ts'
import { fromScale } from './unit-interval.ts'

export interface TpeOptions extends SearchOptions {
  /** Random trials that must finish first; 10 unless given. */
  readonly startups?: number
  /** Points drawn from the good density, of which the best is tried; 24 unless given. */
  readonly candidates?: number
  /** Judge parameters together (the default, as in Optuna 5), or each by itself. */
  readonly multivariate?: boolean
}

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011, NIPS 24; multivariate: Falkner et al. 2018, ICML): draws
 * candidates from l(x), the density of the best trials, and tries the one with the largest l(x) / g(x), g the density
 * of the others. Definitions and defaults are Optuna 5's. Together are judged the parameters that always exist;
 * conditional ones by themselves, over the trials that have them.
 */
export class TpeSearch extends TrialSearch<TpeOptions> {
  readonly #history: TpeHistory
  readonly #startups: number
  readonly #candidates: number

  constructor(options: TpeOptions, saved?: SearchJson) {
    super('tpe', options)
    this.#startups = checkCount('startups', options.startups ?? 10, 1)
    this.#candidates = checkCount('candidates', options.candidates ?? 24, 1)
    this.#history = new TpeHistory(options.space)
    this.restore(saved)
  }

  protected override asked({ settings }: Trial): void {
    this.#history.begin(settings)
  }

  protected override learn(trial: Trial): void {
    this.#history.end(trial.number, this.loss(trial))
  }

  protected propose(_number: number, random: Random): Proposal {
    const { space, multivariate } = this.options
    if (this.#history.finished < this.#startups) return { settings: randomSettings(space, random) }
    const joint = Object.keys(space).filter((name) => !space[name]!.when && sizeOf(space[name]!) > 1)
    const together = multivariate === false || joint.length === 0 ? {} : this.#best(joint, random)
    const settings = fillSettings(space, (name, dimension) => {
      if (Object.hasOwn(together, name)) return together[name]!
      if (sizeOf(dimension) > 1) return this.#best([name], random)[name]!
      return dimension.kind === 'category' ? dimension.choices[0]! : dimension.low
    })
    return { settings }
  }

  /** The candidate with the largest ratio of densities. */
  #best(names: readonly string[], random: Random): Settings {
    const { space } = this.options
    const { below, above } = tpeDensities(this.#history, space, names)
    const points = Array.from({ length: this.#candidates }, () => below.sample(random))
    const good = below.logDensities(points)
    const rest = above.logDensities(points)
    let best = 0
    for (let at = 1; at < points.length; at++) if (good[at]! - rest[at]! > good[best]! - rest[best]!) best = at
    return Object.fromEntries(names.map((name, d) => [name, settingOf(space[name]!, points[best]![d]!)]))
  }
}

/** The densities of the good trials and of the others, over some parameters. */
export function tpeDensities(
  history: TpeHistory,
  space: SearchOptions['space'],
  names: readonly string[],
): { readonly below: ParzenMixture; readonly above: ParzenMixture } {
  const dimensions = names.map((name) => parzenDimension(space[name]!))
  const { below, above } = history.split()
  return {
    below: new ParzenMixture(dimensions, history.columns(names, below)),
    above: new ParzenMixture(dimensions, history.columns(names, above)),
  }
}

const settingOf = (dimension: SearchOptions['space'][string], place: number): Setting =>
  dimension.kind === 'category' ? dimension.choices[place]! : fromScale(dimension as NumberDimension, place)
