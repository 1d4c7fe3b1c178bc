import { ProblemError } from '#contract'
import { createRandom, type Random } from '../random/random.ts'
import { checkSpace, type SearchSpace, type Settings } from './space.ts'

/** One try: its settings, what it may spend, and what came of it. */
export interface Trial {
  readonly number: number
  readonly settings: Settings
  /** Epochs, rows or trees this try may spend, where the search hands out budgets. */
  readonly budget?: number
  /** The earlier trial with the same settings and a smaller budget that this one goes on from. */
  readonly from?: number
  /** Which bracket of Hyperband it belongs to. */
  readonly bracket?: number
  /** Absent while it runs; null when it failed. */
  readonly value?: number | null
}

export type Proposal = Omit<Trial, 'number' | 'value'>

/**
 * A search asks for trials and is told their values, in any order, several running at a time. `toJson` holds all there
 * is: the search that `searchFromJson` makes of it asks for the same trials as the original would.
 */
export interface Search {
  readonly trials: readonly Trial[]
  /** The next trial; undefined when nothing is left, or when the next depends on trials still running. */
  ask(): Trial | undefined
  /** A trial with settings that the caller thinks well of; the search learns from it as from its own. */
  suggest(settings: Settings): Trial
  /** The value of a trial that ran; null, or a number that is not finite, when it failed. */
  tell(number: number, value: number | null): void
  /** The trial with the best value, of those with the largest budget where budgets differ. */
  best(): Trial | undefined
  toJson(): SearchJson
}

export interface SearchOptions {
  readonly space: SearchSpace
  readonly seed: number
  /** Which values are better: low ones unless told otherwise. */
  readonly direction?: 'minimise' | 'maximise'
}

export interface SearchJson {
  readonly kind: string
  readonly options: SearchOptions
  readonly trials: readonly Omit<Trial, 'number'>[]
  /** Numbers of the trials in the order in which their values came. */
  readonly told: readonly number[]
}

/**
 * What all searches share: the record of trials. What a search draws depends on the seed and the trial's number only,
 * so the record is its whole memory; a subclass that keeps more derives it from `learn`, which replays on restoring.
 */
export abstract class TrialSearch<Options extends SearchOptions> implements Search {
  readonly kind: string
  readonly options: Options
  readonly trials: Trial[] = []
  protected readonly told: number[] = []
  readonly #random: Random

  protected constructor(kind: string, options: Options) {
    checkSpace(options.space)
    this.kind = kind
    this.options = options
    this.#random = createRandom(options.seed)
  }

  ask(): Trial | undefined {
    const number = this.trials.length
    const proposal = this.propose(number, this.#random.split(number))
    return proposal && this.#begin({ number, ...proposal })
  }

  suggest(settings: Settings): Trial {
    return this.#begin({ number: this.trials.length, settings })
  }

  #begin(trial: Trial): Trial {
    this.trials.push(trial)
    this.asked(trial)
    return trial
  }

  tell(number: number, value: number | null): void {
    const trial = this.trials[number]
    if (!trial || trial.value !== undefined)
      throw new ProblemError({
        code: 'parameter-bad',
        message: trial ? `Trial ${number} already has a value.` : `There is no trial ${number}.`,
        fix: 'Give each trial that was asked for one value.',
      })
    const told: Trial = { ...trial, value: value !== null && Number.isFinite(value) ? value : null }
    this.trials[number] = told
    this.told.push(number)
    this.learn(told)
  }

  best(): Trial | undefined {
    let best: Trial | undefined
    for (const trial of this.trials) {
      if (typeof trial.value !== 'number') continue
      const ahead = (trial.budget ?? 0) - (best?.budget ?? 0)
      if (!best || ahead > 0 || (ahead === 0 && this.loss(trial) < this.loss(best))) best = trial
    }
    return best
  }

  toJson(): SearchJson {
    const trials = this.trials.map(({ number: _, ...trial }) => trial)
    return { kind: this.kind, options: this.options, trials, told: [...this.told] }
  }

  /** What to try next. `random` belongs to this trial alone. */
  protected abstract propose(number: number, random: Random): Proposal | undefined

  protected asked(_trial: Trial): void {}

  protected learn(_trial: Trial): void {}

  /** Lower is better; infinite for a trial that failed or still runs. */
  protected loss({ value }: Trial): number {
    if (typeof value !== 'number') return Number.POSITIVE_INFINITY
    return this.options.direction === 'maximise' ? -value : value
  }

  /** Takes over a record, at the end of a subclass's constructor. */
  protected restore(saved: SearchJson | undefined): void {
    if (!saved) return
    saved.trials.forEach(({ value: _, ...trial }, number) => {
      this.trials.push({ number, ...trial })
      this.asked(this.trials[number]!)
    })
    for (const number of saved.told) this.tell(number, saved.trials[number]?.value ?? null)
  }
}

/** A count among a search's options, whole and within its limits. */
export function checkCount(name: string, value: number, low: number, high = 1e9): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The search got ${name} = ${value}.`,
    path: ['params', name],
    fix: `Set ${name} to a whole number from ${low} to ${high}.`,
  })
}
