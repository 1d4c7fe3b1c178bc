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
  const { axes, top, bottom } = parallelLayout(chart, 600)
  expect(axes[0]!.y(0.01)).toBeCloseTo((top + bottom) / 2, 10)
  expect(axes[0]!.ticks.map(({ text }) => text)).toEqual(['0.001', '0.01', '0.1'])
  expect(axes[1]!.y(66)).toBeCloseTo((top + bottom) / 2, 10)
  expect(axes[2]!.y('forest')!).toBeGreaterThan(axes[2]!.y('extra-trees')!)
  expect(axes[2]!.y('other')).toBeUndefined()
  expect(axes[0]!.y(0)).toBeUndefined()
})

test('the strongest line lies on top, a missing value breaks a line, and the words say the best one', () => {
  const svg = parallelChart(chart, 'Trials', 600)
  const paths = [...svg.matchAll(/<path d="([^"]*)" class="b-thread (\w+)"/g)]
  expect(paths.map(([, , tone]) => tone)).toEqual(['run', 'ok'])
  expect(paths[0]![1]!.match(/M/g)).toHaveLength(2)
  expect(paths[1]![1]!.match(/L/g)).toHaveLength(2)
  expect(svg).toContain('trial 2: learning rate 0.1, leaves 4, method forest')
})
