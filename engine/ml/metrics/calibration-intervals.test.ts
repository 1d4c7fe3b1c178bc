import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { wilson } from '../statistics/wilson.ts'
import { calibrationCurve } from './calibration.ts'
import { calibrationIntervals } from './calibration-intervals.ts'

const random = createRandom(2)
const probabilities = Float64Array.from({ length: 400 }, () => random.uniform())
const labels = Array.from(probabilities, (p) => (random.uniform() < p ? 1 : 0))

test('without weights each bin has Wilson’s interval of its rows', () => {
  const bins = calibrationIntervals(labels, probabilities)
  expect(bins.map(({ low: _low, high: _high, ...bin }) => bin)).toEqual(calibrationCurve(labels, probabilities))
  for (const { low, high, observed, rows } of bins) {
    const own = wilson(observed * rows, rows)
    expect(low).toBeCloseTo(own.low!, 12)
    expect(high).toBeCloseTo(own.high!, 12)
  }
})

test('a common factor of the weights changes nothing, uneven weights widen, rows without weight do not count', () => {
  const plain = calibrationIntervals(labels, probabilities)
  const same = calibrationIntervals(labels, probabilities, { weights: new Float64Array(400).fill(7) })
  same.forEach((bin, index) => {
    expect(bin.high - bin.low).toBeCloseTo(plain[index]!.high - plain[index]!.low, 12)
  })
  const first = Float64Array.from({ length: 400 }, (_, row) => (row < 200 ? 1 : 0))
  const half = calibrationIntervals(labels.slice(0, 200), probabilities.slice(0, 200))
  const weighted = calibrationIntervals(labels, probabilities, { weights: first })
  expect(weighted.map(({ low, high }) => [low, high])).toEqual(half.map(({ low, high }) => [low, high]))
  expect(weighted[0]!.high - weighted[0]!.low).toBeGreaterThan(plain[0]!.high - plain[0]!.low)
})

test('about 95 of 100 intervals hold the truth', () => {
  let hits = 0
  for (let run = 0; run < 200; run++) {
    const own = createRandom(run)
    const p = new Float64Array(60).fill(0.33)
    const drawn = Array.from(p, (value) => (own.uniform() < value ? 1 : 0))
    const [bin] = calibrationIntervals(drawn, p)
    if (bin!.low <= 0.33 && bin!.high >= 0.33) hits++
  }
  expect(hits).toBeGreaterThan(178)
  expect(hits).toBeLessThan(200)
})
