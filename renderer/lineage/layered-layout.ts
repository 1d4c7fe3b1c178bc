import type { LineageGraph } from '#contract'

export interface PlacedVertex {
  readonly id: string
  /** Row from the top: sources first. */
  readonly layer: number
  /** Place within the row. */
  readonly order: number
  readonly x: number
  readonly y: number
}
export interface LineageLayout {
  readonly vertices: ReadonlyMap<string, PlacedVertex>
  readonly width: number
  readonly height: number
}

export const boxWidth = 168
export const boxHeight = 46
const boxGap = 18
const layerGap = 30
const margin = 16

interface Neighbours {
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

/** Longest way from any source; arrows that would close a circle are left out of the count. */
function layersOf(ids: readonly string[], before: Neighbours['before']): ReadonlyMap<string, number> {
  const layers = new Map<string, number>()
  const open = new Set<string>()
  const visit = (id: string): number => {
    const known = layers.get(id)
    if (known !== undefined) return known
    open.add(id)
    const layer = (before.get(id) ?? [])
      .filter((source) => !open.has(source))
      .reduce((deepest, source) => Math.max(deepest, visit(source) + 1), 0)
    open.delete(id)
    layers.set(id, layer)
    return layer
  }
  for (const id of ids) visit(id)
  return layers
}

function byMean(ids: readonly string[], order: ReadonlyMap<string, number>, near: Neighbours['before']): string[] {
  const mean = (id: string) => {
    const others = (near.get(id) ?? []).map((other) => order.get(other)).filter((place) => place !== undefined)
    return others.length === 0 ? (order.get(id) ?? 0) : others.reduce((sum, place) => sum + place, 0) / others.length
  }
  const means = new Map(ids.map((id) => [id, mean(id)]))
  return [...ids].sort((a, b) => means.get(a)! - means.get(b)! || (order.get(a) ?? 0) - (order.get(b) ?? 0))
}

/**
 * Rows by longest way, places in them by the mean place of neighbours, swept down and up four times (Sugiyama, Tagawa and
 * Toda, "Methods for visual understanding of hierarchical system structures", IEEE Trans. SMC 11, 1981).
 */
export function layeredLayout(graph: LineageGraph): LineageLayout {
  const { before, after } = neighboursOf(graph)
  const ids = graph.vertices.map((vertex) => vertex.id)
  const layers = layersOf(ids, before)
  const rows: string[][] = []
  for (const id of ids) {
    const layer = layers.get(id)!
    while (rows.length <= layer) rows.push([])
    rows[layer]!.push(id)
  }
  const order = new Map<string, number>()
  const number = (row: readonly string[]) => {
    for (const [i, id] of row.entries()) order.set(id, i - (row.length - 1) / 2)
  }
  rows.forEach(number)
  for (let sweep = 0; sweep < 4; sweep++) {
    const forward = sweep % 2 === 0
    for (let i = 0; i < rows.length; i++) {
      const at = forward ? i : rows.length - 1 - i
      rows[at] = byMean(rows[at]!, order, forward ? before : after)
      number(rows[at]!)
    }
  }
  return place(rows)
}

function place(layers: readonly (readonly string[])[]): LineageLayout {
  const widest = Math.max(1, ...layers.map((layer) => layer.length))
  const width = widest * (boxWidth + boxGap) - boxGap + 2 * margin
  const vertices = new Map<string, PlacedVertex>()
  for (const [layer, ids] of layers.entries()) {
    const left = (width - (ids.length * (boxWidth + boxGap) - boxGap)) / 2
    const y = margin + layer * (boxHeight + layerGap)
    for (const [order, id] of ids.entries())
      vertices.set(id, { id, layer, order, x: left + order * (boxWidth + boxGap), y })
  }
  const height = Math.max(layers.length, 1) * (boxHeight + layerGap) - layerGap + 2 * margin
  return { vertices, width, height }
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
  const nearest = (ids: readonly string[]) =>
    [...ids].sort(
      (a, b) => Math.abs(layout.vertices.get(a)!.x - here.x) - Math.abs(layout.vertices.get(b)!.x - here.x),
    )[0]
  if (key === 'ArrowDown') return nearest(after.get(id) ?? [])
  if (key === 'ArrowUp') return nearest(before.get(id) ?? [])
  const shift = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
  if (shift === 0) return undefined
  for (const vertex of layout.vertices.values())
    if (vertex.layer === here.layer && vertex.order === here.order + shift) return vertex.id
  return undefined
}
