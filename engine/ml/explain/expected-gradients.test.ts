import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { dense, pairs, scoring, smooth } from '../../../bench/parity/formula-models.ts'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { expectedGradients } from './expected-gradients.ts'
import { integratedSlopes } from './integrated-slopes.ts'
import { kernelShap } from './kernel-shap.ts'

const golden = readGolden<{ background: number[][]; x: number[][] }>('ml-explain-models')
const [x, background] = [dense(golden.x), dense(golden.background)]
const names = ['a', 'b', 'c', 'd', 'e']

type Slope = (row: Float64Array) => readonly number[]
const sloping =
  (slope: Slope) =>
  ({ rows, columns, values }: Matrix) =>
    Float64Array.from(
      Array.from({ length: rows }, (_, row) => slope(values.subarray(row * columns, (row + 1) * columns))).flat(),
    )
const pairsSlope: Slope = ([a, b, c, d, e]) => [1 + 0.25 * e!, c!, b!, -d!, 0.25 * a!]
const smoothSlope: Slope = (row) => {
  const [a, b, c, d, e] = row
  const p = smooth(row)
  const positive = Math.max(e!, 0)
  const inner = [
    1 + 0.8 * c! + 0.4 * positive * b!,
    -0.5 + 0.6 * Math.abs(d!) + 0.4 * positive * a!,
    0.8 * a!,
    0.6 * Math.sign(d!) * b!,
    e! > 0 ? 0.4 * a! * b! : 0,
  ]
  return inner.map((slope) => p * (1 - p) * slope)
}

test('where interactions are products of two they are the Shapley values, from one point on', async () => {
  const exact = await kernelShap(scoring(pairs), x, background, names)
  for (const points of [1, 8]) {
    const found = await expectedGradients(scoring(pairs), sloping(pairsSlope), x, background, names, { points })
    expect(largestDifference(found.values, exact.values)).toBeLessThan(1e-12)
    expect(found.base).toBeCloseTo(exact.base, 12)
  }
})

test('mean slopes on the way from one row, times the gaps, are expected gradients against that row', async () => {
  const start = matrix(1, x.columns, background.values.slice(0, x.columns))
  for (const points of [1, 5]) {
    const found = await expectedGradients(scoring(smooth), sloping(smoothSlope), x, start, names, { points })
    const means = await integratedSlopes(sloping(smoothSlope), x, start.values, points)
    const pushes = means.map((mean, at) => mean * (x.values[at]! - start.values[at % x.columns]!))
    expect(largestDifference(pushes, found.values)).toBeLessThan(1e-12)
  }
})

test('the slopes used here are those of the formulas', () => {
  for (const [formula, slope] of [
    [pairs, pairsSlope],
    [smooth, smoothSlope],
  ] as const)
    for (const row of golden.x) {
      const slopes = slope(Float64Array.from(row))
      row.forEach((value, j) => {
        const at = (by: number) => formula(row.with(j, value + by))
        expect(slopes[j]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 7)
      })
    }
})

test('a product of three is shared as its integral says', async () => {
  const product = ([a, b, c]: ArrayLike<number> & Iterable<number>) => a! * b! * c!
  const model = ({ rows, values }: Matrix) =>
    Float64Array.from({ length: rows }, (_, row) => product(values.subarray(row * 3, row * 3 + 3)))
  const slope: Slope = ([a, b, c]) => [b! * c!, a! * c!, a! * b!]
  const [from, to] = [matrix(1, 3, Float64Array.of(0, 1, 0)), matrix(1, 3, Float64Array.of(2, 1, 3))]
  const { values } = await expectedGradients(model, sloping(slope), to, from, ['a', 'b', 'c'], { points: 2 })
  // 2 int 3 t dt, 0, 3 int 2 t dt
  expect(largestDifference(values, [3, 0, 3])).toBeLessThan(1e-14)
})

const cells = fc.array(fc.double({ min: 0.1, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 })

test('values add up to the score less the base; columns of one source are one player', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(cells, { minLength: 1, maxLength: 3 }),
      fc.array(cells, { minLength: 1, maxLength: 3 }),
      async (rows, others) => {
        const sources = ['a', 'b', 'a', 'd', 'b']
        const found = await expectedGradients(
          scoring(smooth),
          sloping(smoothSlope),
          dense(rows),
          dense(others),
          sources,
        )
        expect(found.features).toEqual(['a', 'b', 'd'])
        rows.forEach((row, at) => {
          const sum = found.values.subarray(at * 3, at * 3 + 3).reduce((a, b) => a + b, found.base)
          expect(Math.abs(sum - smooth(row))).toBeLessThan(1e-10)
        })
      },
    ),
    { numRuns: 30 },
  )
})

test('missing numbers and an empty background are refused; no rows give no values', async () => {
  const run = (rows: Matrix, others: Matrix) =>
    expectedGradients(scoring(pairs), sloping(pairsSlope), rows, others, names)
  await expect(run(matrix(1, 5, Float64Array.of(1, Number.NaN, 1, 1, 1)), background)).rejects.toThrow(ProblemError)
  await expect(run(x, matrix(0, 5))).rejects.toThrow(ProblemError)
  expect((await run(matrix(0, 5), background)).values.length).toBe(0)
})
