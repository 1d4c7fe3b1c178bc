import { expect, test } from 'vitest'
import { type ParallelChart, parallelLayout } from '#report/parallel-layout'
import { axisStops, type Brushes, brushedBy, brushedByKey, isWithin, markedStops } from './brushed-lines.ts'

const chart: ParallelChart = {
  type: 'parallel',
  axes: [
    { title: 'rate', low: 0.001, high: 1, log: true },
    { title: 'kind', words: ['a', 'b'] },
  ],
  lines: [
    { label: 'low', values: [0.002, 'a'], strength: 0 },
    { label: 'high', values: [0.5, 'b'], strength: 1 },
    { label: 'gap', values: [0.5, null], strength: 0.5 },
  ],
}
const { axes, ends } = parallelLayout(chart, 600)
const [bottom, top] = ends
const within = (brushes: Parameters<typeof isWithin>[2]) =>
  chart.lines.filter((line) => isWithin(line, axes, brushes)).map(({ label }) => label)

test('lines through every mark are kept, those without a value on a marked axis are not', () => {
  const middle = (top + bottom) / 2
  expect(within({})).toEqual(['low', 'high', 'gap'])
  const upper = brushedBy({}, 0, middle, top)
  expect(within(upper)).toEqual(['high', 'gap'])
  expect(within(brushedBy(upper, 1, top, middle))).toEqual(['high'])
  expect(within(brushedBy(upper, 1, middle, bottom))).toEqual([])
})

test('a click takes the mark of its axis away and leaves the others', () => {
  const both = brushedBy(brushedBy({}, 0, 40, 90), 1, 200, 120)
  expect(both).toEqual({ 0: [40, 90], 1: [120, 200] })
  expect(brushedBy(both, 0, 60, 61)).toEqual({ 1: [120, 200] })
})

test('by keys the ends move from value to value, and lines outside go', () => {
  const stops = axisStops(chart, axes, 0, bottom)
  expect(stops.map(({ words }) => words)).toEqual(['0.002', '0.5'])
  const press = (brushes: Brushes, key: string, shiftKey = false) => brushedByKey(brushes, 0, stops, { key, shiftKey })
  const low = press({}, 'ArrowDown')!
  expect(within(low)).toEqual(['low'])
  expect(markedStops(stops, low[0])).toEqual([0, 0])
  expect(press(low, 'ArrowDown')).toEqual(low)
  expect(press(low, 'ArrowUp')).toEqual({})
  expect(within(press({}, 'ArrowUp', true)!)).toEqual(['high', 'gap'])
  expect(press(low, 'Delete')).toEqual({})
  expect(press({ 1: [0, 1] }, 'End')).toEqual({ 1: [0, 1] })
  expect(press(low, 'a')).toBeUndefined()
  expect(press({}, 'Escape')).toBeUndefined()
  expect(within(brushedByKey({}, 1, axisStops(chart, axes, 1, bottom), { key: 'Home', shiftKey: false })!)).toEqual([
    'low',
  ])
})
