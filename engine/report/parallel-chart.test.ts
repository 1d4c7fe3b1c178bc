import { expect, test } from 'vitest'
import { parallelChart } from './parallel-chart.ts'
import { type ParallelChart, parallelLayout } from './parallel-layout.ts'

const chart: ParallelChart = {
  type: 'parallel',
  axes: [
    { title: 'learning rate', low: 0.001, high: 0.1, log: true },
    { title: 'leaves', low: 4, high: 128 },
    { title: 'method', words: ['forest', 'extra-trees'] },
  ],
  lines: [
    { label: 'trial 2', values: [0.1, 4, 'forest'], strength: 1 },
    { label: 'trial 1', values: [0.01, null, 'extra-trees'], strength: 0.2 },
  ],
}

test('a logarithmic axis has its geometric mean in the middle, a linear one its mean, words from the bottom up', () => {
  const { axes, ends, upright } = parallelLayout(chart, 600)
  const middle = (ends[0] + ends[1]) / 2
  expect(upright).toBe(true)
  expect(axes[0]!.place(0.01)).toBeCloseTo(middle, 10)
  expect(axes[0]!.ticks.map(({ text }) => text)).toEqual(['0.001', '0.01', '0.1'])
  expect(axes[1]!.place(66)).toBeCloseTo(middle, 10)
  expect(axes[2]!.place('forest')!).toBeGreaterThan(axes[2]!.place('extra-trees')!)
  expect(axes[2]!.place('other')).toBeUndefined()
  expect(axes[0]!.place(0)).toBeUndefined()
})

test('the strongest line lies on top, a missing value breaks a line, and the words say the best one', () => {
  const svg = parallelChart(chart, 'Trials', 600)
  const paths = [...svg.matchAll(/<path d="([^"]*)" class="b-thread (\w+)"/g)]
  expect(paths.map(([, , tone]) => tone)).toEqual(['run', 'ok'])
  expect(paths[0]![1]!.match(/M/g)).toHaveLength(2)
  expect(paths[1]![1]!.match(/L/g)).toHaveLength(2)
  expect(svg).toContain('trial 2: learning rate 0.1, leaves 4, method forest')
})

test('where there is no room side by side, axes lie one under the other, from left to right', () => {
  const { axes, upright, ends, height } = parallelLayout(chart, 180)
  expect(upright).toBe(false)
  expect(axes[0]!.place(0.001)).toBe(ends[0])
  expect(axes[0]!.place(0.1)).toBe(ends[1])
  expect(axes[2]!.place('extra-trees')!).toBeGreaterThan(axes[2]!.place('forest')!)
  expect(axes.at(-1)!.at).toBeLessThan(height)
  const [line] = [...parallelChart(chart, 'Trials', 180).matchAll(/<path d="([^"]*)" class="b-thread ok"/g)]
  expect(line![1]).toBe(`M164 22L8 68L${(8 + 39).toFixed(0)} 114`)
})
