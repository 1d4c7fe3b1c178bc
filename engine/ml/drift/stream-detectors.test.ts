import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import type { DetectorJson, DriftDetector } from './detector.ts'
import { detectorFromJson, streamDetectors } from './detector-from-json.ts'
import { Kswin } from './kswin.ts'
import { recommendedDetector } from './recommended-detector.ts'

interface Case {
  kind: string
  options: Record<string, unknown>
  stream: string
  drifts: number[]
  /** Runs of warnings, each as first index + length. */
  warnings: string
}
interface KswinCase {
  options: Record<string, number>
  values: string
  draws: string[]
  drifts: number[]
}
interface Golden {
  errors: Record<string, string>
  numbers: Record<string, string>
  onErrors: Case[]
  onNumbers: Case[]
  kswin: KswinCase[]
}
const golden = readGolden<Golden>('ml-drift-streams')
const hundredths = (text: string) => text.split(' ').map((value) => Number(value) / 100)
const kinds = Object.keys(streamDetectors)
const make = (kind: string, options?: Record<string, unknown>) => new streamDetectors[kind]!(options)

function answers(detector: DriftDetector, stream: readonly number[]) {
  const drifts: number[] = []
  const warnings: [number, number][] = []
  stream.forEach((value, index) => {
    const state = detector.update(value)
    if (state === 'drift') drifts.push(index)
    if (state !== 'warning') return
    const last = warnings.at(-1)
    if (last && last[0] + last[1] === index) last[1]++
    else warnings.push([index, 1])
  })
  return { drifts, warnings: warnings.map((run) => run.join('+')).join(' ') }
}

test.each(golden.onErrors)('$kind $options answers as river on errors, $stream', (expected) => {
  const stream = Array.from(golden.errors[expected.stream]!, Number)
  const { drifts, warnings } = answers(make(expected.kind, expected.options), stream)
  expect({ drifts, warnings }).toEqual({ drifts: expected.drifts, warnings: expected.warnings })
})

test.each(golden.onNumbers)('$kind $options answers as river on numbers, $stream', (expected) => {
  const stream = hundredths(golden.numbers[expected.stream]!)
  expect(answers(make(expected.kind, expected.options), stream).drifts).toEqual(expected.drifts)
})

test('the goldens hold detections of every kind, and warnings of every kind that warns', () => {
  const found = new Set([...golden.onErrors, ...golden.onNumbers].filter((c) => c.drifts.length > 0).map((c) => c.kind))
  expect([...found, 'kswin'].sort()).toEqual(kinds)
  const warned = new Set(golden.onErrors.filter((c) => c.warnings.length > 0).map((c) => c.kind))
  expect([...warned].sort()).toEqual(['ddm', 'eddm', 'hddm-a', 'hddm-w'])
})

test.each(golden.kswin)('KSWIN $options answers as river for the same draws', ({ options, values, draws, drifts }) => {
  let next = 0
  class Replayed extends Kswin {
    protected override draw(order: Uint32Array): void {
      order.set(Array.from(draws[next++]!, (character) => character.charCodeAt(0) - 48))
    }
  }
  expect(answers(new Replayed(options), hundredths(values)).drifts).toEqual(drifts)
  expect(drifts.length).toBeGreaterThan(0)
  expect(next).toBe(draws.length)
})

const driftingErrors = [
  ...Array.from(golden.errors['abrupt']!, Number),
  ...Array.from(golden.errors['zeros then errors']!, Number),
]

test.each(kinds)('%s saved in the middle of a stream goes on as if nothing had happened', (kind) => {
  const stream = driftingErrors.slice(600, 2_600)
  const straight = make(kind)
  const expected = stream.map((value) => straight.update(value))
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { minLength: 1, maxLength: 4 }), (cuts) => {
      let detector = make(kind)
      const states = stream.map((value, index) => {
        if (cuts.includes(index))
          detector = detectorFromJson(JSON.parse(JSON.stringify(detector.toJson())) as DetectorJson)
        return detector.update(value)
      })
      expect(states).toEqual(expected)
      expect(detector.toJson()).toEqual(straight.toJson())
    }),
    { numRuns: 12 },
  )
})

test.each(kinds)('%s never finds a drift in a constant', (kind) => {
  for (const constant of [0, 1]) {
    const detector = make(kind)
    for (let n = 0; n < 3_000; n++) expect(detector.update(constant)).toBe('none')
  }
})

test.each(kinds)('%s finds errors that were rare and become the rule', (kind) => {
  const options = kind === 'page-hinkley' ? { threshold: 10 } : {}
  const detector = make(kind, options)
  const random = (n: number) => ((n * 7919) % 101) / 101
  for (let n = 0; n < 800; n++) detector.update(random(n) < 0.1 ? 1 : 0)
  const after = Array.from({ length: 400 }, (_, n) => detector.update(random(n) < 0.9 ? 1 : 0))
  expect(after).toContain('drift')
})

test.each(kinds)('%s refuses what is no observation, and stays as it was', (kind) => {
  const detector = make(kind)
  for (const value of driftingErrors.slice(0, 50)) detector.update(value)
  const before = JSON.stringify(detector.toJson())
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(() => detector.update(value)).toThrow(ProblemError)
  expect(JSON.stringify(detector.toJson())).toBe(before)
})

test.each(kinds)('%s refuses options out of range and damaged states', (kind) => {
  const json = make(kind).toJson()
  for (const [name, value] of Object.entries(json.options)) {
    if (name === 'seed' || name === 'twoSided') continue
    const wrong = typeof value === 'number' ? -1 : 'sideways'
    expect(() => make(kind, { [name]: wrong }), name).toThrow(`got ${name} = ${wrong}`)
    expect(() => make(kind, { [name]: Number.NaN }), name).toThrow(ProblemError)
  }
  for (const name of Object.keys(json.state)) {
    const { [name]: _, ...rest } = json.state
    expect(() => detectorFromJson({ ...json, state: rest }), name).toThrow(`"${name}"`)
    expect(() => detectorFromJson({ ...json, state: { ...rest, [name]: [Number.NaN] } }), name).toThrow(ProblemError)
  }
})

test('a saved detector of an unknown kind is refused', () => {
  expect(() => detectorFromJson({ kind: 'toString', options: {}, state: {} })).toThrow('does not exist')
})

test('ADWIN knows the mean and width of its window', () => {
  const adwin = make('adwin') as DriftDetector & { mean: number; width: number }
  expect(adwin.mean).toBeNaN()
  const values = hundredths(golden.numbers['steady']!).slice(0, 777)
  for (const value of values) adwin.update(value)
  expect(adwin.width).toBe(777)
  expect(adwin.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 777, 12)
})

test('the recommended detector finds a doubled error rate sooner than ADWIN with its defaults', () => {
  const stream = Array.from(golden.errors['abrupt']!, Number)
  const first = (detector: DriftDetector) => answers(detector, stream).drifts[0]!
  expect(first(recommendedDetector())).toBeGreaterThan(1_000)
  expect(first(recommendedDetector())).toBeLessThan(first(make('adwin')))
})
