import type { Random } from '../random/random.ts'
import { Adam } from './adam.ts'

/** What the adversary makes of one row: its loss, and the slope of its batch's mean loss in the row's logit. */
export interface Heard {
  readonly loss: number
  readonly slope: number
}

/**
 * The adversary of Zhang et al. 2018: a softmax over groups of an intercept and coefficients of s = σ((1 + |c|) logit),
 * and of s y and s (1 - y) where it knows the outcome y; then y itself is added, which the paper leaves out: without it the
 * adversary can only tell that the groups differ in their outcomes by way of s, and the model is pushed past equal
 * odds to hide what is not its doing. It hears a batch row by row, then steps.
 */
export class Adversary {
  readonly #groups: number
  /** Inputs: s, or s, s y, s (1 - y), y; then the intercept. */
  readonly #inputs: number
  /** c, then a block a group. */
  readonly parameters: Float64Array
  readonly #gradient: Float64Array
  readonly #optimiser: Adam
  readonly #features: Float64Array
  readonly #chances: Float64Array

  constructor(groups: number, knowsOutcome: boolean, random: Random) {
    this.#groups = groups
    this.#inputs = (knowsOutcome ? 4 : 1) + 1
    this.parameters = new Float64Array(1 + groups * this.#inputs).map(() => 0.1 * random.normal())
    this.parameters[0] = 1
    this.#gradient = new Float64Array(this.parameters.length)
    this.#optimiser = new Adam(this.parameters.length)
    this.#features = new Float64Array(this.#inputs).fill(1)
    this.#chances = new Float64Array(groups)
  }

  hear(logit: number, outcome: number, group: number, batch: number): Heard {
    const inputs = this.#inputs
    const c = this.parameters[0]!
    const gain = 1 + Math.abs(c)
    const s = 1 / (1 + Math.exp(-gain * logit))
    this.#features[0] = s
    if (inputs === 5) {
      this.#features[1] = s * outcome
      this.#features[2] = s * (1 - outcome)
      this.#features[3] = outcome
    }
    const loss = this.#guess(group)
    let toS = 0
    for (let g = 0; g < this.#groups; g++) {
      const slope = (this.#chances[g]! - (g === group ? 1 : 0)) / batch
      const at = 1 + g * inputs
      for (let i = 0; i < inputs; i++) this.#gradient[at + i]! += slope * this.#features[i]!
      toS += slope * this.parameters[at]!
      if (inputs === 5) toS += slope * this.parameters[at + (outcome ? 1 : 2)]!
    }
    const toMargin = toS * s * (1 - s)
    this.#gradient[0]! += toMargin * logit * Math.sign(c)
    return { loss, slope: toMargin * gain }
  }

  /** Fills the chances of the groups; returns minus the logarithm of the right one's. */
  #guess(group: number): number {
    let largest = Number.NEGATIVE_INFINITY
    for (let g = 0; g < this.#groups; g++) {
      let sum = 0
      for (let i = 0; i < this.#inputs; i++) sum += this.parameters[1 + g * this.#inputs + i]! * this.#features[i]!
      this.#chances[g] = sum
      largest = Math.max(largest, sum)
    }
    const right = this.#chances[group]!
    let total = 0
    for (let g = 0; g < this.#groups; g++) {
      this.#chances[g] = Math.exp(this.#chances[g]! - largest)
      total += this.#chances[g]!
    }
    for (let g = 0; g < this.#groups; g++) this.#chances[g]! /= total
    return Math.log(total) + largest - right
  }

  /** Learns from what it heard since the last step; returns the gradient it followed. */
  step(rate: number): Float64Array {
    const gradient = this.#gradient.slice()
    this.#optimiser.step(this.parameters, gradient, rate)
    this.#gradient.fill(0)
    return gradient
  }
}
