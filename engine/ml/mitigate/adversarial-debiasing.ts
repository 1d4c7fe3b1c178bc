import { ProblemError } from '#contract'
import type { Groups } from '../fairness/protected-groups.ts'
import type { Matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { Adam } from './adam.ts'
import { Adversary } from './adversary.ts'

/**
 * Adversarial debiasing (Zhang, Lemoine & Mitchell 2018, AIES, 335): a logistic regression learns the outcome while an
 * adversary learns the group from its score. Where g is the gradient of its own loss and h that of the adversary's, the
 * model steps against g - (part of g along h) - strength · h: never in a direction that helps the adversary, and away from
 * it. The adversary is the paper's: from s = σ((1 + |c|) logit) for equal selection, or from s, s y and s (1 - y) for
 * equalised odds, one set of coefficients a group (aif360 0.6.1 always takes the latter, and its model has a hidden layer).
 * Decided here: for equalised odds the adversary also gets y alone (see `Adversary`); batches of 128 rows in a drawn
 * order; Adam at a rate that falls to a tenth, five times as fast for the adversary, so that it stays near its best
 * answer; and the model is the mean of what it was after each round of the last half. With equal rates the two circle
 * around each other, and where they stop is chance.
 */
export interface AdversarialOptions {
  /** Equal selection unless given. */
  readonly constraint?: 'demographic-parity' | 'equalised-odds'
  /** α; 1 unless given, 0 still takes away what helps the adversary. */
  readonly strength?: number
  /** Times through the rows; unless given 50, on small tables more, for 1,000 steps. */
  readonly rounds?: number
  /** Of the first step; 0.01 unless given. */
  readonly rate?: number
  /** 0 unless given. */
  readonly seed?: number
  readonly onRound?: (round: number) => void
}

export interface DebiasedModel {
  readonly coefficients: Float64Array
  readonly intercept: number
  /** Mean loss of the adversary in the last round, and what knowing only how common groups are would give, in nats. */
  readonly adversaryLoss: number
  readonly blindLoss: number
}

const batchRows = 128
const adversaryPace = 5
const leastSteps = 1_000

/** Standardised columns without missing values, without or with the protected one; actual 1 = favourable. */
export function fitAdversarialDebiasing(
  x: Matrix,
  actual: Uint8Array,
  groups: Groups,
  options: AdversarialOptions = {},
): DebiasedModel {
  requireComplete(x, 'Adversarial debiasing', 1)
  if (!actual.includes(0) || !actual.includes(1))
    throw new ProblemError({
      code: 'target-constant',
      message: 'Every training row has the same outcome, so there is nothing to learn.',
      fix: 'Use rows with both outcomes.',
    })
  const { strength = 1, rate = 0.01, seed = 0 } = options
  const rounds = options.rounds ?? Math.max(50, Math.ceil((leastSteps * batchRows) / x.rows))
  const random = createRandom(seed).split('adversarial debiasing')
  const weights = new Float64Array(x.columns + 1)
  const optimiser = new Adam(weights.length)
  const adversary = new Adversary(groups.names.length, options.constraint === 'equalised-odds', random)
  const own = new Float64Array(weights.length)
  const theirs = new Float64Array(weights.length)
  const mean = new Float64Array(weights.length)
  const averaged = Math.max(1, Math.ceil(rounds / 2))
  let adversaryLoss = 0
  for (let round = 0; round < rounds; round++) {
    options.onRound?.(round)
    const order = random.split(round).permutation(x.rows)
    const step = rate * (1 - (0.9 * round) / rounds)
    adversaryLoss = 0
    for (let from = 0; from < order.length; from += batchRows) {
      const rows = order.subarray(from, from + batchRows)
      adversaryLoss += gradients(x, actual, groups, rows, weights, adversary, own, theirs) / x.rows
      optimiser.step(weights, awayFrom(own, theirs, strength), step)
      adversary.step(adversaryPace * step)
    }
    if (round < rounds - averaged) continue
    for (let j = 0; j < mean.length; j++) mean[j]! += weights[j]! / averaged
  }
  return {
    coefficients: mean.slice(0, x.columns),
    intercept: mean[x.columns]!,
    adversaryLoss,
    blindLoss: blindLoss(groups),
  }
}

/** Fills the gradients of both losses in the model's weights; returns the adversary's loss, summed over the rows. */
function gradients(
  x: Matrix,
  actual: Uint8Array,
  groups: Groups,
  rows: Uint32Array,
  weights: Float64Array,
  adversary: Adversary,
  own: Float64Array,
  theirs: Float64Array,
): number {
  const { columns, values } = x
  own.fill(0)
  theirs.fill(0)
  let loss = 0
  for (const row of rows) {
    const at = row * columns
    const logit = logitOf(weights, values, at, columns)
    const slope = (1 / (1 + Math.exp(-logit)) - actual[row]!) / rows.length
    const heard = adversary.hear(logit, actual[row]!, groups.codes[row]!, rows.length)
    loss += heard.loss
    for (let j = 0; j < columns; j++) {
      own[j]! += slope * values[at + j]!
      theirs[j]! += heard.slope * values[at + j]!
    }
    own[columns]! += slope
    theirs[columns]! += heard.slope
  }
  return loss
}

function logitOf(weights: Float64Array, values: Float64Array, at: number, columns: number): number {
  let logit = weights[columns]!
  for (let j = 0; j < columns; j++) logit += weights[j]! * values[at + j]!
  return logit
}

/** g - (g · h / h · h) h - strength h, in place of g. */
function awayFrom(own: Float64Array, theirs: Float64Array, strength: number): Float64Array {
  let product = 0
  let square = 0
  for (let j = 0; j < own.length; j++) {
    product += own[j]! * theirs[j]!
    square += theirs[j]! ** 2
  }
  const share = (square > 0 ? product / square : 0) + strength
  for (let j = 0; j < own.length; j++) own[j]! -= share * theirs[j]!
  return own
}

/** The entropy of the groups' shares. */
function blindLoss({ codes, names }: Groups): number {
  const counts = new Float64Array(names.length)
  for (const code of codes) counts[code]!++
  return counts.reduce(
    (sum, count) => sum - (count > 0 ? (count / codes.length) * Math.log(count / codes.length) : 0),
    0,
  )
}

/** The chance of a favourable outcome of each row. */
export function debiasedChances(model: Pick<DebiasedModel, 'coefficients' | 'intercept'>, x: Matrix): Float64Array {
  const weights = Float64Array.of(...model.coefficients, model.intercept)
  return Float64Array.from(
    { length: x.rows },
    (_, row) => 1 / (1 + Math.exp(-logitOf(weights, x.values, row * x.columns, x.columns))),
  )
}
