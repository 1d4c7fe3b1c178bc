import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'

/** A node in the outline: under the node its first input comes from. */
export interface OutlineRow {
  readonly id: string
  readonly depth: number
  /** Other nodes it takes something from. */
  readonly alsoFrom: readonly string[]
}

/**
 * A pipeline as a tree: every node once, below the node that feeds its first input, siblings as they stand on the canvas
 * from left to right and from top to bottom. A node in a circle stands where it is met first.
 */
export function outlineRows(
  document: PipelineDocument,
  inputsOf: (type: string) => readonly string[] = () => [],
): readonly OutlineRow[] {
  const ids = Object.keys(document.nodes).sort(byPlace(document))
  const sources = new Map(ids.map((id) => [id, sourcesOf(document, id, inputsOf)]))
  const children = new Map<string, string[]>()
  for (const id of ids) {
    const [parent] = sources.get(id)!
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const rows: OutlineRow[] = []
  const seen = new Set<string>()
  const visit = (id: string, depth: number) => {
    if (seen.has(id)) return
    seen.add(id)
    rows.push({ id, depth, alsoFrom: sources.get(id)!.slice(1) })
    for (const child of children.get(id) ?? []) visit(child, depth + 1)
  }
  for (const id of ids) if (sources.get(id)!.length === 0) visit(id, 0)
  for (const id of ids) visit(id, 0)
  return rows
}

function byPlace({ layout }: PipelineDocument) {
  return (a: string, b: string) => {
    const [[ax, ay], [bx, by]] = [layout[a] ?? [0, 0], layout[b] ?? [0, 0]]
    return ax - bx || ay - by || (a < b ? -1 : 1)
  }
}

/** The nodes that feed a node, in the order of its inputs, each once. */
function sourcesOf(document: PipelineDocument, id: string, inputsOf: (type: string) => readonly string[]) {
  const order = inputsOf(document.nodes[id]!.type)
  const rank = (to: string) => {
    const place = order.indexOf(portAddress(to).port)
    return place < 0 ? order.length : place
  }
  const wires = document.edges.filter(({ to }) => portAddress(to).node === id)
  const nodes = wires.sort((a, b) => rank(a.to) - rank(b.to)).map(({ from }) => portAddress(from).node)
  return [...new Set(nodes)].filter((source) => source !== id && Object.hasOwn(document.nodes, source))
}
