import type { LineageGraph } from '#contract'
import type { LineageLayout } from './layered-layout.ts'

export interface Neighbours {
  readonly before: ReadonlyMap<string, readonly string[]>
  readonly after: ReadonlyMap<string, readonly string[]>
}

/** Arrows between known vertices, in both directions. */
export function neighboursOf(graph: LineageGraph): Neighbours {
  const before = new Map<string, string[]>(graph.vertices.map((vertex) => [vertex.id, []]))
  const after = new Map<string, string[]>(graph.vertices.map((vertex) => [vertex.id, []]))
  for (const { from, to } of graph.arrows) {
    if (!before.has(to) || !after.has(from) || from === to) continue
    before.get(to)!.push(from)
    after.get(from)!.push(to)
  }
  return { before, after }
}

/** Everything a vertex was made from and everything made from it, itself included. */
export function relatedTo(graph: LineageGraph, id: string): ReadonlySet<string> {
  const { before, after } = neighboursOf(graph)
  const found = new Set<string>([id])
  for (const near of [before, after]) {
    const queue = [id]
    const seen = new Set(queue)
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      for (const other of near.get(next) ?? [])
        if (!seen.has(other)) {
          seen.add(other)
          found.add(other)
          queue.push(other)
        }
  }
  return found
}

/** The vertex an arrow key leads to: along the arrows down and up, within the row left and right. */
export function stepTo(graph: LineageGraph, layout: LineageLayout, id: string, key: string): string | undefined {
  const here = layout.vertices.get(id)
  if (!here) return undefined
  const { before, after } = neighboursOf(graph)
  const distance = (other: string) => Math.abs(layout.vertices.get(other)!.x - here.x)
  const nearest = (ids: readonly string[]) => [...ids].sort((a, b) => distance(a) - distance(b))[0]
  if (key === 'ArrowDown') return nearest(after.get(id) ?? [])
  if (key === 'ArrowUp') return nearest(before.get(id) ?? [])
  const shift = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
  if (shift === 0) return undefined
  for (const vertex of layout.vertices.values())
    if (vertex.layer === here.layer && vertex.order === here.order + shift) return vertex.id
  return undefined
}
