import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { GridSearch } from './grid-search.ts'
import { searches, searchFromJson } from './search-from-json.ts'
import { sobolInteger } from './sobol.ts'
import { SobolSearch } from './sobol-search.ts'
import type { NumberDimension, SearchSpace, Settings } from './space.ts'
import type { SearchJson } from './trial-search.ts'
import { settingAt, unitOf } from './unit-interval.ts'

const golden = readGolden<{ sobol: { dimensions: number[]; points: number[][] } }>('ml-search')

const space: SearchSpace = {
  learner: { kind: 'category', choices: ['tree', 'line', 'net'] },
  depth: { kind: 'integer', low: 1, high: 8, when: { name: 'learner', is: ['tree'] } },
  split: { kind: 'category', choices: [true, false], when: { name: 'depth', is: [1, 2, 3] } },
  rate: { kind: 'number', low: 1e-4, high: 1, log: true },
  width: { kind: 'integer', low: 8, high: 256, log: true, when: { name: 'learner', is: ['net'] } },
  share: { kind: 'number', low: 0.1, high: 0.9, step: 0.2 },
}

/** A made-up loss: lower for trees, near a rate of 0.01, with a larger share. */
const loss = (settings: Settings) =>
  (settings.learner === 'tree' ? 0 : 1) +
  Math.abs(Math.log10(settings.rate as number) + 2) +
  1 -
  (settings.share as number)

test('Sobol points are those of SciPy', () => {
  const { dimensions, points } = golden.sobol
  points.forEach((point, index) => {
    expect(dimensions.map((dimension) => sobolInteger(index, dimension))).toEqual(point)
  })
})

test('every power of two of shifted Sobol points fills each half, quarter and eighth alike', () => {
  const flat: SearchSpace = Object.fromEntries(
    Array.from({ length: 20 }, (_, d) => [`x${d}`, { kind: 'number', low: 0, high: 1 }] as const),
  )
  const search = new SobolSearch({ space: flat, seed: 4 })
  const trials = Array.from({ length: 64 }, () => search.ask()!.settings)
  for (const name of Object.keys(flat)) {
    const counts = new Array<number>(8).fill(0)
    for (const settings of trials) counts[Math.floor((settings[name] as number) * 8)]!++
    expect(counts).toEqual(new Array(8).fill(8))
  }
})

test('the grid holds every combination once, conditional ones only where they exist', () => {
  const search = new GridSearch({ space, seed: 1, points: 3 })
  const seen: Settings[] = []
  for (let trial = search.ask(); trial; trial = search.ask()) seen.push(trial.settings)
  // depth 1, 5 and 8 (of which 1 splits two ways), line, widths 8, 45 and 256; by 3 rates and 3 shares
  expect(seen).toHaveLength((4 + 1 + 3) * 9)
  expect(search.size).toBe(72)
  expect(new Set(seen.map((settings) => JSON.stringify(settings))).size).toBe(72)
  expect([...new Set(seen.map(({ rate }) => (rate as number).toPrecision(6)))]).toEqual([
    '0.000100000',
    '0.0100000',
    '1.00000',
  ])
  expect([...new Set(seen.map(({ width }) => width))]).toEqual([undefined, 8, 45, 256])
  const strides = new GridSearch({ space, seed: 1, points: 3, spread: true })
  const spread: Settings[] = []
  for (let trial = strides.ask(); trial; trial = strides.ask()) spread.push(trial.settings)
  const text = (settings: Settings) => JSON.stringify(settings)
  expect(spread.map(text).toSorted()).toEqual(seen.map(text).toSorted())
  for (const name of ['learner', 'rate', 'share'])
    expect(new Set(spread.slice(0, 8).map((settings) => settings[name]))).toEqual(
      new Set(seen.map((settings) => settings[name])),
    )
})

test('a grid of more combinations than fit in memory is counted and gone through all the same', () => {
  const large: SearchSpace = Object.fromEntries(
    Array.from({ length: 12 }, (_, d) => [`x${d}`, { kind: 'number', low: 0, high: 9 }] as const),
  )
  const search = new GridSearch({ space: large, seed: 1, points: 10 })
  expect(search.size).toBe(1e12)
  search.ask()
  expect(Object.values(search.ask()!.settings)).toEqual([...new Array(11).fill(0), 1])
})

test('a share of a dimension is a setting of it, and back', () => {
  const range = fc.record({
    low: fc.integer({ min: 1, max: 50 }),
    more: fc.integer({ min: 1, max: 50 }),
    log: fc.boolean(),
  })
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(range, unit, fc.constantFrom('number', 'integer'), ({ low, more, log }, u, kind) => {
      const dimension: NumberDimension = { kind: kind as 'number', low, high: low + more, log }
      const value = settingAt(dimension, u) as number
      expect(value).toBeGreaterThanOrEqual(low)
      expect(value).toBeLessThanOrEqual(low + more)
      if (kind === 'integer') expect(Number.isInteger(value)).toBe(true)
      else expect(unitOf(dimension, value)).toBeCloseTo(u, 9)
    }),
  )
})

const future = (json: SearchJson, steps: number) => {
  const search = searchFromJson(json)
  for (let count = 0; count < steps; count++) {
    const trial = search.ask()
    if (trial && trial.number % 5 !== 3) search.tell(trial.number, loss(trial.settings))
  }
  return search.toJson()
}

test.each(Object.keys(searches))('%s: saved in the middle it has the same future, and a seed fixes it', (kind) => {
  const start = {
    kind,
    options: { space: searchable(kind), seed: 11, direction: 'minimise' as const },
    trials: [],
    told: [],
  }
  const middle = future(start, 17)
  const whole = future(start, 17)
  expect(middle).toEqual(whole)
  const restored = JSON.parse(JSON.stringify(middle)) as SearchJson
  const search = searchFromJson(restored)
  expect(search.toJson()).toEqual(middle)
  expect(future(restored, 9)).toEqual(future(middle, 9))
  expect(search.trials.length).toBeGreaterThan(5)
  for (const { settings } of search.trials) {
    expect(Object.hasOwn(settings, 'depth')).toBe(settings.learner === 'tree')
    expect(settings.rate).toBeGreaterThanOrEqual(1e-4)
    expect(settings.rate).toBeLessThanOrEqual(1)
  }
})

/** The controller takes categories only. */
const searchable = (kind: string): SearchSpace =>
  kind === 'controller'
    ? {
        learner: space.learner!,
        depth: { kind: 'category', choices: [1, 4, 8], when: { name: 'learner', is: ['tree'] } },
        rate: { kind: 'category', choices: [0.001, 0.01, 0.1] },
        share: { kind: 'category', choices: [0.1, 0.5, 0.9] },
      }
    : space

test('what can not be searched or told is said', () => {
  const make = (bad: SearchSpace) => () => searches.random!({ space: bad, seed: 1 })
  expect(make({})).toThrow('no parameter')
  expect(make({ a: { kind: 'number', low: 1, high: 0 } })).toThrow('range of a is 1 to 0')
  expect(make({ a: { kind: 'number', low: 0, high: 1, log: true } })).toThrow('begins at 0')
  expect(make({ a: { kind: 'number', low: 0, high: 1, step: 0 } })).toThrow('step of a')
  expect(make({ a: { kind: 'category', choices: ['x', 'x'] } })).toThrow('stands twice')
  expect(make({ a: { kind: 'integer', low: 0, high: 2, when: { name: 'b', is: [1] } } })).toThrow('depends on b')
  const search = searches.random!({ space, seed: 1 })
  search.ask()
  search.tell(0, 3)
  expect(() => search.tell(0, 3)).toThrow('already has a value')
  expect(() => search.tell(5, 3)).toThrow('no trial 5')
  expect(() => searchFromJson({ ...search.toJson(), kind: 'psychic' })).toThrow('"psychic", which does not exist')
  const wide = Object.fromEntries(Array.from({ length: 20 }, (_, d) => [`x${d}`, { kind: 'number', low: 0, high: 1 }]))
  expect(() => searches.grid!({ space: wide, seed: 1, points: 10 } as never)).toThrow('combinations')
})

test('the best is the lowest or the highest, and a failed trial never', () => {
  for (const direction of ['minimise', 'maximise'] as const) {
    const search = searches.random!({ space, seed: 1, direction })
    expect(search.best()).toBeUndefined()
    for (const value of [3, null, 1, Number.POSITIVE_INFINITY, 7]) search.tell(search.ask()!.number, value)
    expect(search.best()!.value).toBe(direction === 'minimise' ? 1 : 7)
  }
})
