import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FrameColumn } from '#contract'
import { featureSlices } from './feature-slices.ts'
import { meanEstimate, sliceFigures } from './slice-figures.ts'

const set = (rows: number[]) => ({ label: 'tag', conditions: [], rows: Uint32Array.from(rows) })

test('the four fractions of a hand-made case', () => {
  const errors = Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 0, 0, 0)
  const slice = sliceFigures(set([0, 1, 2, 3]), { errors }, 5)
  expect(slice).toMatchObject({ rows: 4, errors: 2, shareOfData: 0.4, small: true })
  expect(slice.shareOfErrors).toBeCloseTo(2 / 3, 15)
  expect(slice.errorRate.value).toBe(0.5)
  expect(slice.metric.value).toBe(0.5)
  expect(slice.room).toBeCloseTo((2 - 4 / 6) / 10, 15)
  expect(sliceFigures(set([5, 6]), { errors }, 1)).toMatchObject({ room: 0, small: false, shareOfErrors: 0 })
})

test('numeric targets average the size of the error', () => {
  const sizes = Float64Array.of(1, 3, 5, 100)
  const slice = sliceFigures(set([0, 1, 2]), { errors: Uint8Array.of(0, 0, 0, 1), sizes }, 1)
  expect(slice.metric.value).toBe(3)
  expect(slice.metric.high! - 3).toBeCloseTo(1.959964 * Math.sqrt(4 / 3), 5)
  expect(meanEstimate(sizes, Uint32Array.of(2))).toEqual({ value: 5, n: 1 })
})

const numbers = (values: number[]): FrameColumn => ({
  name: 'x',
  type: 'number',
  nullable: true,
  cells: { kind: 'number', values: Float64Array.from(values) },
})

test('numbers fall into quartiles, few values into one slice each, missing cells apart', () => {
  const quartiles = featureSlices(numbers([...Array(100).keys(), Number.NaN]))
  expect(quartiles.map((slice) => slice.rows.length)).toEqual([25, 25, 25, 25, 1])
  expect(quartiles[0]!.label).toBe('x 0 to 24.75')
  expect(featureSlices(numbers([1, 2, 2, 1])).map((slice) => slice.label)).toEqual(['x = 1', 'x = 2'])
})

test('text with many values keeps the frequent ones and joins the rest', () => {
  const levels = Array.from({ length: 30 }, (_, i) => `v${String(i).padStart(2, '0')}`)
  const codes = Int32Array.from([...levels.keys(), 3, 3, 7, -1])
  const slices = featureSlices({ name: 'job', type: 'text', nullable: true, cells: { kind: 'text', codes, levels } })
  expect(slices[0]!.label).toBe('job = v03')
  expect(slices.map((slice) => slice.conditions[0]!.value).slice(-2)).toEqual(['any other value', 'missing'])
})

test('the slices of a column are a partition of the rows', () => {
  const cell = fc.oneof(
    fc.constant(Number.NaN),
    fc.integer({ min: -30, max: 30 }),
    fc.double({ noNaN: true, min: -5, max: 5 }),
  )
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 80 }), (values) => {
      const rows = featureSlices(numbers(values)).flatMap((slice) => [...slice.rows])
      expect(rows.sort((a, b) => a - b)).toEqual([...values.keys()])
    }),
  )
})
