import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { bcaIntervals, percentileIntervals, resample } from './bootstrap.ts'

const random = createRandom(11)
const values = Float64Array.from({ length: 200 }, () => random.normal() ** 2)
const mean = (counts: Float64Array) => {
  let sum = 0
  let all = 0
  counts.forEach((count, i) => {
    sum += count * values[i]!
    all += count
  })
  return [sum / all]
}
const observed = mean(new Float64Array(200).fill(1))[0]!
const error = Math.sqrt(values.reduce((sum, value) => sum + (value - observed) ** 2, 0)) / 200

test('replicates of a mean spread as its standard error', () => {
  const [replicates] = resample(200, mean, { random: createRandom(1), replicates: 2_000 })
  const centre = replicates!.reduce((sum, value) => sum + value, 0) / 2_000
  const spread = Math.sqrt(replicates!.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 2_000)
  expect(spread / error).toBeGreaterThan(0.93)
  expect(spread / error).toBeLessThan(1.07)
})

test('the same seed gives the same interval, another a near one', () => {
  const options = { random: createRandom(2), replicates: 1_500 }
  const [interval] = percentileIntervals(200, mean, options)
  expect(percentileIntervals(200, mean, { ...options, random: createRandom(2) })[0]).toEqual(interval)
  const [other] = percentileIntervals(200, mean, { ...options, random: createRandom(3) })
  expect(Math.abs(other!.low - interval!.low)).toBeLessThan(0.3 * error)
  expect(interval!.low).toBeLessThan(observed - 1.5 * error)
  expect(interval!.high).toBeGreaterThan(observed + 1.5 * error)
})

test('BCa moves the interval of a skewed sample to the right', () => {
  const options = { replicates: 3_000 }
  const [plain] = percentileIntervals(200, mean, { ...options, random: createRandom(4) })
  const [corrected] = bcaIntervals(200, mean, { ...options, random: createRandom(4) })
  expect(corrected!.low).toBeGreaterThan(plain!.low)
  expect(corrected!.high).toBeGreaterThan(plain!.high)
})

test('replicates where the statistic is undefined are left out', () => {
  const [interval] = percentileIntervals(3, (counts) => [counts[0] === 0 ? Number.NaN : counts[0]!], {
    random: createRandom(5),
    replicates: 200,
  })
  expect(interval!.low).toBeGreaterThanOrEqual(1)
})
