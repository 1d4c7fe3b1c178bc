import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { bootstrapGaps } from './bootstrap-gaps.ts'
import { groupGaps } from './group-gaps.ts'
import { judgeGroups } from './judge-groups.ts'

const random = createRandom(3)
const rows = 900
const groups = {
  codes: Int32Array.from({ length: rows }, () => random.integer(3)),
  names: ['a', 'b', 'c'],
  missing: -1,
}
const actual = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.5 ? 1 : 0))
const favourable = Uint8Array.from(actual, (label, row) =>
  random.uniform() < 0.3 + 0.3 * label + 0.08 * groups.codes[row]! ? 1 : 0,
)
const replicates = 2_000

test('drawing cells gives the intervals that drawing rows gives', () => {
  const cells = bootstrapGaps(groups, { favourable, actual }, 'group', { random: createRandom(1), replicates })
  const weights = new Float64Array(rows).fill(1)
  const drawn = bootstrapGaps(groups, { favourable, actual, weights }, 'group', { random: createRandom(2), replicates })
  expect(cells.map(({ name }) => name)).toEqual(drawn.map(({ name }) => name))
  expect(cells.length).toBeGreaterThan(6)
  cells.forEach((metric, index) => {
    const other = drawn[index]!
    expect(metric.value).toBeCloseTo(other.value!, 12)
    // a 2.5 % quantile of 2,000 replicates of deviation near 0.04 has a standard error near 0.0025
    expect(Math.abs(metric.low! - other.low!)).toBeLessThan(0.02)
    expect(Math.abs(metric.high! - other.high!)).toBeLessThan(0.02)
  })
})

test('values are those of the gaps, the same seed gives the same intervals, and labels alone are judged too', () => {
  const gaps = groupGaps(judgeGroups(groups, { favourable, actual }), 'group')
  const once = bootstrapGaps(groups, { favourable, actual }, 'group', { random: createRandom(9), replicates: 100 })
  const again = bootstrapGaps(groups, { favourable, actual }, 'group', { random: createRandom(9), replicates: 100 })
  expect(once.map(({ value }) => value)).toEqual(gaps.map(({ value }) => value))
  expect(again).toEqual(once)
  const labels = bootstrapGaps(groups, { favourable: actual }, 'group', { random: createRandom(9), replicates: 100 })
  expect(labels.map(({ name }) => name)).toEqual(['fairness.ratio.group', 'fairness.parity.group'])
  for (const { value, low, high } of labels) {
    expect(low!).toBeLessThan(high!)
    expect(value).not.toBeNull()
  }
})
