import { type NodeCard, type PipelineDocument, ProblemError } from '#contract'
import { adjacency, ancestors, type PortAddress, portAddress, sortedEdges } from './adjacency.ts'
import { cycleProblem } from './check-wires.ts'
import { nearest } from './nearest.ts'

export interface Plan {
  /** Nodes to run, every node behind all that feed it; the same document always gives the same order. */
  readonly order: readonly string[]
  /** For each node and input port the outputs wired to it, in the order of their addresses. */
  readonly inputs: Readonly<Record<string, Readonly<Record<string, readonly PortAddress[]>>>>
}

type Wired = Pick<PipelineDocument, 'nodes' | 'edges'>

/** The nodes that must run for `targets` (all when none are named). Throws when a target is missing or wires form a circle. */
export function planDocument(
  document: Wired,
  cards: readonly Pick<NodeCard, 'type' | 'inputs'>[],
  targets?: readonly string[],
): Plan {
  const graph = adjacency(document)
  const ids = Object.keys(document.nodes)
  for (const target of targets ?? [])
    if (!Object.hasOwn(document.nodes, target)) throw new ProblemError(targetProblem(target, ids))
  const wanted = targets && targets.length > 0 ? ancestors(graph, targets) : new Set(ids)
  const cycles = graph.cycles.filter((cycle) => cycle.some((id) => wanted.has(id)))
  if (cycles.length > 0) throw new ProblemError(cycles.map(cycleProblem))
  const order = graph.order.filter((id) => wanted.has(id))
  return { order, inputs: wiredInputs(document, cards, wanted) }
}

function targetProblem(target: string, ids: readonly string[]) {
  const close = nearest(target, ids)
  return {
    code: 'not-found',
    message: `The pipeline has no node "${target}".`,
    fix: close ? `Name the node "${close}".` : `Name one of its nodes: ${[...ids].sort().join(', ')}.`,
  } as const
}

function wiredInputs(
  document: Wired,
  cards: readonly Pick<NodeCard, 'type' | 'inputs'>[],
  wanted: ReadonlySet<string>,
) {
  const byType = new Map(cards.map((card) => [card.type, card]))
  const inputs: Record<string, Record<string, PortAddress[]>> = {}
  for (const id of wanted) {
    const ports = Object.keys(byType.get(document.nodes[id]!.type)?.inputs ?? {})
    inputs[id] = Object.fromEntries(ports.map((port) => [port, []]))
  }
  for (const edge of sortedEdges(document.edges)) {
    const to = portAddress(edge.to)
    const from = portAddress(edge.from)
    const ports = inputs[to.node]
    if (!ports || !Object.hasOwn(document.nodes, from.node)) continue
    ports[to.port] = [...(ports[to.port] ?? []), from]
  }
  return inputs
}
