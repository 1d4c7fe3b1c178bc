import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cells } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { createRandom } from '../random/random.ts'
import { digamma, digammas } from './digamma.ts'
import { classInformation, mutualInformation } from './mutual-information.ts'
import { mixedInformation, numberInformation } from './neighbour-information.ts'

type Spread = [mean: number, deviation: number]
interface Golden {
  classes: number[]
  number: number[]
  other: number[]
  quarter: number[]
  tied: Record<string, number[]>
  pairs: [string, string][]
  classesOfQuarter: number
  mixed: number[]
  numbers: number[]
  mixedTied: Record<string, Spread>
  numbersTied: Spread[]
}
const golden = readGolden<Golden>('ml-select-information')
const classes = Int32Array.from(golden.classes)
const number = Float64Array.from(golden.number)
const other = Float64Array.from(golden.other)

test('information of two classes equals scikit-learn', () => {
  expect(classInformation(classes, Int32Array.from(golden.quarter))).toBeCloseTo(golden.classesOfQuarter, 13)
})

test('without ties the neighbour estimates equal scikit-learn without its noise', () => {
  const mixed = [1, 3, 5].map((k) => mixedInformation(number, classes, k))
  expect(largestDifference(mixed, golden.mixed)).toBeLessThan(1e-12)
  const numbers = [1, 3, 5].map((k) => numberInformation(number, other, k))
  expect(largestDifference(numbers, golden.numbers)).toBeLessThan(1e-12)
})

test('with ties they lie within a standard deviation of scikit-learn over 40 noise seeds (0.02 nats)', () => {
  for (const [name, [mean]] of Object.entries(golden.mixedTied))
    expect(Math.abs(mixedInformation(Float64Array.from(golden.tied[name]!), classes) - mean), name).toBeLessThan(0.02)
  golden.pairs.forEach(([a, b], i) => {
    const ours = numberInformation(Float64Array.from(golden.tied[a]!), Float64Array.from(golden.tied[b]!))
    expect(Math.abs(ours - golden.numbersTied[i]![0]), `${a} and ${b}`).toBeLessThan(0.02)
  })
})

test('columns without information have none, and it is never negative or undefined', () => {
  const constant = new Float64Array(300).fill(2)
  expect(numberInformation(number, constant)).toBe(0)
  expect(mixedInformation(constant, classes)).toBeCloseTo(0, 2)
  expect(numberInformation(new Float64Array(0), new Float64Array(0))).toBe(0)
  expect(mixedInformation(Float64Array.of(1), Int32Array.of(0))).toBe(0)
  expect(classInformation(new Int32Array(5), new Int32Array(5))).toBe(0)
  const random = createRandom(5)
  const noise = number.map(() => random.normal())
  expect(numberInformation(noise, number)).toBeLessThan(0.1)
})

test('cells: the kind of both columns decides, missing rows are left out', () => {
  const text = (codes: ArrayLike<number>): Cells => ({
    kind: 'text',
    codes: Int32Array.from(codes),
    levels: ['a', 'b', 'c', 'd'],
  })
  const numbers = (values: ArrayLike<number>): Cells => ({ kind: 'number', values: Float64Array.from(values) })
  const gap = [...golden.number, Number.NaN, 5]
  const codes = [...golden.classes, 1, -1]
  expect(mutualInformation(numbers(gap), text(codes))).toBe(mixedInformation(number, classes))
  expect(mutualInformation(text(codes), numbers(gap))).toBe(mixedInformation(number, classes))
  expect(mutualInformation(text(golden.classes), text(golden.quarter))).toBeCloseTo(golden.classesOfQuarter, 13)
  expect(mutualInformation(numbers(gap), numbers([...golden.other, 1, Number.NaN]))).toBe(
    numberInformation(number, other),
  )
  expect(mutualInformation(numbers([Number.NaN]), text([0]))).toBe(0)
})

test('no estimate depends on the order of rows, and two numbers can change places', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 30 }), (seed, grain) => {
      const random = createRandom(seed)
      const x = Float64Array.from({ length: 60 }, () => Math.round(random.normal() * grain))
      const y = x.map((value) => Math.round(value + random.normal() * grain))
      const labels = Int32Array.from(x, () => random.integer(3))
      const order = random.permutation(60)
      const [mx, my] = [x, y].map((values) => Float64Array.from(order, (row) => values[row]!))
      const mixed = Int32Array.from(order, (row) => labels[row]!)
      expect(numberInformation(mx!, my!)).toBeCloseTo(numberInformation(x, y), 12)
      expect(numberInformation(y, x)).toBeCloseTo(numberInformation(x, y), 12)
      expect(mixedInformation(mx!, mixed)).toBeCloseTo(mixedInformation(x, labels), 12)
    }),
    { numRuns: 30 },
  )
})

test('digamma: the series continues the table of whole numbers', () => {
  const table = digammas(40)
  for (let n = 1; n <= 40; n++) expect(digamma(n)).toBeCloseTo(table[n]!, 13)
  expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 13)
})
