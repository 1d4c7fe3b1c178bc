import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { fitElasticNet } from './linear/elastic-net.ts'
import { fitLogistic } from './linear/logistic.ts'
import { fitLogisticLasso } from './linear/logistic-lasso.ts'
import { fitRidge } from './linear/ridge.ts'
import { matrix } from './matrix.ts'
import { additiveLosses } from './trees/additive-losses.ts'
import { explainableBoost, explainableDefaults } from './trees/explainable-boosting.ts'

const rows = 24
const x = Float64Array.from({ length: rows }, (_, i) => Math.sin(3.1 * i))
const y = Float64Array.from(x, (value, i) => value + Math.cos(i))
const ones = new Float64Array(rows).fill(1)
const withCell = (values: Float64Array, cell: number) => values.with(5, cell)
const codes = (values: Float64Array) => values.map((value) => (value > 0 ? 1 : 0))

type Fit = (x: Float64Array, y: Float64Array, weights: Float64Array) => unknown
const learners: Record<string, Fit> = {
  'logistic regression': (x, y, weights) =>
    fitLogistic(matrix(x.length, 1, x), codes(y), 2, { penalty: 1, weights, errors: false }),
  'logistic lasso': (x, y, weights) => fitLogisticLasso(matrix(x.length, 1, x), codes(y), 2, { penalty: 1, weights }),
  ridge: (x, y, weights) => fitRidge(matrix(x.length, 1, x), y, { penalty: 1, weights }).coefficients,
  'elastic net': (x, y, weights) => fitElasticNet(matrix(x.length, 1, x), y, { penalty: 0.1, share: 0.5, weights }),
  'explainable boosting': (columns, labels, weights) =>
    explainableBoost(
      { train: { columns: [columns], labels, weights } },
      { ...explainableDefaults, rounds: 3, loss: additiveLosses.squared },
    ),
}

const numbersOf = (value: unknown): number[] => {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : []
}
const allFinite = (fitted: unknown) => numbersOf(fitted).every(Number.isFinite)

test.each(Object.entries(learners))('%s refuses rows it can not learn from, and names the row', (name, learn) => {
  const none = new Float64Array(0)
  expect(() => learn(none, none, none)).toThrow(ProblemError)
  expect(() => learn(x, y, new Float64Array(rows))).toThrow('all weigh 0')
  for (const cell of [Number.NaN, Number.POSITIVE_INFINITY, -1])
    expect(() => learn(x, y, withCell(ones, cell))).toThrow('row 6')
  if (!name.startsWith('logistic'))
    for (const cell of [Number.NaN, Number.NEGATIVE_INFINITY])
      expect(() => learn(x, withCell(y, cell), ones)).toThrow('row 6')
  // boosting has a bin for missing cells and orders infinite ones
  for (const cell of [Number.NaN, Number.POSITIVE_INFINITY])
    if (name === 'explainable boosting') expect(allFinite(learn(withCell(x, cell), y, ones))).toBe(true)
    else expect(() => learn(withCell(x, cell), y, ones)).toThrow('row 6')
})

test.each(Object.entries(learners))(
  '%s gives numbers for one row, a constant column and a constant target',
  (_, learn) => {
    expect(allFinite(learn(Float64Array.of(1), Float64Array.of(1), Float64Array.of(1)))).toBe(true)
    expect(allFinite(learn(ones, y, ones))).toBe(true)
    expect(allFinite(learn(x, ones, ones))).toBe(true)
    expect(allFinite(learn(x, y, withCell(ones, 0)))).toBe(true)
  },
)
