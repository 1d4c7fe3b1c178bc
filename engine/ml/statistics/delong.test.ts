import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { deLong, deLongInterval, deLongTest } from './delong.ts'
import { normalTwoSided } from './normal.ts'

interface Golden {
  binary: { labels: number[]; a: number[]; b: number[]; delong: number[][]; plain: { roc_auc: number } }
}
const { labels, a, b, delong, plain } = readGolden<Golden>('ml-stats-metrics').binary
const first = Float64Array.from(a)
const second = Float64Array.from(b)

test('areas and covariance equal the definition over all pairs', () => {
  const { areas, covariance } = deLong(labels, [first, second])
  expect(areas[0]).toBeCloseTo(plain.roc_auc, 13)
  expect(largestDifference(covariance, delong)).toBeLessThan(1e-13)
})

test('the paired test is the normal one on the difference', () => {
  const { difference, pValue } = deLongTest(labels, first, second)
  const error = Math.sqrt(delong[0]![0]! + delong[1]![1]! - 2 * delong[0]![1]!)
  expect(pValue).toBeCloseTo(normalTwoSided(difference.value! / error), 10)
  expect(deLongTest(labels, first, first).pValue).toBe(1)
})

test('the interval stays within 0 and 1 and is absent where it is undefined', () => {
  const { low, high } = deLongInterval(labels, first)
  expect((low! + high!) / 2).toBeCloseTo(plain.roc_auc, 12)
  expect(deLongInterval([1, 1, 0, 0], Float64Array.of(0.9, 0.8, 0.2, 0.1)).high).toBe(1)
  expect(deLongInterval([1, 1], Float64Array.of(0.9, 0.8)).value).toBeNull()
})
