import { expect, test } from 'vitest'
import type { Chart } from '#contract'
import { type ChartColours, plotlyFigure } from './plotly-figure.ts'

const colours: ChartColours = {
  ink: '#111',
  mute: '#222',
  line: '#333',
  edge: '#444',
  panel: '#555',
  run: '#666',
  ok: '#777',
  bad: '#888',
  stale: '#999',
  accent: '#aaa',
}

test('bars keep their order from top to bottom, with whiskers and limits', () => {
  const chart: Chart = {
    type: 'bars',
    format: 'percent',
    rows: [
      { label: 'first', estimate: { value: 0.6, low: 0.55, high: 0.7 }, limit: 0.48 },
      { label: 'second', estimate: { value: 0.4 }, tone: 'bad' },
    ],
  }
  const { data, layout } = plotlyFigure(chart, colours)
  const yaxis = layout.yaxis as { ticktext: string[] }
  expect(yaxis.ticktext).toEqual(['second', 'first'])
  const error = data[0]!.error_x as { array: number[]; arrayminus: number[] }
  expect(error.array[1]).toBeCloseTo(10, 10)
  expect(error.arrayminus[1]).toBeCloseTo(5, 10)
  expect(error.array[0]).toBe(0)
  expect(layout.shapes).toHaveLength(1)
  expect((data[0]!.marker as { color: string[] }).color).toEqual(['#888', '#666'])
})

test('a histogram’s bars are as wide as its bins', () => {
  const { data } = plotlyFigure(
    { type: 'histogram', edges: [0, 1, 4], series: [{ name: 'n', counts: [2, 3] }], x: 'x' },
    colours,
  )
  expect(data[0]).toMatchObject({ x: [0.5, 2.5], width: [1, 3], y: [2, 3] })
})

test('a matrix reads from the top as the static picture does', () => {
  const { layout, data } = plotlyFigure(
    { type: 'matrix', rows: ['a'], columns: ['b', 'c'], values: [[1, 2]], x: '', y: '' },
    colours,
  )
  expect(layout.yaxis).toMatchObject({ autorange: 'reversed', type: 'category' })
  expect(data[0]).toMatchObject({ z: [[1, 2]], x: ['b', 'c'] })
})

test('labels are never read as markup', () => {
  const chart: Chart = {
    type: 'bar',
    x: '<a href="javascript:1">x</a>',
    y: '',
    series: [{ name: '<b>', x: ['<i>'], y: [1] }],
  }
  const figure = JSON.stringify(plotlyFigure(chart, colours))
  expect(figure).not.toMatch(/<(a|b|i)/)
})

test('series differ by dash as well as colour', () => {
  const series = ['a', 'b', 'c'].map((name) => ({ name, x: [0, 1], y: [0, 1] }))
  const { data } = plotlyFigure({ type: 'line', x: '', y: '', series }, colours)
  const lines = data.map((trace) => trace.line as { dash: string; color: string })
  expect(new Set(lines.map((line) => line.dash)).size).toBe(3)
  expect(new Set(lines.map((line) => line.color)).size).toBe(3)
})

test('a picture’s cells are a heat map with nothing in the middle, the first row on top', () => {
  const { data, layout } = plotlyFigure(
    {
      type: 'picture',
      values: [
        [1, -4],
        [0, 2],
      ],
      x: 'push',
    },
    colours,
  )
  expect(data[0]).toMatchObject({ type: 'heatmap', zmin: -4, zmax: 4 })
  expect((data[0]!.hovertext as string[][])[0]![1]).toBe('row 1, column 2<br>−4.00')
  expect(layout.yaxis).toMatchObject({ autorange: 'reversed', scaleanchor: 'x' })
})

test('a swarm has a trace a feature, the first on top, its points beside each other', () => {
  const rows = [
    { label: 'income', x: [1, 1, -1], shade: [0, 1, null] },
    { label: 'age', x: [0.5], shade: [0.5] },
  ]
  const { data, layout } = plotlyFigure({ type: 'swarm', rows, x: 'push' }, colours)
  expect(data).toHaveLength(2)
  expect(data[0]!.y).toEqual([1, 0.94, 1])
  expect((data[0]!.marker as { color: number[] }).color).toEqual([0, 1, -1])
  expect((layout.yaxis as { ticktext: string[] }).ticktext).toEqual(['income', 'age'])
})

test('a waterfall’s bars begin where the one before ends', () => {
  const chart: Chart = {
    type: 'waterfall',
    start: { label: 'all', value: 2 },
    steps: [
      { label: 'a', change: -3 },
      { label: 'b', change: 0.5 },
    ],
    end: 'one',
    x: 'push',
  }
  const { data, layout } = plotlyFigure(chart, colours)
  expect(data[0]).toMatchObject({ base: [2, -1], x: [-3, 0.5], y: [1, 0] })
  expect((layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual([2, -0.5])
})

test('shaded points take their colour from their own number', () => {
  const { data } = plotlyFigure(
    { type: 'scatter', x: 'x', y: 'y', series: [{ name: 'n', x: [1, 2], y: [1, 2], shade: [0.25, null] }] },
    colours,
  )
  expect((data[0]!.marker as { color: number[] }).color).toEqual([0.25, -1])
})
