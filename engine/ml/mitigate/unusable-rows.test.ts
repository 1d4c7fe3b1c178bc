import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { groupGaps } from '../fairness/group-gaps.ts'
import { groupFigures, judgeGroups } from '../fairness/judge-groups.ts'
import type { Groups } from '../fairness/protected-groups.ts'
import { fitLogistic, logisticScores } from '../linear/logistic.ts'
import { matrix } from '../matrix.ts'
import { fitAdversarialDebiasing } from './adversarial-debiasing.ts'
import { fitCalibratedOdds } from './calibrated-odds.ts'
import { equaliseOdds } from './equalise-odds.ts'
import { exponentiatedGradient } from './exponentiated-gradient.ts'
import { fitFairRepresentation } from './fair-representation.ts'
import { gridReduction } from './grid-reduction.ts'
import { fitPrejudiceRemover } from './prejudice-remover.ts'
import { fitRejectOption } from './reject-option.ts'
import { fitCorrelationRemoval, removeCorrelation } from './remove-correlation.ts'
import { fitImpactRemoval, removeImpact } from './remove-impact.ts'
import { reweigh } from './reweigh.ts'
import { fitThresholds } from './threshold-policy.ts'

interface People {
  readonly x: Float64Array
  readonly actual: Uint8Array
  readonly codes: Int32Array
  readonly scores: Float64Array
}
const rows = 40
const people: People = {
  x: Float64Array.from({ length: 2 * rows }, (_, i) => Math.sin(7.1 * i)),
  actual: Uint8Array.from({ length: rows }, (_, i) => ((7 * i) % 3 === 0 ? 1 : 0)),
  codes: Int32Array.from({ length: rows }, (_, i) => ((5 * i) % 7 > 3 ? 1 : 0)),
  scores: Float64Array.from({ length: rows }, (_, i) => (Math.sin(2.3 * i) + 1) / 2),
}
const first = (count: number): People => ({
  x: people.x.slice(0, 2 * count),
  actual: people.actual.slice(0, count),
  codes: people.codes.slice(0, count),
  scores: people.scores.slice(0, count),
})
const odd: Record<string, People> = {
  'no rows': first(0),
  'one row': first(1),
  'only unfavourable outcomes': { ...people, actual: new Uint8Array(rows) },
  'only favourable outcomes': { ...people, actual: new Uint8Array(rows).fill(1) },
  'one group': { ...people, codes: new Int32Array(rows) },
  'a missing cell': { ...people, x: people.x.with(7, Number.NaN) },
  'an infinite cell': { ...people, x: people.x.with(7, Number.POSITIVE_INFINITY) },
  'a missing score': { ...people, scores: people.scores.with(7, Number.NaN) },
  'constant cells and scores': {
    ...people,
    x: new Float64Array(2 * rows).fill(1),
    scores: new Float64Array(rows).fill(0.5),
  },
}
const decide = (values: Float64Array) => Uint8Array.from(values, (value) => (value > 0.5 ? 1 : 0))

function fittedBy({ x, actual, codes, scores }: People): Record<string, () => unknown> {
  const cells = matrix(actual.length, 2, x)
  const groups: Groups = { codes, names: ['a', 'b'], missing: -1 }
  const sex = matrix(codes.length, 1, Float64Array.from(codes))
  const column = x.filter((_, at) => at % 2 === 0)
  const group = (code: number) => ({
    scores: scores.filter((_, row) => codes[row] === code),
    actual: actual.filter((_, row) => codes[row] === code),
  })
  const learner = {
    fit: (labels: Uint8Array, weights: Float64Array) =>
      fitLogistic(cells, labels, 2, { penalty: 1, errors: false, weights }),
    decide: (fitted: ReturnType<typeof fitLogistic>) =>
      decide(logisticScores(fitted, cells).filter((_, at) => at % 2 === 1)),
  }
  const parity = { constraint: 'demographic-parity' } as const
  return {
    reweigh: () => reweigh(groups, actual),
    thresholds: () =>
      fitThresholds(scores, actual, groups, parity).policies.map(({ share, ignore }) => [share, ignore]),
    odds: () => equaliseOdds(decide(scores), actual, groups),
    calibrated: () => fitCalibratedOdds(group(0), group(1), 'false-negative'),
    reject: () => fitRejectOption(scores, actual, Uint8Array.from(codes)),
    correlation: () => removeCorrelation(fitCorrelationRemoval(cells, sex), cells, sex),
    prejudice: () => fitPrejudiceRemover(cells, actual, groups),
    representation: () => fitFairRepresentation(cells, actual, groups, { rounds: 3 }),
    adversarial: () => fitAdversarialDebiasing(cells, actual, groups, { rounds: 3 }),
    gradient: () => exponentiatedGradient(learner, actual, groups, parity).shares,
    grid: () => gridReduction(learner, actual, groups, { ...parity, size: 5 }).chosen.error,
    impact: () =>
      removeImpact(fitImpactRemoval(column, groups), column, groups).map((cell, at) =>
        Number.isNaN(column[at]!) ? 0 : cell,
      ),
  }
}

const numbersOf = (value: unknown): number[] => {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : []
}

test.each(Object.entries(odd))('%s: every mitigation gives numbers or says why not', (_, data) => {
  for (const [name, run] of Object.entries(fittedBy(data))) {
    try {
      const bad = numbersOf(run()).filter((value) => !Number.isFinite(value) && data.x.every(Number.isFinite))
      expect(bad, name).toEqual([])
    } catch (error) {
      expect(error, name).toBeInstanceOf(ProblemError)
    }
  }
})

test('missing cells and scores are refused by row, except where only ranks of those there are count', () => {
  for (const name of ['correlation', 'prejudice', 'representation', 'adversarial', 'gradient', 'grid'])
    expect(fittedBy(odd['a missing cell']!)[name], name).toThrow('row 4')
  for (const name of ['thresholds', 'reject']) expect(fittedBy(odd['a missing score']!)[name], name).toThrow('row 8')
})

test('an audit of nobody has figures without values; scores and weights that are no numbers are refused', () => {
  const groups: Groups = { codes: new Int32Array(0), names: ['a', 'b'], missing: -1 }
  const none = judgeGroups(groups, { favourable: new Uint8Array(0), actual: new Uint8Array(0) })
  for (const metric of groupGaps(none, 'g')) expect(metric.value).toBeNull()
  expect(groupFigures(none).map(({ rate }) => rate.value)).toEqual([null, null])
  const all = { codes: people.codes, names: ['a', 'b'], missing: -1 }
  const decisions = { favourable: decide(people.scores), actual: people.actual }
  expect(() => judgeGroups(all, { ...decisions, scores: people.scores.with(7, Number.NaN) })).toThrow('row 8')
  expect(() => judgeGroups(all, { ...decisions, weights: people.scores.with(7, -1) })).toThrow('row 8')
  const weightless = judgeGroups(all, { ...decisions, weights: new Float64Array(rows) })
  for (const metric of groupGaps(weightless, 'g')) expect(metric.value).not.toBeNaN()
})
