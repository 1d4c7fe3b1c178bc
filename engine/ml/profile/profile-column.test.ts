import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FrameColumn } from '#contract'
import { histogram, sortedHistogram } from './histogram.ts'
import { profileColumn } from './profile-column.ts'

const numbers = (...values: number[]): FrameColumn => ({
  name: 'x',
  type: 'number',
  nullable: true,
  cells: { kind: 'number', values: Float64Array.from(values) },
})

// numpy 2: mean, std(ddof=1), quantile; scipy.stats skew and kurtosis (bias=True) of [1, 2, 2, 3, 4, 5, 50].
test('figures of a small column equal those of NumPy and SciPy', () => {
  const profile = profileColumn(numbers(1, 2, 2, 3, Number.NaN, 4, 5, 50))
  if (profile.kind !== 'number') throw new Error('a number column')
  expect(profile).toMatchObject({ rows: 8, missing: 1, distinct: 6, zeros: 0, infinite: 0 })
  expect(profile.mean).toBeCloseTo(9.571428571428571, 12)
  expect(profile.deviation).toBeCloseTo(17.877892706330005, 10)
  expect(profile.skewness).toBeCloseTo(2.017210080246718, 10)
  expect(profile.excessKurtosis).toBeCloseTo(2.11391563737266, 10)
  expect(profile.quantiles[3]).toBe(2)
  expect(profile.quantiles[4]).toBe(3)
  expect(profile.quantiles[5]).toBe(4.5)
  expect(profile.outliers).toEqual({ lowFence: -1.75, highFence: 8.25, below: 0, above: 1 })
})

test('columns without a value, with one, with infinities', () => {
  const empty = profileColumn(numbers(Number.NaN))
  expect(empty).toMatchObject({ missing: 1, distinct: 0, histogram: { edges: [], counts: [] } })
  expect(profileColumn(numbers(7, 7))).toMatchObject({ distinct: 1, histogram: { edges: [6.5, 7.5], counts: [2] } })
  const wild = profileColumn(numbers(1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2))
  expect(wild).toMatchObject({ missing: 0, distinct: 4, infinite: 2, mean: 1.5 })
})

test('levels by frequency, then by code unit', () => {
  const column: FrameColumn = {
    name: 'x',
    type: 'text',
    nullable: true,
    cells: { kind: 'text', codes: Int32Array.of(2, 0, 2, -1, 1), levels: ['a', 'bb', 'c', 'never'] },
  }
  expect(profileColumn(column)).toMatchObject({
    missing: 1,
    distinct: 3,
    levels: [
      { level: 'c', count: 2 },
      { level: 'a', count: 1 },
      { level: 'bb', count: 1 },
    ],
    shortest: 1,
    longest: 2,
  })
})

test('every finite value falls into one bin', () => {
  const values = fc.array(fc.double({ noNaN: false }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), (list, bins) => {
      const { edges, counts } = histogram(Float64Array.from(list), bins)
      const finite = list.filter((value) => Number.isFinite(value)).length
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite)
      const sorted = Float64Array.from(list).filter(Number.isFinite).sort()
      expect(sortedHistogram(sorted, bins)).toEqual({ edges, counts })
      for (let edge = 1; edge < edges.length; edge++) expect(edges[edge]!).toBeGreaterThanOrEqual(edges[edge - 1]!)
    }),
  )
})
