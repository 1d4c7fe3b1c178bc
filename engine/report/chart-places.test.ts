import { expect, test } from 'vitest'
import type { Chart } from '#contract'
import { chartSvg } from './chart-block.ts'
import { chartPlaces, type PartPlaces } from './chart-places.ts'
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
  const { parts, height, width } = chartPlaces(chart, 400)!
  const [{ places }] = parts as [PartPlaces]
  const svg = chartSvg(chart, 'Title', 400)
  expect(svg).toContain(`viewBox="0 0 ${place(width)} ${place(height)}"`)
  for (const at of drawn) {
    const { x, y, width: wide, height: high } = places[at]!.mark
    expect(svg).toContain(`<rect x="${place(x)}" y="${place(y)}" width="${place(wide)}" height="${place(high)}"`)
  }
})

test('points are taken in strips side by side over the whole of both axes, and lie where they are drawn', () => {
  const series = [{ name: 'a', x: [0, 5, 10], y: [1, 2, 3] }]
  const chart: Chart = { type: 'scatter', series, x: 'x', y: 'y' }
  const { parts, plane, spots } = chartPlaces(chart, 400)!
  const [across, up] = parts as [PartPlaces, PartPlaces]
  for (const [{ edges, places }, low, high] of [
    [across, 0, 10],
    [up, 1, 3],
  ] as const) {
    expect(edges).toHaveLength(places.length + 1)
    expect(edges![0]).toBeLessThanOrEqual(low)
    expect(edges!.at(-1)).toBeGreaterThanOrEqual(high)
  }
  const [first, second] = across.places
  expect(first!.strip.x + first!.strip.width).toBeCloseTo(second!.strip.x, 9)
  expect(up.places[1]!.strip.y + up.places[1]!.strip.height).toBeCloseTo(up.places[0]!.strip.y, 9)
  const svg = chartSvg(chart, 'Title', 400)
  for (const { x, y } of spots!) expect(svg).toContain(`<circle cx="${place(x)}" cy="${place(y)}"`)
  const { box } = plane!
  expect(box.x + ((5 - plane!.x[0]) / (plane!.x[1] - plane!.x[0])) * box.width).toBeCloseTo(spots![1]!.x, 9)
  expect(box.y + box.height - ((2 - plane!.y[0]) / (plane!.y[1] - plane!.y[0])) * box.height).toBeCloseTo(
    spots![1]!.y,
    9,
  )
})

test('cells, lines of a swarm and the end of a waterfall lie where they are drawn', () => {
  const matrix: Chart = {
    type: 'matrix',
    rows: ['a', 'b'],
    columns: ['a', 'b'],
    values: [
      [1, 2],
      [3, 4],
    ],
    x: 'x',
    y: 'y',
  }
  const [cells] = chartPlaces(matrix, 400)!.parts
  const { strip } = cells!.places[3]!
  expect(chartSvg(matrix, 'Title', 400)).toContain(`x="${place(strip.x + 1)}" y="${place(strip.y + 1)}"`)
  const swarm: Chart = {
    type: 'swarm',
    rows: [
      { label: 'income', x: [1, 1, -1], shade: [0, 1, null] },
      { label: 'age', x: [0.5], shade: [0.5] },
    ],
    x: 'push',
  }
  const { parts, spots } = chartPlaces(swarm, 400)!
  expect(parts).toHaveLength(2)
  expect(spots).toHaveLength(4)
  const svg = chartSvg(swarm, 'Title', 400)
  for (const { x, y } of spots!) expect(svg).toContain(`<circle cx="${place(x)}" cy="${place(y)}"`)
  const waterfall: Chart = {
    type: 'waterfall',
    start: { label: 'all', value: 2 },
    steps: [{ label: 'a', change: -3 }],
    end: 'one',
    x: 'push',
  }
  const { height, parts: ends } = chartPlaces(waterfall, 400)!
  expect(chartSvg(waterfall, 'Title', 400)).toContain(`viewBox="0 0 400 ${place(height)}"`)
  const end = ends[0]!.places[0]!.strip
  expect(end.y + end.height).toBeLessThan(height)
})

test('words along x have strips, too, and charts whose parts stand for no rows have no places', () => {
  const words = [{ name: 'a', x: ['u', 'v'], y: [1, 2] }]
  const { parts, plane } = chartPlaces({ type: 'scatter', series: words, x: 'x', y: 'y' }, 400)!
  expect(parts[0]).toMatchObject({ words: ['u', 'v'] })
  expect(plane).toBeUndefined()
  expect(chartPlaces({ type: 'parallel', axes: [], lines: [] }, 400)).toBeUndefined()
})
