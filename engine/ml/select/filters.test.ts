import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { wasmDenseKernels } from '../../compute/wasm/dense/dense-kernels.ts'
import { plainProducts } from '../linalg/products.ts'
import type { Matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { anovaF, lineF } from './anova.ts'
import { categoryAssociation, categoryTwins } from './category-twins.ts'
import { correlations, measured } from './correlations.ts'
import { dropTwins } from './drop-twins.ts'
import { valueSpread } from './near-zero-variance.ts'
import { pearsonTwins } from './pearson-twins.ts'
import { bestFeatures, bestShare } from './take-best.ts'
import { valueChiSquare } from './value-chi-square.ts'
import { aboveVariance, columnVariances } from './variance.ts'

interface Golden {
  columns: number[][]
  gaps: (number | null)[][]
  classes: number[]
  counts: number[][]
  codes: number[][]
  y: number[]
  scores: number[]
  variances: number[]
  varied: number[]
  pearson: number[][]
  pearsonGaps: number[][]
  chiSquare: number[][][]
  cramer: number[][]
  anova: number[][]
  line: number[][]
  valueChiSquare: number[][]
  best: number[][]
  shares: number[][]
}
const golden = readGolden<Golden>('ml-select-filters')
const toColumns = (rows: (number | null)[][]) =>
  rows.map((row) => Float64Array.from(row, (value) => value ?? Number.NaN))
const columns = toColumns(golden.columns)
const gaps = toColumns(golden.gaps)
const classes = Int32Array.from(golden.classes)
const nested = ({ rows, columns: width, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)))

test('variances equal scikit-learn, missing cells left out', () => {
  expect(largestDifference(columnVariances(gaps), golden.variances)).toBeLessThan(1e-13)
  expect(aboveVariance(columns)).toEqual(golden.varied)
  // scikit-learn keeps a constant column that has missing cells
  expect(aboveVariance(gaps)).toEqual(golden.varied)
  expect(columnVariances([new Float64Array(7).fill(0.1), Float64Array.of(Number.NaN), new Float64Array(0)])).toEqual(
    Float64Array.of(0, 0, 0),
  )
})

test('near-zero variance follows caret', () => {
  const values = new Float64Array(200).fill(3)
  values.set([1, 1, 2])
  expect(valueSpread(values)).toEqual({ frequencyRatio: 98.5, distinctPercent: 1.5, constant: false, nearZero: true })
  expect(valueSpread(values, 99).nearZero).toBe(false)
  expect(valueSpread(Int32Array.of(0, -1, 0))).toMatchObject({ constant: true, nearZero: true, distinctPercent: 50 })
  expect(valueSpread(Float64Array.of(Number.NaN))).toMatchObject({ constant: true, distinctPercent: 0 })
  expect(valueSpread(columns[0]!).nearZero).toBe(false)
})

const correlated = (some: readonly Float64Array[]) => {
  const of = some.map(measured)
  return correlations(of, of)
}

test('correlations equal pandas, pairwise where cells are missing, and a constant column has none', () => {
  expect(largestDifference(nested(correlated(columns.slice(0, 5))), golden.pearson)).toBeLessThan(1e-13)
  expect(largestDifference(nested(correlated(gaps.slice(0, 5))), golden.pearsonGaps)).toBeLessThan(1e-13)
  expect(correlated(columns).values[5]).toBe(0)
  expect(correlated(gaps).values[5]).toBe(0)
  expect(correlated([Float64Array.of(1), Float64Array.of(2)]).values).toEqual(new Float64Array(4))
  // constant where the other is present, far from its mean; an infinite cell counts as missing
  const far = [Float64Array.of(7, 7, 7, Number.NaN, 1e9), Float64Array.of(1, 2, 4, 3, Number.POSITIVE_INFINITY)]
  expect(correlated(far).values[1]).toBe(0)
})

test('correlation does not change with the unit of a column', () => {
  const cell = fc.integer({ min: -1000, max: 1000 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 3, maxLength: 60 }), (rows) => {
      const x = Float64Array.from(rows, ([a]) => a)
      const y = Float64Array.from(rows, ([, b]) => b)
      const other = x.map((value) => 40 - 3 * value)
      expect(correlated([other, y]).values[1]).toBeCloseTo(-correlated([x, y]).values[1]!, 12)
    }),
  )
})

test('of twins the more valued is kept, and every dropped one names it', async () => {
  expect((await pearsonTwins(columns, 0.99)).dropped).toMatchObject([{ feature: 3, twin: 0 }])
  expect(await pearsonTwins(columns, 0.99, [0, 0, 0, 1, 0, 0])).toMatchObject({ dropped: [{ feature: 0, twin: 3 }] })
  const strengths = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 36, maxLength: 36 })
  fc.assert(
    fc.property(strengths, fc.double({ min: 0.1, max: 1, noNaN: true }), (drawn, threshold) => {
      const strength = (i: number, j: number) => drawn[Math.min(i, j) * 6 + Math.max(i, j)]!
      const { kept, dropped } = dropTwins(6, strength, threshold)
      expect(kept.length + dropped.length).toBe(6)
      for (const i of kept) for (const j of kept) if (i !== j) expect(strength(i, j)).toBeLessThan(threshold)
      for (const twin of dropped) {
        expect(kept).toContain(twin.twin)
        expect(twin.strength).toBeGreaterThanOrEqual(threshold)
      }
    }),
  )
})

test('block by block the same twins go as pair by pair, with gaps and without', async () => {
  const random = createRandom(2)
  const bases = Array.from({ length: 40 }, () => Float64Array.from({ length: 60 }, () => random.normal()))
  const many = Array.from({ length: 300 }, (_, j) => bases[j % 40]!.map((x) => x + 0.4 * random.normal()))
  const holed = many.map((column, j) => (j % 3 ? column : column.map((x) => (random.uniform() < 0.1 ? Number.NaN : x))))
  const worth = many.map(() => random.integer(9))
  worth[7] = Number.POSITIVE_INFINITY
  worth[8] = Number.POSITIVE_INFINITY
  for (const some of [many, holed])
    for (const products of [plainProducts, wasmDenseKernels]) {
      const shares: number[] = []
      const onBlock = async (share: number) => {
        shares.push(share)
      }
      const blocks = await pearsonTwins(some, 0.8, worth, { products, onBlock })
      const { values } = correlated(some)
      const pairs = dropTwins(300, (i, j) => Math.abs(values[i * 300 + j]!), 0.8, worth)
      expect(blocks.kept).toEqual(pairs.kept)
      expect(blocks.dropped.map(({ feature, twin }) => [feature, twin])).toEqual(
        pairs.dropped.map(({ feature, twin }) => [feature, twin]),
      )
      expect(blocks.dropped.length).toBeGreaterThan(20)
      expect([shares.length, shares.at(-1)]).toEqual([3, 1])
    }
})

test('chi-square and Cramér V of pairs equal SciPy', () => {
  const codes = golden.codes.map((row) => ({ codes: Int32Array.from(row), levels: Math.max(...row) + 1 }))
  const tests = codes.map((b) => codes.map((a) => categoryAssociation(a, b)))
  const figures = tests.map((row) => row.map(({ statistic, pValue }) => [statistic, pValue]))
  expect(largestDifference(figures, golden.chiSquare)).toBeLessThan(1e-12)
  expect(
    largestDifference(
      tests.map((row) => row.map(({ cramersV }) => cramersV)),
      golden.cramer,
    ),
  ).toBeLessThan(1e-13)
  expect(categoryTwins(codes, 0.8)).toMatchObject({ kept: [0, 2], dropped: [{ feature: 1, twin: 0 }] })
  const few = [Int32Array.of(0, 1, 2), Int32Array.of(2, 0, 1)].map((three) => ({ codes: three, levels: 3 }))
  expect(categoryTwins(few, 0.8).dropped).toEqual([])
  const single = { codes: Int32Array.of(0, 0, -1), levels: 1 }
  expect(categoryAssociation(single, few[0]!)).toMatchObject({ cramersV: 0, pValue: 1 })
})

test('ANOVA F, the F of a line and the chi-square of sums equal scikit-learn', () => {
  const pairs = (results: { statistic: number; pValue: number }[]) => results.map((r) => [r.statistic, r.pValue])
  const features = columns.slice(0, 5)
  expect(largestDifference(pairs(features.map((x) => anovaF(x, classes, 3))), golden.anova)).toBeLessThan(1e-11)
  const y = Float64Array.from(golden.y)
  expect(largestDifference(pairs(features.map((x) => lineF(x, y))), golden.line)).toBeLessThan(1e-11)
  const counts = toColumns(golden.counts)
  expect(
    largestDifference(pairs(counts.map((x) => valueChiSquare(x, classes, 3))), golden.valueChiSquare),
  ).toBeLessThan(1e-12)
})

test('scores of columns that tell nothing, or everything, are defined', () => {
  const none = { statistic: 0, pValue: 1 }
  const all = { statistic: Number.POSITIVE_INFINITY, pValue: 0 }
  expect(anovaF(columns[5]!, classes, 3)).toEqual(none)
  expect(anovaF(Float64Array.of(0.1, 0.1, 0.1, 0.3, 0.3), Int32Array.of(0, 0, 0, 1, 1), 2)).toEqual(all)
  expect(anovaF(Float64Array.of(1, 2), Int32Array.of(0, 0), 1)).toEqual(none)
  expect(anovaF(new Float64Array(0), new Int32Array(0), 2)).toEqual(none)
  expect(lineF(columns[5]!, columns[0]!)).toEqual(none)
  expect(
    lineF(
      columns[0]!,
      columns[0]!.map((value) => 7 - value / 3),
    ),
  ).toEqual(all)
  expect(lineF(Float64Array.of(1), Float64Array.of(2))).toEqual(none)
  expect(valueChiSquare(new Float64Array(4), Int32Array.of(0, 1, 0, 1), 2)).toEqual(none)
  expect(() => valueChiSquare(Float64Array.of(1, -1), Int32Array.of(0, 1), 2)).toThrow(ProblemError)
})

test('rows with a missing cell or class do not count', () => {
  const values = Float64Array.of(1, 2, Number.NaN, 4, 8, 3)
  const codes = Int32Array.of(0, 0, 1, 1, 1, -1)
  const clean = [Float64Array.of(1, 2, 4, 8), Int32Array.of(0, 0, 1, 1)] as const
  expect(anovaF(values, codes, 2)).toEqual(anovaF(...clean, 2))
  expect(valueChiSquare(values, codes, 2)).toEqual(valueChiSquare(...clean, 2))
})

test('the best are counted as scikit-learn counts them', () => {
  expect([1, 4, 10].map((count) => bestFeatures(golden.scores, count))).toEqual(golden.best)
  expect([5, 10, 25, 30, 50, 75, 100].map((percent) => bestShare(golden.scores, percent))).toEqual(golden.shares)
  expect(bestFeatures([1, Number.NaN, 1, 2], 2)).toEqual([0, 3])
  expect(bestFeatures([1, Number.NaN], 5)).toEqual([0, 1])
  expect(bestShare([], 50)).toEqual([])
})
