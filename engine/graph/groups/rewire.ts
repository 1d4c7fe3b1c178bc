import type { PipelineDocument, PortType } from '#contract'
import { portAddress, sortedEdges } from '../adjacency.ts'
import { nodeSlug } from '../node-slug.ts'
import { groupsAround, innerPort, joinIds, localId, portNodeType, portOfType } from './group-ids.ts'
import { type LevelPath, levelDocument, withLevel } from './levels.ts'
import { ownGroups } from './own-groups.ts'
import { timesUsed } from './set-inside.ts'
import { type Segment, type Segments, wireSegments } from './wire-segments.ts'

/** From a port of a node to another, by whole ids. */
export interface Wire {
  readonly from: string
  readonly to: string
  readonly carries?: PortType
}

/**
 * Draws and cuts wires between nodes on whatever levels. Ports of groups are used where they lead just where they must, and
 * made where there is none; those that lead nowhere afterwards go.
 */
export function rewire(
  document: PipelineDocument,
  edits: readonly (Wire & { readonly do: 'wire' | 'unwire' })[],
): PipelineDocument {
  const first = wireSegments(document)
  const before = connections(first)
  const wanted = new Map(before)
  for (const { do: act, ...wire } of edits)
    if (act === 'wire') wanted.set(key(wire), wire)
    else wanted.delete(key(wire))
  const cut = cutAll(document, wanted)
  const types = new Map(edits.flatMap(({ from, carries }) => (carries ? [[from, carries] as const] : [])))
  const left = connections(wireSegments(cut))
  const missing = [...wanted.values()].filter((wire) => !left.has(key(wire)))
  const drawn = missing.reduce((now, wire) => draw(now, wire, wanted, types), cut)
  return withoutDeadPorts(drawn, first)
}

const key = ({ from, to }: Wire) => `${from} ${to}`

type Connections = ReadonlyMap<string, Wire>

function connections(segments: Segments): Connections {
  const starts = segments.all.filter(({ from }) => from.includes('.'))
  const wires = starts.flatMap(({ from, to }) => [...segments.targets(to)].map((target) => ({ from, to: target })))
  return new Map(wires.map((wire) => [key(wire), wire]))
}

/** The connections that go through one segment. */
function through(segments: Segments, { from, to }: Segment): readonly Wire[] {
  const targets = [...segments.targets(to)]
  return [...segments.sources(from)].flatMap((source) => targets.map((target) => ({ from: source, to: target })))
}

/** Cuts whatever is not wanted, at segments that nothing else goes through where there are such, the outermost first. */
function cutAll(document: PipelineDocument, wanted: Connections): PipelineDocument {
  const segments = wireSegments(document)
  const left = (segment: Segment) => {
    const all = through(segments, segment)
    return { segment, unwanted: all.filter((wire) => !wanted.has(key(wire))).length, all: all.length }
  }
  const found = segments.all.map(left).filter(({ unwanted }) => unwanted > 0)
  if (found.length === 0) return document
  const lost = ({ all, unwanted }: (typeof found)[number]) => all - unwanted
  found.sort((a, b) => lost(a) - lost(b) || a.segment.path.length - b.segment.path.length)
  return cutAll(removeWire(document, found[0]!.segment), wanted)
}

function removeWire(document: PipelineDocument, { path, wire }: Segment): PipelineDocument {
  return editWires(document, path, (edges) => edges.filter(({ from, to }) => from !== wire.from || to !== wire.to))
}

function addWire(document: PipelineDocument, path: LevelPath, from: string, to: string): PipelineDocument {
  return editWires(document, path, (edges) =>
    edges.some((edge) => edge.from === from && edge.to === to) ? edges : sortedEdges([...edges, { from, to }]),
  )
}

function editWires(
  document: PipelineDocument,
  path: LevelPath,
  change: (edges: PipelineDocument['edges']) => PipelineDocument['edges'],
): PipelineDocument {
  const level = levelDocument(document, path)
  const edges = change(level.edges)
  if (edges === level.edges) return document
  const owned = ownGroups(document, path)
  return withLevel(owned, path, { ...levelDocument(owned, path), edges })
}

/** Draws a connection that is not there: out of the groups around its source, across, and into those around its target. */
function draw(
  document: PipelineDocument,
  wire: Wire,
  wanted: Connections,
  types: ReadonlyMap<string, PortType>,
): PipelineDocument {
  if (connections(wireSegments(document)).has(key(wire))) return document
  const carries = wire.carries ?? types.get(wire.from) ?? typeOnTheWay(document, wire)
  const [out, into] = [groupsAround(portAddress(wire.from).node), groupsAround(portAddress(wire.to).node)]
  const differs = out.findIndex((id, depth) => id !== into[depth])
  const shared = differs < 0 ? Math.min(out.length, into.length) : differs
  let now = document
  let from = localId(wire.from)
  for (let depth = out.length; depth > shared; depth--) {
    const step = leave(now, out.slice(0, depth), { from, source: wire.from, carries })
    now = step.document
    from = step.from
  }
  for (let depth = shared; depth < into.length; depth++) {
    const step = enter(now, into.slice(0, depth + 1), { from, wire, wanted, carries })
    now = step.document
    if (step.from === undefined) return now
    from = step.from
  }
  return addWire(now, into, from, localId(wire.to))
}

/** What the ports of groups carry that are wired to either end already. */
function typeOnTheWay(document: PipelineDocument, { from, to }: Wire): PortType {
  const touching = wireSegments(document).all.filter((segment) => segment.from === from || segment.to === to)
  const ports = touching.flatMap(({ path, wire }) =>
    [wire.from, wire.to].flatMap((address) => {
      const { node } = portAddress(address)
      return portOfType(levelDocument(document, path).nodes[node]?.type ?? '')?.type ?? []
    }),
  )
  return ports[0] ?? 'table'
}

interface Leaving {
  /** Where it is on the level that is left. */
  readonly from: string
  readonly source: string
  readonly carries: PortType
}

/** Out of a group: by a port that carries this alone, or a new one. */
function leave(
  document: PipelineDocument,
  path: LevelPath,
  { from, source, carries }: Leaving,
): { readonly document: PipelineDocument; readonly from: string } {
  const segments = wireSegments(document)
  const level = levelDocument(document, path)
  const id = localId(joinIds(...path))
  const port = level.edges
    .filter((edge) => edge.from === from)
    .map((edge) => portAddress(edge.to).node)
    .find((node) => {
      if (portOfType(level.nodes[node]?.type ?? '')?.side !== 'output') return false
      const sources = segments.sources(joinIds(...path, node))
      return sources.size === 1 && sources.has(source)
    })
  if (port !== undefined) return { document, from: `${id}.${port}` }
  const made = addPort(document, path, { side: 'output', type: carries, beside: portAddress(from) })
  return { document: addWire(made.document, path, from, `${made.id}.${innerPort}`), from: `${id}.${made.id}` }
}

interface Entering {
  /** Where it is on the level around. */
  readonly from: string
  readonly wire: Wire
  readonly wanted: Connections
  readonly carries: PortType
}

/** Into a group: by a port that leads just where this source is wanted; then nothing is left to draw. Else by a new port. */
function enter(
  document: PipelineDocument,
  path: LevelPath,
  { from, wire, wanted, carries }: Entering,
): { readonly document: PipelineDocument; readonly from?: string } {
  const segments = wireSegments(document)
  const level = levelDocument(document, path)
  const around = path.slice(0, -1)
  const id = path.at(-1)!
  const port = Object.keys(level.nodes).find((node) => {
    if (portOfType(level.nodes[node]!.type)?.side !== 'input') return false
    const whole = joinIds(...path, node)
    const sources = segments.sources(whole)
    const targets = [...segments.targets(whole)]
    return (
      targets.includes(wire.to) &&
      (sources.size === 0 || (sources.size === 1 && sources.has(wire.from))) &&
      targets.every((to) => wanted.has(key({ from: wire.from, to })))
    )
  })
  if (port !== undefined) return { document: addWire(document, around, from, `${id}.${port}`) }
  const made = addPort(document, path, { side: 'input', type: carries, beside: portAddress(localId(wire.to)) })
  return { document: addWire(made.document, around, from, `${id}.${made.id}`), from: `${made.id}.${innerPort}` }
}

interface NewPort {
  readonly side: 'input' | 'output'
  readonly type: PortType
  readonly beside: { readonly node: string; readonly port: string }
}

function addPort(
  document: PipelineDocument,
  path: LevelPath,
  { side, type, beside }: NewPort,
): { readonly document: PipelineDocument; readonly id: string } {
  const owned = ownGroups(document, path)
  const level = levelDocument(owned, path)
  const id = nodeSlug(beside.port, level.nodes)
  const node = { type: portNodeType({ side, type }), version: 1, params: {} }
  const layout = { ...level.layout, [id]: portPlace(level, side, beside.node) }
  return { document: withLevel(owned, path, { ...level, nodes: { ...level.nodes, [id]: node }, layout }), id }
}

/** Left of all, or right of all, on the height of the node it is for or below what stands there. */
function portPlace({ layout }: PipelineDocument, side: 'input' | 'output', node: string): [number, number] {
  const places = Object.values(layout)
  const across = places.map(([x]) => x)
  const x = side === 'input' ? Math.min(0, ...across) - 180 : Math.max(0, ...across) + 240
  return [x, layout[node]?.[1] ?? 0]
}

/** Without ports that led somewhere before and lead nowhere now; a group that others use too keeps them. */
function withoutDeadPorts(document: PipelineDocument, before: Segments): PipelineDocument {
  const now = wireSegments(document)
  const junctions = new Set(before.all.flatMap(({ from, to }) => [from, to]).filter((port) => !port.includes('.')))
  const ends = (segments: Segments, port: string) =>
    Math.min(segments.sources(port).size, 1) + Math.min(segments.targets(port).size, 1)
  const dead = [...junctions].find(
    (port) =>
      ends(before, port) === 2 &&
      ends(now, port) < 2 &&
      isPort(document, port) &&
      timesUsed(document, groupsAround(port)) === 1,
  )
  if (dead === undefined) return document
  const path = groupsAround(dead)
  const level = levelDocument(document, path)
  const id = localId(dead)
  const { [id]: _, ...nodes } = level.nodes
  const { [id]: __, ...layout } = level.layout
  const edges = level.edges.filter(({ from, to }) => [from, to].every((end) => portAddress(end).node !== id))
  return withoutDeadPorts(withLevel(document, path, { ...level, nodes, layout, edges }), before)
}

function isPort(document: PipelineDocument, port: string): boolean {
  return portOfType(levelDocument(document, groupsAround(port)).nodes[localId(port)]?.type ?? '') !== undefined
}
