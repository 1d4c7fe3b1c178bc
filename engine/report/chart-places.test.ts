import { expect, test } from 'vitest'
import type { Chart } from '#contract'
import { chartSvg } from './chart-block.ts'
import { chartPlaces } from './chart-places.ts'
import { place } from './svg.ts'

const histogram: Chart = {
  type: 'histogram',
  edges: [0, 1, 2, 4],
  series: [{ name: 'rows', counts: [4, 0, 9] }],
  x: 'age',
}
const bars: Chart = {
  type: 'bars',
  format: 'percent',
  rows: [
    { label: 'car', estimate: { value: 0.5 } },
    { label: 'home', estimate: { value: 0.25 } },
  ],
}

test.each([
  ['bins', histogram, [0, 2]],
  ['bars', bars, [0, 1]],
] as const)('the marks of %s lie where the picture draws them', (_, chart, drawn) => {
  const { places, height, width } = chartPlaces(chart, 400)!
  const svg = chartSvg(chart, 'Title', 400)
  expect(svg).toContain(`viewBox="0 0 ${place(width)} ${place(height)}"`)
  for (const at of drawn) {
    const { x, y, width: wide, height: high } = places[at]!.mark
    expect(svg).toContain(`<rect x="${place(x)}" y="${place(y)}" width="${place(wide)}" height="${place(high)}"`)
  }
})

test('points are taken in strips side by side over the whole of x', () => {
  const series = [{ name: 'a', x: [0, 5, 10], y: [1, 2, 3] }]
  const found = chartPlaces({ type: 'scatter', series, x: 'x', y: 'y' }, 400)!
  expect(found.edges).toHaveLength(found.places.length + 1)
  expect(found.edges![0]).toBeLessThanOrEqual(0)
  expect(found.edges!.at(-1)).toBeGreaterThanOrEqual(10)
  const [first, second] = found.places
  expect(first!.strip.x + first!.strip.width).toBeCloseTo(second!.strip.x, 9)
})

test('charts whose parts stand for no rows have no places', () => {
  expect(chartPlaces({ type: 'matrix', rows: [], columns: [], values: [], x: '', y: '' }, 400)).toBeUndefined()
  const words = [{ name: 'a', x: ['u', 'v'], y: [1, 2] }]
  expect(chartPlaces({ type: 'scatter', series: words, x: 'x', y: 'y' }, 400)!.places).toEqual([])
})
