import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { kolmogorovSmirnov } from '../statistics/kolmogorov-smirnov.ts'
import { normalCdf } from '../statistics/normal.ts'
import { binnedShares, quantileEdges } from './binned-shares.ts'
import { compareLevels, compareNumbers } from './compare-samples.ts'
import { correlationChanges } from './correlation-change.ts'
import { domainClassifier } from './domain-classifier.ts'
import { equalWidthCounts } from './equal-width-counts.ts'
import { hellinger, jensenShannon, populationStability } from './share-distances.ts'
import { wasserstein } from './wasserstein.ts'

interface Golden {
  first: number[]
  second: number[]
  weights: number[]
  wasserstein: number
  wassersteinWeighted: number
  ks: [number, number]
  shares: [number[], number[]]
  jensenShannon: number
  jensenShannonBits: number
  hellinger: number
  counts: [number[], number[]]
  chiSquare: [statistic: number, pValue: number, degrees: number]
  deciles: number[][]
  stability: number
  before: number[]
  after: number[]
  z: Record<string, number>
  zPValues: Record<string, number>
}
const golden = readGolden<Golden>('ml-drift-distances')
const first = Float64Array.from(golden.first)
const second = Float64Array.from(golden.second)

test('distances equal SciPy', () => {
  expect(largestDifference(wasserstein(first, second), golden.wasserstein)).toBeLessThan(1e-12)
  const weights = Float64Array.from(golden.weights)
  expect(largestDifference(wasserstein(first, second, weights), golden.wassersteinWeighted)).toBeLessThan(1e-12)
  const [p, q] = golden.shares
  expect(largestDifference(jensenShannon(p, q), golden.jensenShannonBits)).toBeLessThan(1e-12)
  expect(largestDifference(jensenShannon(p, q) * Math.sqrt(Math.LN2), golden.jensenShannon)).toBeLessThan(1e-12)
  expect(largestDifference(hellinger(p, q), golden.hellinger)).toBeLessThan(1e-12)
})

test('shares in deciles of the reference and the stability index equal their definition in NumPy', () => {
  const edges = quantileEdges(first)
  const shares = [binnedShares(first, edges), binnedShares(second, edges)] as const
  expect(largestDifference(shares, golden.deciles)).toBeLessThan(1e-12)
  expect(largestDifference(populationStability(...shares), golden.stability)).toBeLessThan(1e-12)
})

test('a sample of numbers is compared in every way at once, values that are not finite left out', () => {
  const gaps = Float64Array.of(Number.NaN, ...golden.second, Number.POSITIVE_INFINITY)
  const change = compareNumbers(first, gaps)!
  expect(largestDifference([change.largestGap, change.pValue], golden.ks)).toBeLessThan(1e-12)
  expect(change.wasserstein).toBeCloseTo(golden.wasserstein, 12)
  expect(change.stability).toBeCloseTo(golden.stability, 12)
  expect(compareNumbers(first, Float64Array.of(Number.NaN))).toBeNull()
  const constant = compareNumbers(Float64Array.of(2, 2, 2), Float64Array.of(2, 3))!
  expect(constant).toMatchObject({ wasserstein: 0.5, wassersteinDeviations: null, largestGap: 0.5 })
})

test('levels: the 2 x k test equals SciPy and sees a new level', () => {
  const spread = (counts: readonly number[]) =>
    counts.flatMap((count, level) => new Array<string | null>(count).fill(level === 3 ? null : `level ${level}`))
  const [before, after] = golden.counts
  const change = compareLevels(spread(before), spread(after))!
  expect(largestDifference([change.chiSquare, change.pValue, change.degrees], golden.chiSquare)).toBeLessThan(1e-12)
  expect(change).toMatchObject({ added: ['level 2'], gone: [] })
  expect(compareLevels(['a'], [])).toBeNull()
  expect(compareLevels(['a', 'a'], ['a'])).toMatchObject({ chiSquare: 0, pValue: 1, stability: 0 })
})

const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 })

test('distances of a sample to itself are 0, to another symmetric, and the bounded ones at most 1', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const [x, y] = [Float64Array.from(a), Float64Array.from(b)]
      const same = compareNumbers(x, x)!
      expect(Math.max(same.largestGap, same.wasserstein, same.stability, same.jensenShannon, same.hellinger)).toBe(0)
      expect(wasserstein(x, y)).toBeCloseTo(wasserstein(y, x), 9)
      const edges = quantileEdges(x)
      const [p, q] = [binnedShares(x, edges), binnedShares(y, edges)]
      for (const distance of [jensenShannon, hellinger]) {
        expect(distance(p, q)).toBeCloseTo(distance(q, p), 9)
        expect(distance(p, q)).toBeLessThan(1 + 1e-9)
      }
      expect(populationStability(p, q)).toBeCloseTo(populationStability(q, p), 9)
    }),
  )
})

test('moving a sample moves it by as much; weights are repetitions', () => {
  fc.assert(
    fc.property(sample, fc.double({ min: -50, max: 50, noNaN: true }), (a, by) => {
      const x = Float64Array.from(a)
      expect(
        wasserstein(
          x,
          x.map((value) => value + by),
        ),
      ).toBeCloseTo(Math.abs(by), 6)
      const twice = Float64Array.of(...a, a[0]!)
      const weights = x.map((_, index) => (index === 0 ? 2 : 1))
      expect(wasserstein(x, second, weights)).toBeCloseTo(wasserstein(twice, second), 6)
    }),
  )
  expect(wasserstein(new Float64Array(), second)).toBeNaN()
})

test('changes of correlation equal their definition; the true one comes first', () => {
  const before = matrix(70, 3, Float64Array.from(golden.before))
  const after = matrix(55, 3, Float64Array.from(golden.after))
  const changes = correlationChanges(before, after)
  expect(changes[0]).toMatchObject({ columns: [0, 1] })
  for (const { columns, z, pValue } of changes) {
    expect(z).toBeCloseTo(golden.z[columns.join(' ')]!, 10)
    expect(pValue).toBeCloseTo(golden.zPValues[columns.join(' ')]!, 10)
  }
  expect(changes.every(({ pValue, adjusted }) => adjusted >= pValue)).toBe(true)
})

test('correlations that can not be computed are not told, perfect ones do not differ', () => {
  const line = matrix(
    6,
    3,
    Float64Array.from({ length: 18 }, (_, i) => (i % 3 === 2 ? 4 : Math.floor(i / 3) * ((i % 3) + 1))),
  )
  expect(correlationChanges(line, line)).toMatchObject([{ columns: [0, 1], z: 0, pValue: 1 }])
  const gaps = matrix(
    6,
    3,
    line.values.map((value, i) => (i % 3 === 0 ? Number.NaN : value)),
  )
  expect(correlationChanges(line, gaps)).toEqual([])
})

function normals(seed: number, rows: number, columns: number, mean: number, spread = 1): Matrix {
  const random = createRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => mean + spread * random.normal()),
  )
}

test('the domain classifier reaches the best possible area, Φ(d / √2), and sees a change of spread by the squares', () => {
  const random = () => createRandom(1)
  const moved = domainClassifier(normals(1, 1_500, 1, 0), normals(2, 1_500, 1, 1), { random: random() })
  expect(Math.abs(moved.auc - normalCdf(Math.SQRT1_2))).toBeLessThan(3 * moved.standardError)
  const [narrow, wide] = [normals(3, 600, 2, 5), normals(4, 500, 2, 5, 3)]
  expect(domainClassifier(narrow, wide, { random: random() }).auc).toBeGreaterThan(0.8)
  expect(domainClassifier(narrow, wide, { random: random(), squares: false }).auc).toBeLessThan(0.6)
})

test('without a difference the domain classifier rejects about as often as its level says', () => {
  const rejected = Array.from({ length: 60 }, (_, seed) => {
    const result = domainClassifier(normals(2 * seed + 10, 80, 2, 0), normals(2 * seed + 11, 60, 2, 0), {
      random: createRandom(seed),
    })
    return result.pValue < 0.05 ? 1 : 0
  }).reduce<number>((sum, one) => sum + one, 0)
  expect(rejected).toBeLessThan(12)
})

test('the domain classifier refuses what it can not judge; a constant column says nothing', () => {
  const random = createRandom(1)
  const x = normals(1, 30, 2, 0)
  expect(() => domainClassifier(x, normals(2, 9, 2, 0), { random })).toThrow('10 of each')
  expect(() => domainClassifier(x, normals(2, 30, 3, 0), { random })).toThrow(ProblemError)
  expect(() => domainClassifier(x, x, { random, folds: 1 })).toThrow('folds')
  const constant = matrix(20, 1, new Float64Array(20).fill(7))
  expect(domainClassifier(constant, constant, { random })).toMatchObject({ auc: 0.5, pValue: 1 })
})

interface FrourosCase {
  readonly before: number[]
  readonly after: number[]
  readonly psi: number
  readonly hellinger: number
  readonly wasserstein: number
  readonly ks: number
  readonly ksPValue: number
}
const ofFrouros = readGolden<{ distances: FrourosCase[] }>('ml-drift-frouros').distances

test.each(ofFrouros.map((own, index) => ({ index, own })))('samples $index: distances equal frouros', ({ own }) => {
  const [before, after] = [Float64Array.from(own.before), Float64Array.from(own.after)]
  const all = [...before, ...after]
  const shares = (values: Float64Array) =>
    equalWidthCounts(values, Math.min(...all), Math.max(...all), 10).map((count) => count / values.length)
  const [p, q] = [shares(before), shares(after)]
  expect(largestDifference(populationStability(p, q), own.psi)).toBeLessThan(1e-12)
  expect(largestDifference(hellinger(p, q), own.hellinger)).toBeLessThan(1e-12)
  expect(largestDifference(wasserstein(before, after), own.wasserstein)).toBeLessThan(1e-12)
  const { statistic, pValue } = kolmogorovSmirnov(before, after)
  expect(largestDifference(statistic, own.ks)).toBeLessThan(1e-12)
  expect(largestDifference(pValue, own.ksPValue)).toBeLessThan(1e-9)
})
