import type { LineageGraph } from '#contract'
import { type Neighbours, neighboursOf } from './neighbours.ts'

export interface PlacedVertex {
  readonly id: string
  /** Row from the top: sources first. */
  readonly layer: number
  /** Place within the row. */
  readonly order: number
  readonly x: number
  readonly y: number
}
export interface Point {
  readonly x: number
  readonly y: number
}
export interface LineageLayout {
  readonly vertices: ReadonlyMap<string, PlacedVertex>
  /** Where an arrow over several rows passes between boxes, by `arrowKey`. */
  readonly bends: ReadonlyMap<string, readonly Point[]>
  readonly width: number
  readonly height: number
}

export const boxWidth = 168
export const boxHeight = 46
const laneWidth = 12
const boxGap = 18
const layerGap = 30
const margin = 16
const sweeps = 6

type Arrow = LineageGraph['arrows'][number]

export function arrowKey(arrow: Pick<Arrow, 'from' | 'to'>): string {
  return `${arrow.from} → ${arrow.to}`
}

/**
 * Longest way from any source. A step may give an artifact with the content of one it took, which closes a circle: such an
 * artifact stands behind whoever made it first, and the arrow from the later maker leads back up.
 */
function layersOf(vertices: LineageGraph['vertices'], { before, after }: Neighbours): ReadonlyMap<string, number> {
  const layers = new Map<string, number>()
  const missing = new Map([...before].map(([id, sources]) => [id, sources.length]))
  const ready = vertices.filter(({ id }) => missing.get(id) === 0).map(({ id }) => id)
  const isMade = (id: string) => before.get(id)!.some((source) => layers.has(source))
  while (layers.size < vertices.length) {
    const left = ready.length > 0 ? [] : vertices.filter(({ id }) => !layers.has(id))
    const id = ready.shift() ?? (left.find((one) => one.kind === 'artifact' && isMade(one.id)) ?? left[0]!).id
    if (layers.has(id)) continue
    layers.set(id, Math.max(-1, ...before.get(id)!.map((source) => layers.get(source) ?? -1)) + 1)
    for (const next of after.get(id)!) {
      missing.set(next, missing.get(next)! - 1)
      if (missing.get(next) === 0) ready.push(next)
    }
  }
  return layers
}

interface Lanes {
  readonly rows: string[][]
  readonly near: { readonly before: Map<string, string[]>; readonly after: Map<string, string[]> }
  /** Lane points of each arrow over several rows, from top to bottom. */
  readonly ofArrow: ReadonlyMap<string, readonly string[]>
}

/** Rows of boxes, with a narrow lane in each row that an arrow passes through. */
function withLanes(graph: LineageGraph, layers: ReadonlyMap<string, number>): Lanes {
  const rows: string[][] = []
  const put = (id: string, layer: number) => {
    while (rows.length <= layer) rows.push([])
    rows[layer]!.push(id)
  }
  const near = { before: new Map<string, string[]>(), after: new Map<string, string[]>() }
  const join = (from: string, to: string) => {
    near.after.set(from, [...(near.after.get(from) ?? []), to])
    near.before.set(to, [...(near.before.get(to) ?? []), from])
  }
  for (const vertex of graph.vertices) put(vertex.id, layers.get(vertex.id)!)
  const ofArrow = new Map<string, string[]>()
  for (const arrow of graph.arrows) {
    const [top, bottom] = [layers.get(arrow.from), layers.get(arrow.to)]
    if (top === undefined || bottom === undefined || bottom <= top || ofArrow.has(arrowKey(arrow))) continue
    const lanes = Array.from({ length: bottom - top - 1 }, (_, i) => `${arrowKey(arrow)} ${i}`)
    lanes.forEach((lane, i) => {
      put(lane, top + 1 + i)
    })
    const way = [arrow.from, ...lanes, arrow.to]
    for (let i = 1; i < way.length; i++) join(way[i - 1]!, way[i]!)
    ofArrow.set(arrowKey(arrow), lanes)
  }
  return { rows, near, ofArrow }
}

function byMean(
  ids: readonly string[],
  order: ReadonlyMap<string, number>,
  near: ReadonlyMap<string, readonly string[]>,
): string[] {
  const mean = (id: string) => {
    const others = (near.get(id) ?? []).map((other) => order.get(other)).filter((place) => place !== undefined)
    return others.length === 0 ? (order.get(id) ?? 0) : others.reduce((sum, place) => sum + place, 0) / others.length
  }
  const means = new Map(ids.map((id) => [id, mean(id)]))
  return [...ids].sort((a, b) => means.get(a)! - means.get(b)! || (order.get(a) ?? 0) - (order.get(b) ?? 0))
}

/**
 * Rows by longest way, places in them by the mean place of neighbours, swept down and up; an arrow over several rows
 * keeps a lane free in each (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
 * structures", IEEE Trans. SMC 11, 1981).
 */
export function layeredLayout(graph: LineageGraph): LineageLayout {
  const boxes = new Set(graph.vertices.map((vertex) => vertex.id))
  const { rows, near, ofArrow } = withLanes(graph, layersOf(graph.vertices, neighboursOf(graph)))
  const order = new Map<string, number>()
  const number = (row: readonly string[]) => {
    for (const [i, id] of row.entries()) order.set(id, i - (row.length - 1) / 2)
  }
  rows.forEach(number)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0
    for (let i = 0; i < rows.length; i++) {
      const at = down ? i : rows.length - 1 - i
      rows[at] = byMean(rows[at]!, order, down ? near.before : near.after)
      number(rows[at]!)
    }
  }
  return place(rows, boxes, ofArrow)
}

function place(
  rows: readonly (readonly string[])[],
  boxes: ReadonlySet<string>,
  ofArrow: Lanes['ofArrow'],
): LineageLayout {
  const widthOf = (id: string) => (boxes.has(id) ? boxWidth : laneWidth)
  const rowWidth = (row: readonly string[]) => row.reduce((sum, id) => sum + widthOf(id) + boxGap, -boxGap)
  const width = Math.max(boxWidth, ...rows.map(rowWidth)) + 2 * margin
  const placed = new Map<string, PlacedVertex>()
  for (const [layer, row] of rows.entries()) {
    let x = (width - rowWidth(row)) / 2
    const y = margin + layer * (boxHeight + layerGap)
    let order = 0
    for (const id of row) {
      placed.set(id, { id, layer, order: boxes.has(id) ? order++ : -1, x, y })
      x += widthOf(id) + boxGap
    }
  }
  const bends = new Map<string, readonly Point[]>()
  for (const [key, lanes] of ofArrow)
    bends.set(
      key,
      lanes.map((lane) => ({ x: placed.get(lane)!.x + laneWidth / 2, y: placed.get(lane)!.y })),
    )
  const height = Math.max(rows.length, 1) * (boxHeight + layerGap) - layerGap + 2 * margin
  return { vertices: new Map([...placed].filter(([id]) => boxes.has(id))), bends, width, height }
}
