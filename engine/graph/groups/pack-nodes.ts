import type {
  NodeCard,
  PipelineDocument,
  PipelineEdge,
  PipelineGroup,
  PipelineNode,
  PortType,
  Problem,
} from '#contract'
import { adjacency, ancestors, descendants, portAddress, sortedEdges } from '../adjacency.ts'
import { nodeSlug, slugOf } from '../node-slug.ts'
import { groupType, innerPort, portNodeType, portOfType } from './group-ids.ts'

type Cards = ReadonlyMap<string, NodeCard>
type Places = Readonly<Record<string, readonly [number, number]>>

export interface PackedNodes {
  readonly document: PipelineDocument
  /** The node that stands for the group. */
  readonly id: string
}

/** How far ports stand from the nodes inside. */
const portGap = 260
const portStep = 90

/**
 * Puts nodes into a new group, which stands where they stood. Each output outside that was wired in becomes an input of
 * the group, each output inside that was wired out an output. Says why where that is not possible.
 */
export function packNodes(
  document: PipelineDocument,
  chosen: ReadonlySet<string>,
  title: string,
  cards: Cards,
): PackedNodes | Problem {
  const ids = Object.keys(document.nodes).filter((id) => chosen.has(id))
  const refused = refusal(document, ids, cards)
  if (refused) return refused
  const inside = new Set(ids)
  const isIn = (address: string) => inside.has(portAddress(address).node)
  const name = nodeSlug(slugOf(title) || 'group', document.groups ?? {})
  const taken: Record<string, unknown> = Object.fromEntries(ids.map((id) => [id, true]))
  const cut = document.edges.filter(({ from, to }) => isIn(from) !== isIn(to))
  const inputs = portsFor(
    cut.filter(({ to }) => isIn(to)),
    'input',
    document,
    cards,
    taken,
  )
  const outputs = portsFor(
    cut.filter(({ from }) => isIn(from)),
    'output',
    document,
    cards,
    taken,
  )
  const id = nodeSlug(name, document.nodes)
  const group = packedGroup(document, inside, title, inputs, outputs)
  const wires = document.edges.flatMap((edge): PipelineEdge[] => {
    if (isIn(edge.from) && isIn(edge.to)) return []
    if (isIn(edge.from)) return [{ ...edge, from: `${id}.${outputs.get(edge.from)!.id}` }]
    return isIn(edge.to) ? [] : [edge]
  })
  for (const [from, port] of inputs) wires.push({ from, to: `${id}.${port.id}` })
  const keep = <V>(record: Readonly<Record<string, V>>) =>
    Object.fromEntries(Object.entries(record).filter(([node]) => !inside.has(node)))
  return {
    id,
    document: {
      ...document,
      nodes: { ...keep(document.nodes), [id]: { type: groupType(name), version: 1, params: {} } },
      edges: sortedEdges(wires),
      layout: { ...keep(document.layout), [id]: topLeft(document.layout, ids) },
      inputs: Object.fromEntries(
        Object.entries(document.inputs).map(([input, target]) => [input, isIn(target) ? `${id}.${input}` : target]),
      ),
      groups: { ...document.groups, [name]: group },
    },
  }
}

interface NewPort {
  readonly id: string
  readonly type: PortType
  readonly wires: readonly PipelineEdge[]
}

/** One port for each output that a cut wire starts at, named after the port at the wire's end in the group. */
function portsFor(
  cut: readonly PipelineEdge[],
  side: 'input' | 'output',
  document: PipelineDocument,
  cards: Cards,
  taken: Record<string, unknown>,
): ReadonlyMap<string, NewPort> {
  const ports = new Map<string, NewPort>()
  for (const edge of sortedEdges(cut)) {
    const known = ports.get(edge.from)
    if (known) {
      ports.set(edge.from, { ...known, wires: [...known.wires, edge] })
      continue
    }
    const { port } = portAddress(side === 'input' ? edge.to : edge.from)
    const base = slugOf(port) || side
    const id = nodeSlug(Object.hasOwn(taken, base) ? `${base}-${side === 'input' ? 'in' : 'out'}` : base, taken)
    taken[id] = true
    ports.set(edge.from, { id, type: wireType(document, edge, cards)!, wires: [edge] })
  }
  return ports
}

function wireType(document: PipelineDocument, edge: PipelineEdge, cards: Cards): PortType | undefined {
  const [from, to] = [portAddress(edge.from), portAddress(edge.to)]
  const card = (node: string) => cards.get(document.nodes[node]?.type ?? '')
  return card(from.node)?.outputs[from.port]?.type ?? card(to.node)?.inputs[to.port]?.type
}

function packedGroup(
  document: PipelineDocument,
  inside: ReadonlySet<string>,
  title: string,
  inputs: ReadonlyMap<string, NewPort>,
  outputs: ReadonlyMap<string, NewPort>,
): PipelineGroup {
  const pick = <V>(record: Readonly<Record<string, V>>) =>
    Object.fromEntries(Object.entries(record).filter(([id]) => inside.has(id)))
  const isIn = (address: string) => inside.has(portAddress(address).node)
  const portNodes: Record<string, PipelineNode> = {}
  const layout: Record<string, [number, number]> = pick(document.layout)
  const places = [...inside].map((id) => document.layout[id] ?? ([0, 0] as const))
  const [left, top] = topLeft(document.layout, [...inside])
  const right = Math.max(...places.map(([x]) => x))
  const place = (ports: ReadonlyMap<string, NewPort>, side: 'input' | 'output', x: number) =>
    [...ports.values()].forEach(({ id, type }, index) => {
      portNodes[id] = { type: portNodeType({ side, type }), version: 1, params: {} }
      layout[id] = [x, top + index * portStep]
    })
  place(inputs, 'input', left - portGap)
  place(outputs, 'output', right + portGap)
  return {
    title,
    version: 1,
    nodes: { ...pick(document.nodes), ...portNodes },
    edges: sortedEdges([
      ...document.edges.filter(({ from, to }) => isIn(from) && isIn(to)),
      ...[...inputs.values()].flatMap(({ id, wires }) =>
        wires.map((edge) => ({ ...edge, from: `${id}.${innerPort}` })),
      ),
      ...[...outputs].map(([from, { id }]) => ({ from, to: `${id}.${innerPort}` })),
    ]),
    inputs: Object.fromEntries(Object.entries(document.inputs).filter(([, target]) => isIn(target))),
    layout,
    frames: [],
    notes: [],
  }
}

export function topLeft(layout: Places, ids: readonly string[]): [number, number] {
  const places = ids.map((id) => layout[id] ?? ([0, 0] as const))
  return [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))]
}

/** Why these nodes can not become a group. */
function refusal(document: PipelineDocument, ids: readonly string[], cards: Cards): Problem | undefined {
  const refuse = (message: string, fix: string, node?: string): Problem => ({
    code: 'not-supported',
    message,
    fix,
    ...(node !== undefined && { node }),
  })
  if (ids.length === 0)
    return refuse('No node is selected, so there is nothing to group.', 'Select the nodes that belong together.')
  const port = ids.find((id) => portOfType(document.nodes[id]!.type))
  if (port !== undefined)
    return refuse(
      `"${document.nodes[port]!.title ?? port}" is a port of this group and can not go into another.`,
      'Leave it out of the selection.',
      port,
    )
  const inside = new Set(ids)
  const graph = adjacency(document)
  const after = descendants(graph, ids)
  const between = [...ancestors(graph, ids)].filter((id) => after.has(id) && !inside.has(id)).sort()
  if (between.length > 0)
    return refuse(
      `${between.map((id) => `"${nameOf(document, id, cards)}"`).join(', ')} ${between.length === 1 ? 'lies' : 'lie'} between the selected nodes: the group would feed itself.`,
      `Select ${between.length === 1 ? 'it' : 'them'} too.`,
      between[0],
    )
  const unknown = document.edges.find(({ from, to }) => {
    const ends = [from, to].map((address) => inside.has(portAddress(address).node))
    return ends[0] !== ends[1] && wireType(document, { from, to }, cards) === undefined
  })
  return (
    unknown &&
    refuse(
      `The wire from ${unknown.from} to ${unknown.to} joins ports that are not known, so the group would have a port without a type.`,
      'Remove the wire, or put both its ends into the group.',
    )
  )
}

function nameOf(document: PipelineDocument, id: string, cards: Cards): string {
  const node = document.nodes[id]
  return node?.title ?? cards.get(node?.type ?? '')?.title ?? id
}
