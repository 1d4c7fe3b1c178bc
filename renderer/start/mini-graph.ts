import type { PipelineDocument, PortType } from '#contract'
import { portAddress } from '#graph/adjacency'
import { mainPort } from '../state/catalogue-store.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import type { Cards } from '../state/judge-wire.ts'

export interface MiniNode {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly type: PortType
}
export interface MiniGraph {
  readonly nodes: readonly MiniNode[]
  readonly wires: readonly { readonly path: string; readonly type: PortType; readonly key: string }[]
  /** Size of a node. */
  readonly width: number
  readonly height: number
}

const margin = 20

/** A pipeline's graph in a box, its own layout drawn small. */
export function miniGraph(document: PipelineDocument, cards: Cards, box: { width: number; height: number }): MiniGraph {
  const ids = Object.keys(document.nodes)
  const places = ids.map((id) => placeOf(document, id))
  const [left, top] = [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))]
  const [right, bottom] = [Math.max(...places.map(([x]) => x)), Math.max(...places.map(([, y]) => y))]
  const columns = Math.max(1, (right - left) / 240 + 1)
  const width = Math.max(14, Math.min(44, ((box.width - 2 * margin) / columns) * 0.72))
  const height = width / 2
  const scale = Math.min(
    (box.width - 2 * margin - width) / Math.max(right - left, 1),
    (box.height - 2 * margin - height) / Math.max(bottom - top, 1),
    0.36,
  )
  const x0 = (box.width - (right - left) * scale - width) / 2
  const y0 = (box.height - (bottom - top) * scale - height) / 2
  const nodes = ids.map((id, index): MiniNode => {
    const [x, y] = places[index]!
    const type = mainPort(cards.get(document.nodes[id]!.type))
    return { id, x: x0 + (x - left) * scale, y: y0 + (y - top) * scale, type }
  })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const wires = document.edges.flatMap((edge) => {
    const [from, to] = [byId.get(portAddress(edge.from).node), byId.get(portAddress(edge.to).node)]
    if (!from || !to) return []
    const [x, y, u, v] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2]
    const bend = Math.max(6, (u - x) / 2)
    const port = cards.get(document.nodes[from.id]!.type)?.outputs[portAddress(edge.from).port]
    const path = `M${round(x)} ${round(y)}C${round(x + bend)} ${round(y)} ${round(u - bend)} ${round(v)} ${round(u)} ${round(v)}`
    return [{ path, type: port?.type ?? from.type, key: `${edge.from} ${edge.to}` }]
  })
  return { nodes, wires, width, height }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
