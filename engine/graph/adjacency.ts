import type { Assertion, PipelineDocument, PipelineEdge } from '#contract'
import { localId } from './groups/group-ids.ts'

export interface PortAddress {
  readonly node: string
  readonly port: string
}

/** "split.table" as its node and port. */
export function portAddress(text: string): PortAddress {
  const dot = text.indexOf('.')
  return { node: text.slice(0, dot), port: text.slice(dot + 1) }
}

type Wired = Pick<PipelineDocument, 'nodes' | 'edges'>

export interface Adjacency {
  /** Nodes in topological order; among nodes that are ready at once, the smaller id first. Nodes on or behind a cycle are missing. */
  readonly order: readonly string[]
  readonly before: ReadonlyMap<string, ReadonlySet<string>>
  readonly after: ReadonlyMap<string, ReadonlySet<string>>
  /** Each cycle once, as the ids along it. */
  readonly cycles: readonly (readonly string[])[]
}

/** Who feeds whom. Wires from or to nodes that do not exist are left out. */
export function adjacency(document: Wired): Adjacency {
  const ids = Object.keys(document.nodes).sort()
  const before = new Map(ids.map((id) => [id, new Set<string>()]))
  const after = new Map(ids.map((id) => [id, new Set<string>()]))
  for (const edge of document.edges) {
    const [from, to] = [portAddress(edge.from).node, portAddress(edge.to).node]
    if (!before.has(from) || !before.has(to)) continue
    before.get(to)!.add(from)
    after.get(from)!.add(to)
  }
  const order = topologicalOrder(ids, before, after)
  const placed = new Set(order)
  const cycles =
    placed.size === ids.length
      ? []
      : findCycles(
          ids.filter((id) => !placed.has(id)),
          after,
        )
  return { order, before, after, cycles }
}

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>

function topologicalOrder(ids: readonly string[], before: Neighbours, after: Neighbours): string[] {
  const waiting = new Map(ids.map((id) => [id, before.get(id)!.size]))
  const ready = new SmallestFirst()
  for (const id of ids) if (waiting.get(id) === 0) ready.push(id)
  const order: string[] = []
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    order.push(id)
    for (const follower of after.get(id)!) {
      const left = waiting.get(follower)! - 1
      waiting.set(follower, left)
      if (left === 0) ready.push(follower)
    }
  }
  return order
}

/** A binary heap of ids. */
class SmallestFirst {
  private readonly items: string[] = []

  push(id: string): void {
    const { items } = this
    let at = items.push(id) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (items[parent]! <= items[at]!) return
      this.swap(at, parent)
      at = parent
    }
  }

  pop(): string | undefined {
    const { items } = this
    const top = items[0]
    const last = items.pop()
    if (items.length > 0 && last !== undefined) {
      items[0] = last
      this.sink()
    }
    return top
  }

  private sink(): void {
    const { items } = this
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < items.length && items[child]! < items[least]!) least = child
      if (least === at) return
      this.swap(at, least)
      at = least
    }
  }

  private swap(a: number, b: number): void {
    const kept = this.items[a]!
    this.items[a] = this.items[b]!
    this.items[b] = kept
  }
}

/** Depth-first search without recursion; each back edge closes one cycle. */
function findCycles(ids: readonly string[], after: Neighbours): string[][] {
  const inside = new Set(ids)
  const finished = new Set<string>()
  const cycles: string[][] = []
  for (const start of ids) {
    const path: { id: string; next: string[] }[] = []
    const onPath = new Map<string, number>()
    const enter = (id: string) => {
      onPath.set(id, path.length)
      path.push({ id, next: [...after.get(id)!].filter((follower) => inside.has(follower)).sort() })
    }
    if (!finished.has(start)) enter(start)
    while (path.length > 0) {
      const top = path.at(-1)!
      const follower = top.next.shift()
      if (follower === undefined) {
        finished.add(top.id)
        onPath.delete(top.id)
        path.pop()
      } else if (onPath.has(follower)) cycles.push(path.slice(onPath.get(follower)).map((step) => step.id))
      else if (!finished.has(follower)) enter(follower)
    }
  }
  return cycles
}

/** These nodes and everything that feeds them. */
export function ancestors(graph: Pick<Adjacency, 'before'>, ids: readonly string[]): Set<string> {
  return reachable(graph.before, ids)
}

/** These nodes and everything they feed. */
export function descendants(graph: Pick<Adjacency, 'after'>, ids: readonly string[]): Set<string> {
  return reachable(graph.after, ids)
}

function reachable(neighbours: Neighbours, ids: readonly string[]): Set<string> {
  const found = new Set<string>()
  const open = [...ids]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id) || !neighbours.has(id)) continue
    found.add(id)
    open.push(...neighbours.get(id)!)
  }
  return found
}

/**
 * Wires in the one order files have them: by where they end, then where they start; their assertions by what they are about.
 * Of a node inside a group its own id counts before the group's, so that grouping does not change what an input of many gets.
 */
export function sortedEdges(edges: readonly PipelineEdge[]): PipelineEdge[] {
  const key = ({ from, to }: PipelineEdge) => `${to}\u0000${localId(from)}\u0000${from}`
  return edges
    .map((edge) => [key(edge), edge] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, edge]) => withSortedAssertions(edge))
}

function withSortedAssertions(edge: PipelineEdge): PipelineEdge {
  if (!edge.assertions) return edge
  const key = ({ metric, column, operator }: Assertion) => `${metric}\u0000${column ?? ''}\u0000${operator}`
  const assertions = [...edge.assertions].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  return { ...edge, assertions }
}
