import { ProblemError } from '#contract'
import type { Groups } from '../fairness/protected-groups.ts'
import { bestResponse, type Member, type Response, type WeightedLearner } from './best-response.ts'
import { solveLinearProgram } from './linear-program.ts'
import { type ParityConstraint, type ParityMoments, parityMoments } from './parity-moments.ts'

export interface GradientOptions {
  readonly constraint: ParityConstraint
  /** Largest difference between a group's rate and that of all; 0.01 unless given. */
  readonly bound?: number
  /** Rounds at most; 50 unless given. */
  readonly rounds?: number
  /** The multipliers' sum is at most 1 / slack; 0.01 unless given. */
  readonly slack?: number
  readonly onRound?: (round: number) => void
}

/** A randomised rule: each decision is that of one member, drawn with the members' shares. */
export interface RandomisedRule<Model> {
  readonly members: readonly Member<Model>[]
  readonly shares: Float64Array
  /** How far it may be from the best such rule, in error and violation. */
  readonly gap: number
  readonly rounds: number
  /** Expected error, and worst expected violation, on the training rows. */
  readonly error: number
  readonly violation: number
}

const precision = 1e-8

/**
 * Exponentiated gradient reduction (Agarwal et al. 2018, ICML, algorithm 1) with the steps that fairlearn's
 * `ExponentiatedGradient` adds: each round the multipliers move by η (violation - bound) in the exponent, the learner
 * answers, and a linear program mixes all answers so far; it ends when the duality gap is below ν, half the standard
 * error of the first rule. Its constants are fairlearn's.
 */
export function exponentiatedGradient<Model>(
  learner: WeightedLearner<Model>,
  actual: Uint8Array,
  groups: Groups,
  options: GradientOptions,
): RandomisedRule<Model> {
  if (!actual.includes(0) || !actual.includes(1))
    throw new ProblemError({
      code: 'target-constant',
      message: 'Every training row has the same outcome, so there is nothing to learn.',
      fix: 'Use rows with both outcomes.',
    })
  const { constraint, bound = 0.01, rounds = 50, slack = 0.01 } = options
  const game = new Game(learner, parityMoments(constraint, actual, groups), actual, bound, 1 / slack)
  let theta = new Float64Array(game.size)
  const sum = new Float64Array(game.size)
  const played: number[] = []
  const gaps: number[] = []
  let best: { shares: Float64Array; gap: number } | undefined
  let mixed: { shares: Float64Array; gap: number; of: number } | undefined
  let rate = 2 * slack
  let [checked, lastGap, nu, round] = [5, Number.POSITIVE_INFINITY, 0, 0]
  for (; round < rounds; round++) {
    options.onRound?.(round)
    const multipliers = softened(theta, 1 / slack)
    multipliers.forEach((value, at) => {
      sum[at]! += value
    })
    const answer = game.answer(multipliers)
    if (round === 0) nu = game.accuracy(answer)
    played[answer] = (played[answer] ?? 0) + 1
    const average = sum.map((value) => value / (round + 1))
    const shares = Float64Array.from(game.responses, (_, at) => (played[at] ?? 0) / (round + 1))
    const gap = game.gap(shares, average, nu)
    gaps.push(gap)
    if (round > 0 && mixed?.of !== game.responses.length) mixed = game.mix(nu)
    const chosen = mixed && mixed.gap <= gap ? mixed : { shares, gap }
    if (!best || chosen.gap <= best.gap + precision)
      best = { shares: chosen.shares, gap: Math.min(chosen.gap, best?.gap ?? chosen.gap) }
    if (chosen.gap < nu && round >= 5) break
    if (round >= checked * 1.6) {
      const least = Math.min(...gaps)
      if (least > lastGap * 0.8) rate *= 0.8
      checked = round
      lastGap = least
    }
    const { violations } = game.responses[answer]!
    theta = theta.map((value, at) => value + rate * (violations[at]! - bound))
  }
  return game.rule(best!.shares, best!.gap, Math.min(round + 1, rounds))
}

/** Multipliers of sum below `most`, in proportion to e^theta. */
function softened(theta: Float64Array, most: number): Float64Array {
  const largest = Math.max(0, ...theta)
  const powers = theta.map((value) => Math.exp(value - largest))
  const total = Math.exp(-largest) + powers.reduce((sum, value) => sum + value, 0)
  return powers.map((value) => (most * value) / total)
}

/** The game between the learner and the multipliers: the answers so far, and how good mixtures of them are. */
class Game<Model> {
  readonly responses: Response<Model>[] = []
  readonly #learner: WeightedLearner<Model>
  readonly #moments: ParityMoments
  readonly #actual: Uint8Array
  readonly #bound: number
  readonly #most: number

  constructor(
    learner: WeightedLearner<Model>,
    moments: ParityMoments,
    actual: Uint8Array,
    bound: number,
    most: number,
  ) {
    this.#learner = learner
    this.#moments = moments
    this.#actual = actual
    this.#bound = bound
    this.#most = most
  }

  get size(): number {
    return this.#moments.size
  }

  /** Index of the best answer to the multipliers, a new one where the learner finds a better. */
  answer(multipliers: Float64Array): number {
    const value = ({ error, violations }: Response<Model>) => error + inner(violations, multipliers)
    const found = bestResponse(this.#learner, this.#moments, this.#actual, multipliers)
    let best = 0
    this.responses.forEach((response, at) => {
      if (value(response) < value(this.responses[best]!)) best = at
    })
    if (this.responses.length > 0 && value(found) >= value(this.responses[best]!) - precision) return best
    return this.responses.push(found) - 1
  }

  /** Half the standard error of a rule's mistakes. */
  accuracy(answer: number): number {
    const { error } = this.responses[answer]!
    const n = this.#actual.length
    return (0.5 * Math.sqrt((error * (1 - error) * n) / Math.max(1, n - 1))) / Math.sqrt(n)
  }

  /** The duality gap of a mixture and multipliers; looks no further once it is above nu. */
  gap(shares: Float64Array, multipliers: Float64Array, nu: number): number {
    const { error, violations } = this.#mixture(shares)
    const value = this.#lagrangian(error, violations, multipliers)
    const excess = Math.max(...violations) - this.#bound
    const high = error + (excess > 0 ? this.#most * excess : 0)
    let low = value
    for (const times of [1, 2, 5, 10]) {
      const response = this.responses[this.answer(multipliers.map((multiplier) => times * multiplier))]!
      low = Math.min(low, this.#lagrangian(response.error, response.violations, multipliers))
      if (Math.max(value - low, high - value) > nu + precision) break
    }
    return Math.max(value - low, high - value)
  }

  /** The best mixture of the answers so far, by linear programming. */
  mix(nu: number): { readonly shares: Float64Array; readonly gap: number; readonly of: number } | undefined {
    const of = this.responses.length
    const atMost = Array.from({ length: this.size }, (_, at) => ({
      row: [...this.responses.map(({ violations }) => violations[at]! - this.#bound), -1],
      bound: 0,
    }))
    const equal = [{ row: [...this.responses.map(() => 1), 0], value: 1 }]
    const solved = solveLinearProgram({
      costs: [...this.responses.map(({ error }) => error), this.#most],
      atMost,
      equal,
    })
    if (!solved) return undefined
    const shares = solved.x.slice(0, of)
    return { shares, gap: this.gap(shares, solved.multipliers, nu), of }
  }

  rule(shares: Float64Array, gap: number, rounds: number): RandomisedRule<Model> {
    const used = [...shares.keys()].filter((at) => shares[at]! > 0)
    const { error, violations } = this.#mixture(shares)
    return {
      members: used.map((at) => this.responses[at]!.member),
      shares: Float64Array.from(used, (at) => shares[at]!),
      gap,
      rounds,
      error,
      violation: Math.max(...violations),
    }
  }

  #mixture(shares: Float64Array): { readonly error: number; readonly violations: Float64Array } {
    const violations = new Float64Array(this.size)
    let error = 0
    shares.forEach((share, at) => {
      const response = this.responses[at]!
      error += share * response.error
      response.violations.forEach((value, constraint) => {
        violations[constraint]! += share * value
      })
    })
    return { error, violations }
  }

  #lagrangian(error: number, violations: Float64Array, multipliers: Float64Array): number {
    const projected = this.#moments.project(multipliers)
    return error + inner(projected, violations) - this.#bound * projected.reduce((sum, value) => sum + value, 0)
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
