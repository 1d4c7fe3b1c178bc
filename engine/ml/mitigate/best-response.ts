import type { ParityMoments } from './parity-moments.ts'

/** A learner that takes labels and weights of its training rows: a logistic regression, trees, whatever is at hand. */
export interface WeightedLearner<Model> {
  /** Labels 0 or 1, both present; weights not negative, their mean 1. */
  fit(labels: Uint8Array, weights: Float64Array): Model
  /** The model's decisions, 0 or 1, on the training rows. */
  decide(model: Model): Uint8Array
}

/** A fitted model, or the same decision for everybody where the reweighted labels had one value. */
export type Member<Model> = { readonly model: Model } | { readonly constant: 0 | 1 }

export interface Response<Model> {
  readonly member: Member<Model>
  readonly error: number
  readonly violations: Float64Array
}

/**
 * The rule that is best against given multipliers (Agarwal et al. 2018, 3.2): cost-sensitive classification, which a
 * learner with weights solves when each row is labelled by its better decision and weighs what that is worth.
 */
export function bestResponse<Model>(
  learner: WeightedLearner<Model>,
  moments: ParityMoments,
  actual: Uint8Array,
  multipliers: ArrayLike<number>,
): Response<Model> {
  const worth = moments.signedWeights(multipliers).map((value, row) => value + (actual[row] ? 1 : -1))
  const labels = Uint8Array.from(worth, (value) => (value > 0 ? 1 : 0))
  const total = worth.reduce((sum, value) => sum + Math.abs(value), 0)
  const weights = worth.map((value) => (actual.length * Math.abs(value)) / total)
  const constant = labels.includes(0) ? (labels.includes(1) ? undefined : 0) : 1
  const member: Member<Model> = constant === undefined ? { model: learner.fit(labels, weights) } : { constant }
  const decisions =
    'model' in member ? learner.decide(member.model) : new Uint8Array(actual.length).fill(member.constant)
  let wrong = 0
  for (let row = 0; row < actual.length; row++) if (decisions[row] !== actual[row]) wrong++
  return { member, error: wrong / actual.length, violations: moments.violations(decisions) }
}
