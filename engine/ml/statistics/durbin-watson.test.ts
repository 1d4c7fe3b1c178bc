import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { fitRidge, ridgePredictions } from '../linear/ridge.ts'
import { matrix } from '../matrix.ts'
import { chiSquareTail } from './chi-square.ts'
import { durbinWatson, durbinWatsonStatistic } from './durbin-watson.ts'
import { fTail } from './fisher-f.ts'
import { normalFormTail } from './normal-form.ts'

interface Case {
  x: number[][]
  y: number[]
  statistic: number
  exact: number
  normal: number
}
const cases = readGolden<{ durbinWatson: Case[] }>('ml-judge').durbinWatson

function residualsOf({ x: rows, y }: Pick<Case, 'x' | 'y'>) {
  const x = matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
  const fitted = ridgePredictions(fitRidge(x, Float64Array.from(y), { penalty: 0 }), x)
  return { x, residuals: fitted.map((value, i) => y[i]! - value) }
}

interface LmtestCase extends Pick<Case, 'x' | 'y' | 'statistic'> {
  /** Against positive and negative correlation and either; null where lmtest's own loses digits. */
  exact: number[] | null
  normal: number[]
  /** What dwtest gives unasked: exact below 100 rows. */
  usual: number
}
const ofLmtest = readGolden<{ cases: LmtestCase[] }>('ml-durbin-watson').cases

// lmtest stops Farebrother's PAN at 15 terms of its rule, hence the 1e-9; the normal one is a formula
test.each(ofLmtest.map((own, index) => ({ index, own })))('case $index equals lmtest of R', ({ own }) => {
  const { x, residuals } = residualsOf(own)
  const told = (exactBelow?: number) => {
    const { positive, negative, twoSided } = durbinWatson(x, residuals, exactBelow)
    return [positive, negative, twoSided]
  }
  expect(durbinWatsonStatistic(residuals)).toBeCloseTo(own.statistic, 12)
  if (own.exact) expect(largestDifference(told(1000), own.exact)).toBeLessThan(1e-9)
  expect(largestDifference(told(0), own.normal)).toBeLessThan(1e-12)
  expect(Math.abs(told()[0]! - own.usual)).toBeLessThan(1e-9)
})

// Imhof's integral by quadrature, cut off at 10,000; the residuals come from our own least squares
test.each(cases.map((own, index) => ({ index, own })))('case $index equals Imhof’s integral', ({ own }) => {
  const { x, residuals } = residualsOf(own)
  expect(durbinWatsonStatistic(residuals)).toBeCloseTo(own.statistic, 12)
  const exact = durbinWatson(x, residuals)
  expect(Math.abs(exact.positive - own.exact)).toBeLessThan(1e-9)
  expect(exact.positive + exact.negative).toBeCloseTo(1, 14)
  expect(exact.twoSided).toBeCloseTo(2 * Math.min(exact.positive, exact.negative), 14)
  expect(Math.abs(durbinWatson(x, residuals, 0).positive - own.normal)).toBeLessThan(1e-10)
})

test('the printed 5 % bounds of Savin and White 1977 have a probability of 5 %', () => {
  // n, regressors with the intercept, dL, dU
  const printed = [
    [15, 2, 1.077, 1.361],
    [20, 3, 1.1, 1.537],
    [40, 4, 1.338, 1.659],
    [95, 2, 1.645, 1.687],
  ] as const
  for (const [n, k, low, high] of printed) {
    const all = Array.from({ length: n - 1 }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * n)) ** 2)
    const chance = (values: number[], d: number) => normalFormTail(values.map((value) => d - value))
    // half of the third decimal of d is up to 0.05 % of probability
    expect(Math.abs(chance(all.slice(0, n - k), low) - 0.05)).toBeLessThan(0.0005)
    expect(Math.abs(chance(all.slice(k - 1), high) - 0.05)).toBeLessThan(0.0005)
  }
})

test('forms that are other distributions: a ratio of chi-squares is F, deep into the tails', () => {
  for (const [m, n] of [
    [1, 1],
    [2, 5],
    [7, 3],
    [30, 40],
  ] as const)
    for (const f of [0.01, 0.4, 1, 3, 50]) {
      const form = [...Array<number>(m).fill(1 / m), ...Array<number>(n).fill(-f / n)]
      const expected = fTail(f, m, n)
      expect(Math.abs(normalFormTail(form) - expected) / expected).toBeLessThan(1e-10)
    }
  expect(normalFormTail([1, 2])).toBe(1)
  expect(normalFormTail([-1, 0])).toBe(0)
  expect(chiSquareTail(0, 2)).toBe(1)
})

test('undefined cases are NaN, not wrong', () => {
  const x = matrix(4, 2, Float64Array.of(1, 2, 2, 4, 3, 6, 4, 8))
  expect(durbinWatson(x, Float64Array.of(1, -1, 1, -1)).positive).toBeNaN()
  const line = matrix(3, 1, Float64Array.of(1, 2, 4))
  expect(durbinWatson(line, new Float64Array(3)).positive).toBeNaN()
  expect(durbinWatson(matrix(2, 1, Float64Array.of(1, 2)), Float64Array.of(1, 2)).positive).toBeNaN()
})
