import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LineageGraph } from '#contract'
import { arrowKey, boxWidth, layeredLayout } from './layered-layout.ts'
import { relatedTo, stepTo } from './neighbours.ts'

function graphOf(count: number, arrows: readonly (readonly [number, number])[]): LineageGraph {
  return {
    vertices: Array.from({ length: count }, (_, i) => ({
      id: `v${i}`,
      kind: 'step' as const,
      label: `v${i}`,
      detail: '',
    })),
    arrows: arrows.map(([from, to]) => ({ from: `v${from}`, to: `v${to}`, port: 'table' })),
  }
}
const diamond = graphOf(4, [
  [0, 1],
  [0, 2],
  [1, 3],
  [2, 3],
])

test('every arrow points down and no two boxes overlap', () => {
  const arrows = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 40 })
  fc.assert(
    fc.property(arrows, (pairs) => {
      const forward = pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
      const graph = graphOf(20, forward)
      const { vertices, width, height } = layeredLayout(graph)
      expect(vertices.size).toBe(20)
      for (const { from, to } of graph.arrows) expect(vertices.get(from)!.y).toBeLessThan(vertices.get(to)!.y)
      const places = new Set([...vertices.values()].map((vertex) => `${vertex.x} ${vertex.y}`))
      expect(places.size).toBe(20)
      for (const vertex of vertices.values()) {
        expect(vertex.x).toBeLessThan(width)
        expect(vertex.x).toBeGreaterThanOrEqual(0)
        expect(vertex.y).toBeLessThan(height)
      }
    }),
  )
})

test('a circle or an arrow to nowhere does no harm', () => {
  const graph = graphOf(2, [
    [0, 1],
    [1, 0],
    [0, 0],
  ])
  const odd = { ...graph, arrows: [...graph.arrows, { from: 'v0', to: 'gone', port: 'x' }] }
  expect(layeredLayout(odd).vertices.size).toBe(2)
  expect(layeredLayout(graphOf(0, [])).vertices.size).toBe(0)
})

test('an artifact that a later step gives on unchanged stays behind its first maker', () => {
  const kinds = { register: 'step', deploy: 'step', release: 'artifact', service: 'artifact' } as const
  const graph: LineageGraph = {
    vertices: Object.entries(kinds).map(([id, kind]) => ({ id, kind, label: id, detail: '' })),
    arrows: [
      { from: 'register', to: 'release', port: 'release' },
      { from: 'release', to: 'deploy', port: 'release' },
      { from: 'deploy', to: 'release', port: 'release' },
      { from: 'deploy', to: 'service', port: 'service' },
    ],
  }
  const { vertices } = layeredLayout(graph)
  expect(Object.keys(kinds).map((id) => vertices.get(id)!.layer)).toEqual([0, 2, 1, 3])
})

test('related are all before and all after, not the neighbours of those', () => {
  expect([...relatedTo(diamond, 'v1')].sort()).toEqual(['v0', 'v1', 'v3'])
  expect([...relatedTo(diamond, 'v0')].sort()).toEqual(['v0', 'v1', 'v2', 'v3'])
})

test('arrow keys follow the arrows', () => {
  const layout = layeredLayout(diamond)
  expect(stepTo(diamond, layout, 'v3', 'ArrowDown')).toBeUndefined()
  expect(['v1', 'v2']).toContain(stepTo(diamond, layout, 'v0', 'ArrowDown'))
  expect(stepTo(diamond, layout, 'v1', 'ArrowUp')).toBe('v0')
  expect(stepTo(diamond, layout, 'v1', 'ArrowRight') ?? stepTo(diamond, layout, 'v1', 'ArrowLeft')).toBe('v2')
})

test('an arrow over several rows passes beside the boxes of each', () => {
  const graph = graphOf(4, [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
  ])
  const { vertices, bends } = layeredLayout(graph)
  const points = bends.get(arrowKey({ from: 'v0', to: 'v3' }))!
  expect(points).toHaveLength(2)
  for (const point of points)
    for (const vertex of vertices.values())
      if (vertex.y === point.y) expect(point.x < vertex.x || point.x > vertex.x + boxWidth).toBe(true)
  expect(bends.get(arrowKey({ from: 'v0', to: 'v1' }))).toEqual([])
})
