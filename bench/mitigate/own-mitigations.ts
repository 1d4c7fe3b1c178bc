import { fitLogistic, type LogisticFit, logisticScores } from '#ml/linear/logistic'
import { type Matrix, matrix } from '#ml/matrix'
import { debiasedChances, fitAdversarialDebiasing } from '#ml/mitigate/adversarial-debiasing'
import type { WeightedLearner } from '#ml/mitigate/best-response'
import { type CostKind, fitCalibratedOdds } from '#ml/mitigate/calibrated-odds'
import { equaliseOdds } from '#ml/mitigate/equalise-odds'
import { exponentiatedGradient } from '#ml/mitigate/exponentiated-gradient'
import { fitFairRepresentation, representFairly } from '#ml/mitigate/fair-representation'
import { gridReduction } from '#ml/mitigate/grid-reduction'
import type { ParityConstraint } from '#ml/mitigate/parity-moments'
import { fitPrejudiceRemover, prejudiceChances } from '#ml/mitigate/prejudice-remover'
import { decideRejectOption, fitRejectOption } from '#ml/mitigate/reject-option'
import { fitCorrelationRemoval, removeCorrelation } from '#ml/mitigate/remove-correlation'
import { fitImpactRemoval, removeImpact } from '#ml/mitigate/remove-impact'
import { reweigh } from '#ml/mitigate/reweigh'
import { favourableChance, fitThresholds } from '#ml/mitigate/threshold-policy'
import type { Part, Prepared } from './data-sets.ts'
import type { Aim } from './judge-chances.ts'

/** A mitigation: fitted on the learning rows, it gives each judged row its chance of a favourable decision. */
export interface Mitigation {
  readonly key: string
  readonly title: string
  readonly aim: Aim
  readonly peer: string
  /** Where the peer's answer has another key. */
  readonly peerKey?: string
  chances(data: Prepared): ArrayLike<number>
}

const learn = (x: Matrix, labels: ArrayLike<number>, weights?: Float64Array) =>
  fitLogistic(x, labels, 2, { penalty: 1, errors: false, ...(weights && { weights }) })

const scores = (fit: LogisticFit, x: Matrix) => logisticScores(fit, x).filter((_, at) => at % 2 === 1)
const decide = (values: Float64Array) => Uint8Array.from(values, (value) => (value > 0.5 ? 1 : 0))

/** The last column, sex, taken away. */
function withoutSex({ rows, columns, values }: Matrix): Matrix {
  return matrix(
    rows,
    columns - 1,
    values.filter((_, at) => at % columns !== columns - 1),
  )
}

const sexOf = ({ groups }: Part) => matrix(groups.codes.length, 1, Float64Array.from(groups.codes))

/** Scores of both parts by the plain logistic regression, which the rules on scores begin with. */
function baseScores({ train, test }: Prepared) {
  const fit = learn(train.x, train.actual)
  return { train: scores(fit, train.x), test: scores(fit, test.x) }
}

const learner = (x: Matrix): WeightedLearner<LogisticFit> => ({
  fit: (labels, weights) => learn(x, labels, weights),
  decide: (fit) => decide(scores(fit, x)),
})

function exponentiated(constraint: ParityConstraint, { train, test }: Prepared): Float64Array {
  const rule = exponentiatedGradient(learner(train.x), train.actual, train.groups, { constraint })
  const chances = new Float64Array(test.actual.length)
  rule.members.forEach((member, at) => {
    const share = rule.shares[at]!
    if (share === 0) return
    const decisions = 'model' in member ? decide(scores(member.model, test.x)) : undefined
    for (let row = 0; row < chances.length; row++)
      chances[row]! += share * (decisions ? decisions[row]! : 'constant' in member ? member.constant : 0)
  })
  return chances
}

function grid({ train, test }: Prepared): ArrayLike<number> {
  const { chosen } = gridReduction(learner(train.x), train.actual, train.groups, {
    constraint: 'demographic-parity',
    size: 20,
  })
  if ('model' in chosen.member) return decide(scores(chosen.member.model, test.x))
  return new Uint8Array(test.actual.length).fill(chosen.member.constant)
}

function repaired({ train, test, numeric }: Prepared): ArrayLike<number> {
  const [inner, outer] = [withoutSex(train.x), withoutSex(test.x)]
  for (const j of numeric) {
    const column = (x: Matrix) => Float64Array.from({ length: x.rows }, (_, row) => x.values[row * x.columns + j]!)
    const repair = fitImpactRemoval(column(inner), train.groups)
    for (const [x, part] of [[inner, train] as const, [outer, test] as const])
      removeImpact(repair, column(x), part.groups).forEach((value, row) => {
        x.values[row * x.columns + j] = value
      })
  }
  return decide(scores(learn(inner, train.actual), outer))
}

function decorrelated({ train, test }: Prepared): ArrayLike<number> {
  const inner = withoutSex(train.x)
  const removal = fitCorrelationRemoval(inner, sexOf(train))
  const fit = learn(removeCorrelation(removal, inner, sexOf(train)), train.actual)
  return decide(scores(fit, removeCorrelation(removal, withoutSex(test.x), sexOf(test))))
}

function thresholds(constraint: ParityConstraint, data: Prepared): ArrayLike<number> {
  const base = baseScores(data)
  const { policies } = fitThresholds(base.train, data.train.actual, data.train.groups, { constraint })
  return base.test.map((score, row) => favourableChance(policies[data.test.groups.codes[row]!]!, score))
}

function equalised(data: Prepared): ArrayLike<number> {
  const base = baseScores(data)
  const { policies } = equaliseOdds(decide(base.train), data.train.actual, data.train.groups)
  const { codes } = data.test.groups
  return base.test.map((score, row) => policies[codes[row]!]!.chances[score > 0.5 ? 1 : 0])
}

function calibrated(cost: CostKind, data: Prepared): ArrayLike<number> {
  const base = baseScores(data)
  const { train, test } = data
  const [women, men] = [0, 1].map((code) => ({
    scores: base.train.filter((_, row) => train.groups.codes[row] === code),
    actual: train.actual.filter((_, row) => train.groups.codes[row] === code),
  }))
  const { shares, baseRates } = fitCalibratedOdds(women!, men!, cost)
  return base.test.map((score, row) => {
    const code = test.groups.codes[row] as 0 | 1
    return (1 - shares[code]) * (score > 0.5 ? 1 : 0) + shares[code] * (baseRates[code] > 0.5 ? 1 : 0)
  })
}

function rejected(data: Prepared): ArrayLike<number> {
  const base = baseScores(data)
  const rule = fitRejectOption(base.train, data.train.actual, Uint8Array.from(data.train.groups.codes))
  return base.test.map((score, row) => decideRejectOption(rule, score, data.test.groups.codes[row] === 1))
}

/** One set of coefficients a group, so sex itself is no column. */
function unprejudiced({ train, test }: Prepared): ArrayLike<number> {
  const fit = fitPrejudiceRemover(withoutSex(train.x), train.actual, train.groups, { strength: 25 })
  return decide(prejudiceChances(fit, withoutSex(test.x), test.groups))
}

function represented({ train, test }: Prepared): ArrayLike<number> {
  const fit = fitFairRepresentation(train.x, train.actual, train.groups)
  return decide(representFairly(fit, test.x, test.groups).chances)
}

function adversarial(constraint: 'demographic-parity' | 'equalised-odds', { train, test }: Prepared) {
  const fit = fitAdversarialDebiasing(train.x, train.actual, train.groups, { constraint })
  return decide(debiasedChances(fit, test.x))
}

export const mitigations: readonly Mitigation[] = [
  {
    key: 'none',
    title: 'none: logistic regression',
    aim: 'selection',
    peer: 'scikit-learn',
    chances: (data) => decide(baseScores(data).test),
  },
  {
    key: 'reweighing',
    title: 'reweighing',
    aim: 'selection',
    peer: 'aif360',
    chances: ({ train, test }) =>
      decide(scores(learn(train.x, train.actual, reweigh(train.groups, train.actual)), test.x)),
  },
  { key: 'impact', title: 'disparate impact remover', aim: 'selection', peer: 'aif360', chances: repaired },
  { key: 'correlation', title: 'correlation remover', aim: 'selection', peer: 'fairlearn', chances: decorrelated },
  {
    key: 'gradient-parity',
    title: 'exponentiated gradient, demographic parity',
    aim: 'selection',
    peer: 'fairlearn',
    chances: (data) => exponentiated('demographic-parity', data),
  },
  {
    key: 'gradient-odds',
    title: 'exponentiated gradient, equalised odds',
    aim: 'odds',
    peer: 'fairlearn',
    chances: (data) => exponentiated('equalised-odds', data),
  },
  { key: 'grid', title: 'grid search, demographic parity', aim: 'selection', peer: 'fairlearn', chances: grid },
  {
    key: 'threshold-parity',
    title: 'thresholds, demographic parity',
    aim: 'selection',
    peer: 'fairlearn',
    chances: (data) => thresholds('demographic-parity', data),
  },
  {
    key: 'threshold-odds',
    title: 'thresholds, equalised odds',
    aim: 'odds',
    peer: 'fairlearn',
    chances: (data) => thresholds('equalised-odds', data),
  },
  { key: 'odds', title: 'equalised odds by lots', aim: 'odds', peer: 'aif360', chances: equalised },
  {
    key: 'calibrated',
    title: 'calibrated equalised odds, both costs',
    aim: 'odds',
    peer: 'aif360',
    chances: (data) => calibrated('weighted', data),
  },
  {
    key: 'calibrated-negatives',
    title: 'calibrated equalised odds, false negatives',
    aim: 'odds',
    peer: 'aif360',
    chances: (data) => calibrated('false-negative', data),
  },
  { key: 'reject', title: 'reject option, parity within 0.05', aim: 'selection', peer: 'aif360', chances: rejected },
  { key: 'prejudice', title: 'prejudice remover, η 25', aim: 'selection', peer: 'aif360', chances: unprejudiced },
  {
    key: 'representation',
    title: 'learned fair representation',
    aim: 'selection',
    peer: 'aif360',
    chances: represented,
  },
  {
    key: 'adversarial-parity',
    peerKey: 'adversarial-odds',
    title: 'adversarial debiasing, demographic parity',
    aim: 'selection',
    peer: 'aif360',
    chances: (data) => adversarial('demographic-parity', data),
  },
  {
    key: 'adversarial-odds',
    title: 'adversarial debiasing, equalised odds',
    aim: 'odds',
    peer: 'aif360',
    chances: (data) => adversarial('equalised-odds', data),
  },
]
