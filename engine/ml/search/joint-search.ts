import { createRandom } from '../random/random.ts'
import { searchFromJson } from './search-from-json.ts'
import type { Search, SearchJson, Trial } from './trial-search.ts'

/** Kinds that learn from every value, and so can be shown another mix of two goals each time. */
const mixing: ReadonlySet<string> = new Set(['evolution', 'gaussian', 'tpe'])

export interface JointSearchJson {
  readonly search: SearchJson
  /** What each told trial costs, by number. */
  readonly costs: readonly (readonly [number: number, cost: number])[]
}

/**
 * A search for good values at low cost: ParEGO (Knowles 2006, IEEE Trans. Evol. Comput. 10:50). Before each new trial
 * all values so far are mixed anew with their costs, by a weight drawn for that trial, so that the trials spread along
 * the front. Searches that rank trials by rungs, or do not learn at all, go by the value alone.
 */
export class JointSearch {
  #search: Search
  readonly #costs: Map<number, number>

  constructor(saved: JointSearchJson) {
    this.#search = searchFromJson(saved.search)
    this.#costs = new Map(saved.costs)
  }

  get trials(): readonly Trial[] {
    return this.#search.trials
  }

  ask(): Trial | undefined {
    const json = this.#search.toJson()
    if (!mixing.has(json.kind) || this.#costs.size < 2) return this.#search.ask()
    const weight = createRandom(json.options.seed).split('weight').split(json.trials.length).integer(11) / 10
    const asked = searchFromJson(this.#mixed(json, weight)).ask()
    if (!asked) return undefined
    const { number: _, ...proposal } = asked
    this.#search = searchFromJson({ ...json, trials: [...json.trials, proposal] })
    return asked
  }

  tell(number: number, value: number | null, cost: number | null): void {
    this.#search.tell(number, value)
    if (cost !== null) this.#costs.set(number, cost)
  }

  toJson(): JointSearchJson {
    return { search: this.#search.toJson(), costs: [...this.#costs] }
  }

  #mixed(json: SearchJson, weight: number): SearchJson {
    const sign = json.options.direction === 'maximise' ? -1 : 1
    const known = json.told.filter(
      (number) => typeof json.trials[number]!.value === 'number' && this.#costs.has(number),
    )
    const losses = known.map((number) => sign * json.trials[number]!.value!)
    const mixed = mixLosses(
      losses,
      known.map((number) => Math.log(1 + this.#costs.get(number)!)),
      weight,
    )
    const trials = json.trials.map(({ value, ...trial }, number) => {
      const at = known.indexOf(number)
      return value === undefined ? trial : { ...trial, value: at < 0 ? null : mixed[at]! }
    })
    return { ...json, options: { ...json.options, direction: 'minimise' }, trials }
  }
}

/** Of two losses, each spread over [0, 1]: max(w a, (1 − w) b) + 0.05 (w a + (1 − w) b), the augmented Tchebycheff mix. */
export function mixLosses(first: readonly number[], second: readonly number[], weight: number): number[] {
  const [a, b] = [spread(first), spread(second)]
  return a.map((x, at) => {
    const [left, right] = [weight * x, (1 - weight) * b[at]!]
    return Math.max(left, right) + 0.05 * (left + right)
  })
}

function spread(values: readonly number[]): number[] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0))
}
