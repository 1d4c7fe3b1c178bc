import type { Random } from '../random/random.ts'
import { type BudgetOptions, budgetOf } from './bracket-search.ts'
import { bracketRungs, deepestBracket, type Rung } from './brackets.ts'
import { randomSettings } from './random-search.ts'
import { type Proposal, type SearchJson, type Trial, TrialSearch } from './trial-search.ts'

/**
 * Asynchronous successive halving (Li et al. 2020, MLSys 2, algorithm 2): from the highest rung down, a trial among the
 * best 1 / factor of the finished ones of its rung that has not gone on goes on; where there is none, a new trial
 * begins at the bottom. Nothing ever waits, and there is no last trial: stop asking when the time is up.
 */
export class AshaSearch extends TrialSearch<BudgetOptions> {
  readonly #rungs: readonly Rung[]
  readonly #factor: number
  readonly #rungOf: number[] = []
  /** Numbers of the finished trials of each rung, best first. */
  readonly #ranked: number[][]
  readonly #promoted = new Set<number>()

  constructor(options: BudgetOptions, saved?: SearchJson) {
    super('asha', options)
    const { most, least, factor } = budgetOf(options)
    const depth = deepestBracket(most, least, factor)
    this.#factor = factor
    this.#rungs = bracketRungs(factor ** depth, depth, most, factor)
    this.#ranked = this.#rungs.map(() => [])
    this.restore(saved)
  }

  protected override asked({ from }: Trial): void {
    this.#rungOf.push(from === undefined ? 0 : this.#rungOf[from]! + 1)
    if (from !== undefined) this.#promoted.add(from)
  }

  protected override learn(trial: Trial): void {
    const ranked = this.#ranked[this.#rungOf[trial.number]!]!
    const loss = this.loss(trial)
    const place = ranked.findIndex((number) => this.loss(this.trials[number]!) > loss)
    ranked.splice(place < 0 ? ranked.length : place, 0, trial.number)
  }

  protected propose(_number: number, random: Random): Proposal {
    for (let rung = this.#rungs.length - 2; rung >= 0; rung--) {
      const ranked = this.#ranked[rung]!
      const good = ranked.slice(0, Math.floor(ranked.length / this.#factor))
      const from = good.find((number) => !this.#promoted.has(number) && this.trials[number]!.value !== null)
      if (from !== undefined)
        return { settings: this.trials[from]!.settings, budget: this.#rungs[rung + 1]!.budget, from }
    }
    return { settings: randomSettings(this.options.space, random), budget: this.#rungs[0]!.budget }
  }
}
