import { ProblemError } from '#contract'
import type { Random } from '../random/random.ts'
import { type CategoryDimension, fillSettings, type Settings } from './space.ts'
import { type Proposal, type SearchJson, type SearchOptions, type Trial, TrialSearch } from './trial-search.ts'
import { choiceOf } from './unit-interval.ts'

export interface ControllerOptions extends SearchOptions {
  /** Step of the ascent; 0.3 unless given. */
  readonly rate?: number
  /** How much of the old baseline a new value leaves; 0.9 unless given. */
  readonly memory?: number
  /** Weight of the policy's entropy, which keeps it from settling early; 0.01 unless given. */
  readonly entropy?: number
}

/**
 * REINFORCE over choices (Williams 1992, Machine Learning 8:229; for architectures Zoph & Le 2017, ICLR): settings are
 * drawn from a policy whose logits climb advantage × ∇ ln π + entropy × ∇ H after each value. The advantage is the value
 * over a moving mean, in units of its moving standard deviation. The policy has one softmax a parameter instead of the
 * paper's recurrent network: a few dozen trials cannot train that. Every parameter must be a category.
 */
export class ControllerSearch extends TrialSearch<ControllerOptions> {
  readonly #logits = new Map<string, Float64Array>()
  #seen = 0
  #mean = 0
  #variance = 0

  constructor(options: ControllerOptions, saved?: SearchJson) {
    super('controller', options)
    for (const [name, dimension] of Object.entries(options.space)) {
      if (dimension.kind !== 'category')
        throw new ProblemError({
          code: 'not-supported',
          message: `The controller chooses among categories; ${name} is a number.`,
          path: ['params', 'space', name],
          fix: `Give ${name} as a list of choices, or use another search.`,
        })
      this.#logits.set(name, new Float64Array(dimension.choices.length))
    }
    this.restore(saved)
  }

  /** Probability of each choice of a parameter. */
  policy(name: string): Float64Array {
    return softmax(this.#logits.get(name)!)
  }

  protected propose(_number: number, random: Random): Proposal {
    const settings = fillSettings(this.options.space, (name, dimension) => {
      const probabilities = this.policy(name)
      let left = random.uniform() - probabilities[0]!
      let choice = 0
      while (left >= 0 && choice < probabilities.length - 1) left -= probabilities[++choice]!
      return (dimension as CategoryDimension).choices[choice]!
    })
    return { settings }
  }

  protected override learn(trial: Trial): void {
    if (typeof trial.value === 'number') this.#climb(trial.settings, this.#advantage(-this.loss(trial)))
  }

  /** How much better than usual; remembers the reward. 0 for the first. */
  #advantage(reward: number): number {
    const memory = Math.min(this.options.memory ?? 0.9, this.#seen / (this.#seen + 1))
    const gap = reward - this.#mean
    const deviation = Math.sqrt(this.#variance)
    this.#seen++
    this.#mean += (1 - memory) * gap
    this.#variance = memory * (this.#variance + (1 - memory) * gap * gap)
    return deviation > 0 ? Math.max(-3, Math.min(3, gap / deviation)) : Math.sign(this.#seen > 1 ? gap : 0)
  }

  #climb(settings: Settings, advantage: number): void {
    const { rate = 0.3, entropy = 0.01, space } = this.options
    for (const [name, setting] of Object.entries(settings)) {
      const logits = this.#logits.get(name)!
      const probabilities = softmax(logits)
      const chosen = choiceOf(space[name] as CategoryDimension, setting)
      const mean = probabilities.reduce((sum, p) => sum + p * Math.log(p), 0)
      probabilities.forEach((p, choice) => {
        const likelihood = (choice === chosen ? 1 : 0) - p
        logits[choice]! += rate * (advantage * likelihood - entropy * p * (Math.log(p) - mean))
      })
    }
  }
}

function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits)
  const shares = logits.map((logit) => Math.exp(logit - largest))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}
