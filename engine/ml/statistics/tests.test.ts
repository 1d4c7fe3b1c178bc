import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { chiSquareTest } from './chi-square-test.ts'
import { fisherExact } from './fisher-exact.ts'
import { katz } from './katz.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { mannWhitney } from './mann-whitney.ts'
import { mcnemar } from './mcnemar.ts'
import { moments } from './moments.ts'
import { benjaminiHochberg, holm } from './multiple-testing.ts'
import { newcombe } from './newcombe.ts'
import { median, quantiles, weightedQuantile } from './quantiles.ts'
import { wilson } from './wilson.ts'

type Pair = [number, number]
type Four = [number, number, number, number]
interface Golden {
  counts: Pair[]
  twos: [Pair, Pair][]
  wilson: Pair[]
  table: number[][]
  chiSquare: number[]
  chiSquareYates: Pair[]
  fisher: number[]
  small: number[][]
  ties: number[][]
  large: number[][]
  ks: Pair[]
  mannWhitney: Pair[]
  changes: Pair[]
  mcnemar: Pair[]
  pValues: number[]
  holm: number[]
  benjaminiHochberg: number[]
  sample: number[]
  probabilities: number[]
  quantiles: number[]
  moments: number[]
}
const golden = readGolden<Golden>('ml-stats-tests')
const shares = readGolden<{ shares: { rows: Four[]; newcombe: Pair[]; katz: (Pair | null)[] } }>(
  'ml-stats-tests',
).shares

test('Wilson, Newcombe and Katz intervals equal statsmodels', () => {
  const limits = golden.counts.map(([k, n]) => wilson(k, n)).map(({ low, high }) => [low, high])
  expect(largestDifference(limits, golden.wilson)).toBeLessThan(1e-12)
  const differences = shares.rows.map((row) => newcombe(...row)).map(({ low, high }) => [low, high])
  expect(largestDifference(differences, shares.newcombe)).toBeLessThan(1e-12)
  shares.rows.forEach((row, i) => {
    const { low, high } = katz(...row)
    if (shares.katz[i] === null) expect(low).toBeUndefined()
    else expect(largestDifference([low, high], shares.katz[i])).toBeLessThan(1e-12)
  })
})

test('shares of nothing are undefined, not zero', () => {
  expect(wilson(0, 0).value).toBeNull()
  expect(newcombe(1, 2, 0, 0).value).toBeNull()
  expect(katz(1, 2, 0, 5).value).toBeNull()
  expect(katz(0, 2, 3, 5)).toEqual({ value: 0, n: 2 })
})

test('contingency tests equal SciPy', () => {
  const { statistic, pValue, degrees } = chiSquareTest(golden.table)
  expect(largestDifference([statistic, pValue, degrees], golden.chiSquare)).toBeLessThan(1e-12)
  const yates = golden.twos.map((table) => chiSquareTest(table)).map((result) => [result.statistic, result.pValue])
  expect(largestDifference(yates, golden.chiSquareYates)).toBeLessThan(1e-12)
  const fisher = golden.twos.map(([[a, b], [c, d]]) => fisherExact(a, b, c, d).pValue)
  expect(largestDifference(fisher, golden.fisher)).toBeLessThan(1e-11)
  const paired = golden.changes.map(([a, b]) => [mcnemar(a, b, true).pValue, mcnemar(a, b, false).pValue])
  expect(largestDifference(paired, golden.mcnemar)).toBeLessThan(1e-12)
})

test('rank tests equal SciPy', () => {
  const pairs = [golden.small, golden.ties, golden.large].map(
    ([a, b]) => [Float64Array.from(a!), Float64Array.from(b!)] as const,
  )
  const ks = pairs.map(([a, b]) => kolmogorovSmirnov(a, b)).map((result) => [result.statistic, result.pValue])
  expect(largestDifference(ks, golden.ks)).toBeLessThan(1e-12)
  const u = pairs.map(([a, b]) => mannWhitney(a, b)).map((result) => [result.statistic, result.pValue])
  expect(largestDifference(u, golden.mannWhitney)).toBeLessThan(1e-12)
})

test('corrections for many tests equal statsmodels', () => {
  expect(largestDifference(holm(golden.pValues), golden.holm)).toBeLessThan(1e-13)
  expect(largestDifference(benjaminiHochberg(golden.pValues), golden.benjaminiHochberg)).toBeLessThan(1e-13)
})

test('quantiles and moments equal NumPy and SciPy', () => {
  const sample = Float64Array.from(golden.sample)
  expect(largestDifference(quantiles(sample, golden.probabilities), golden.quantiles)).toBeLessThan(1e-14)
  const { mean, variance, sampleVariance, skewness, excessKurtosis } = moments(sample)
  const ours = [mean, variance, sampleVariance, skewness, excessKurtosis]
  expect(largestDifference(ours, golden.moments)).toBeLessThan(1e-12)
})

test('missing cells are left out, and an empty column has no mean', () => {
  const { n, mean, min } = moments(Float64Array.of(Number.NaN, 2, 4))
  expect([n, mean, min]).toEqual([2, 3, 2])
  expect(moments(Float64Array.of(Number.NaN)).mean).toBeNaN()
  expect(median(Float64Array.of(Number.NaN, 1, 9, 4))).toBe(4)
})

test('weights count as repetitions', () => {
  const rows = fc.array(
    fc.record({ value: fc.integer({ min: -50, max: 50 }), times: fc.integer({ min: 1, max: 4 }) }),
    {
      minLength: 2,
      maxLength: 20,
    },
  )
  fc.assert(
    fc.property(rows, fc.constantFrom(0.1, 0.25, 0.5, 0.9), (drawn, probability) => {
      const values = Float64Array.from(drawn, (row) => row.value)
      const weights = Float64Array.from(drawn, (row) => row.times)
      const repeated = Float64Array.from(drawn.flatMap((row) => new Array<number>(row.times).fill(row.value)))
      const weighted = moments(values, weights)
      const plain = moments(repeated)
      expect(
        largestDifference([weighted.mean, weighted.sampleVariance], [plain.mean, plain.sampleVariance]),
      ).toBeLessThan(1e-10)
      const rank = Math.ceil(probability * repeated.length * (1 - 1e-12)) - 1
      expect(weightedQuantile(values, weights, probability)).toBe(repeated.sort()[Math.max(0, rank)])
    }),
  )
})
