import type { Random } from '../random/random.ts'
import { bracketRungs, deepestBracket, hyperbandBrackets, type Rung } from './brackets.ts'
import { randomSettings } from './random-search.ts'
import {
  checkCount,
  type Proposal,
  type SearchJson,
  type SearchOptions,
  type Trial,
  TrialSearch,
} from './trial-search.ts'

export interface BudgetOptions extends SearchOptions {
  /** The largest budget of a trial, in whole epochs, trees or rows; 81 unless given. */
  readonly most?: number
  /** The smallest; 1 unless given. */
  readonly least?: number
  /** One trial in this many goes on, with that many times the budget; 3 unless given. */
  readonly factor?: number
}

export const budgetOf = ({ most = 81, least = 1, factor = 3 }: BudgetOptions) => ({
  most: checkCount('most', most, 1),
  least: checkCount('least', least, 1, most),
  factor: checkCount('factor', factor, 2),
})

/**
 * Brackets of halving, each rung decided when all its trials have values. A bracket that waits lets the next begin, so
 * workers stay busy; `ask` gives undefined only when all that is left waits for values. Failed trials never go on.
 */
abstract class BracketSearch<Options extends BudgetOptions> extends TrialSearch<Options> {
  readonly #brackets: readonly (readonly Rung[])[]
  /** Numbers of the trials by bracket and rung. */
  readonly #asked: number[][][]

  protected constructor(kind: string, options: Options, brackets: readonly (readonly Rung[])[], saved?: SearchJson) {
    super(kind, options)
    this.#brackets = brackets
    this.#asked = brackets.map((rungs) => rungs.map(() => []))
    this.restore(saved)
  }

  protected override asked({ number, bracket, from }: Trial): void {
    const rungs = this.#asked[bracket!]!
    const rung = from === undefined ? 0 : rungs.findIndex((numbers) => numbers.includes(from)) + 1
    rungs[rung]!.push(number)
  }

  protected propose(_number: number, random: Random): Proposal | undefined {
    for (let bracket = 0; bracket < this.#brackets.length; bracket++) {
      const rungs = this.#brackets[bracket]!
      const asked = this.#asked[bracket]!
      if (asked[0]!.length < rungs[0]!.trials)
        return { settings: randomSettings(this.options.space, random), budget: rungs[0]!.budget, bracket }
      const next = this.#promotion(rungs, asked)
      if (next) return { ...next, bracket }
    }
    return undefined
  }

  /** The best trial of the first decided rung that has not gone on though it should. */
  #promotion(rungs: readonly Rung[], asked: readonly (readonly number[])[]): Omit<Proposal, 'bracket'> | undefined {
    for (let rung = 0; rung + 1 < rungs.length; rung++) {
      const trials = asked[rung]!.map((number) => this.trials[number]!)
      if (trials.some(({ value }) => value === undefined)) return undefined
      const good = trials.filter(({ value }) => typeof value === 'number')
      const chosen = good
        .sort((a, b) => this.loss(a) - this.loss(b) || a.number - b.number)
        .slice(0, rungs[rung + 1]!.trials)
      const next = chosen[asked[rung + 1]!.length]
      if (next) return { settings: next.settings, budget: rungs[rung + 1]!.budget, from: next.number }
      if (chosen.length === 0) return undefined
    }
    return undefined
  }
}

export interface HalvingOptions extends BudgetOptions {
  /** Trials at the smallest budget; as many as leave one at the largest unless given. */
  readonly count?: number
}

/** Successive halving (Jamieson & Talwalkar 2016, AISTATS): one bracket of many trials with a small budget each. */
export class HalvingSearch extends BracketSearch<HalvingOptions> {
  constructor(options: HalvingOptions, saved?: SearchJson) {
    const { most, least, factor } = budgetOf(options)
    const depth = deepestBracket(most, least, factor)
    const count = checkCount('count', options.count ?? factor ** depth, 1)
    super('halving', options, [bracketRungs(count, depth, most, factor)], saved)
  }
}

export interface HyperbandOptions extends BudgetOptions {
  /** How often all brackets are made; once unless given. */
  readonly passes?: number
}

/** Hyperband (Li et al. 2018, JMLR 18:185): brackets from many short trials to few long ones. */
export class HyperbandSearch extends BracketSearch<HyperbandOptions> {
  constructor(options: HyperbandOptions, saved?: SearchJson) {
    const { most, least, factor } = budgetOf(options)
    const passes = checkCount('passes', options.passes ?? 1, 1, 1_000)
    const brackets = Array.from({ length: passes }, () => hyperbandBrackets(most, least, factor)).flat()
    super('hyperband', options, brackets, saved)
  }
}
