import type { JsonValue, PipelineDocument, PipelineEdge, PipelineGroup, PipelineNode, Problem } from '#contract'
import { portAddress } from '../adjacency.ts'
import { nearest } from '../nearest.ts'
import { withParameter } from '../set-inputs.ts'
import { groupOfType, isWithin, joinIds, portOfType, wholeName } from './group-ids.ts'
import { groupOfNode } from './group-of-node.ts'
import { joinWires, portsBeyond } from './join-wires.ts'

/** A document without groups, as the engine plans and runs it, and how it came about. */
export interface ExpandedDocument {
  /** Nodes inside a group are called `group--node`. The very document given where it has no groups. */
  readonly document: PipelineDocument
  readonly problems: readonly Problem[]
  /** Each node that stands for a group, at any depth, with what it stands for. */
  readonly instances: ReadonlyMap<string, PipelineGroup>
  /** Each port of a group, as `group--port`: the ports inside that are wired to it. */
  readonly ends: ReadonlyMap<string, readonly string[]>
  /** A name that leads to a parameter inside a group, as `group.name`, with the parameter. */
  readonly settings: ReadonlyMap<string, string>
}

/**
 * Puts the inside of every group in the place of its node. Keys of steps do not depend on ids, so a step inside a group
 * has the key it would have outside. `titleOf` gives the title of a node type, for the titles of steps.
 */
export function expandGroups(
  document: PipelineDocument,
  titleOf: (type: string) => string | undefined = () => undefined,
): ExpandedDocument {
  if (!document.groups) return whole(document)
  const work: Expansion = {
    groups: document.groups,
    titleOf,
    nodes: {},
    wires: [],
    problems: [],
    instances: new Map(),
    settings: new Map(),
    ports: new Map(),
  }
  const { instances, problems } = work
  expandLevel(work, { ...document, title: '' }, { path: [], titles: [], inside: [] })
  const edges = joinWires(work.wires)
  const sides = { input: portsBeyond(work.wires, 'to'), output: portsBeyond(work.wires, 'from') }
  const ends = new Map([...work.ports].map(([port, side]) => [port, sides[side](port)] as const))
  const settings = new Map([...work.settings.keys()].map((name) => [name, resolve(work.settings, name)] as const))
  if (instances.size === 0) return { document, problems, instances, ends, settings }
  const { groups: _, ...rest } = document
  const inputs = Object.fromEntries(
    Object.entries(document.inputs).map(([name, target]) => [name, settings.get(target) ?? target]),
  )
  return { document: { ...rest, nodes: work.nodes, edges, inputs }, problems, instances, ends, settings }
}

/** Of a document without groups. */
function whole(document: PipelineDocument): ExpandedDocument {
  return { document, problems: [], instances: new Map(), ends: new Map(), settings: new Map() }
}

/** Nodes that are meant by these names: of a group all that are in it. */
export function nodesWithin({ nodes }: Pick<PipelineDocument, 'nodes'>, names: readonly string[]): readonly string[] {
  const all = Object.keys(nodes)
  return names.map(wholeName).flatMap((name) => {
    const inside = Object.hasOwn(nodes, name) ? [] : all.filter((id) => isWithin(id, name))
    return inside.length > 0 ? inside : [name]
  })
}

/** The settings by the names of the parameters they stand for. */
export function resolveSettings(
  expanded: Pick<ExpandedDocument, 'settings'>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [resolveSetting(expanded, name), value]))
}

/** The parameter that a name stands for: `group.name` where the group shows it, `group/node.parameter` in any case. */
export function resolveSetting({ settings }: Pick<ExpandedDocument, 'settings'>, name: string): string {
  const whole = name.includes('.') ? wholeName(name) : name
  return settings.get(whole) ?? whole
}

function resolve(settings: ReadonlyMap<string, string>, name: string): string {
  const next = settings.get(name)
  return next === undefined ? name : resolve(settings, next)
}

interface Expansion {
  readonly groups: PipelineDocument['groups']
  readonly titleOf: (type: string) => string | undefined
  readonly nodes: Record<string, PipelineNode>
  /** Between ports of nodes and ports of groups, all by whole ids. */
  readonly wires: PipelineEdge[]
  readonly problems: Problem[]
  readonly instances: Map<string, PipelineGroup>
  readonly settings: Map<string, string>
  /** Ports of groups by whole id. */
  readonly ports: Map<string, 'input' | 'output'>
}

interface Place {
  readonly path: readonly string[]
  readonly titles: readonly string[]
  /** Names of the groups around. */
  readonly inside: readonly string[]
}
type Level = Pick<PipelineGroup, 'title' | 'nodes' | 'edges'>

function expandLevel(work: Expansion, level: Level, place: Place): void {
  for (const [id, node] of Object.entries(level.nodes)) {
    const whole = joinIds(...place.path, id)
    const port = place.path.length > 0 ? portOfType(node.type) : undefined
    const group = groupOfNode(work.groups, node)
    if (port) work.ports.set(whole, port.side)
    else if (group) expandInstance(work, { id, whole, node, group }, place)
    else work.nodes[whole] = place.path.length > 0 ? titled(work, node, id, place) : node
  }
  level.edges.forEach((edge, index) => {
    work.wires.push({ ...edge, from: wholeAddress(level, place, edge.from), to: wholeAddress(level, place, edge.to) })
    for (const end of ['from', 'to'] as const) noteStrayEnd(work, level, place, edge, end, index)
  })
}

function titled(work: Expansion, node: PipelineNode, id: string, { titles }: Place): PipelineNode {
  return { ...node, title: [...titles, node.title ?? work.titleOf(node.type) ?? id].join(' › ') }
}

/** A port of a group, and the node inside that stands for it, are one and the same point: `group--port`. */
function wholeAddress(level: Level, { path }: Place, address: string): string {
  const { node, port } = portAddress(address)
  const type = level.nodes[node]?.type ?? ''
  if (path.length > 0 && portOfType(type)) return joinIds(...path, node)
  if (groupOfType(type) !== undefined) return joinIds(...path, node, port)
  return joinIds(...path, address)
}

interface Instance {
  readonly id: string
  readonly whole: string
  readonly node: PipelineNode
  readonly group: PipelineGroup
}

function expandInstance(work: Expansion, { id, whole, node, group }: Instance, place: Place): void {
  const name = groupOfType(node.type)!
  if (place.inside.includes(name)) {
    const circle = [...place.inside.slice(place.inside.indexOf(name)), name]
    work.problems.push({
      code: 'graph-cycle',
      message: `The group "${group.title}" holds itself: ${circle.join(' → ')}.`,
      node: whole,
      path: ['groups', name],
      fix: `Remove ${id} from the inside of the group.`,
    })
    return
  }
  work.instances.set(whole, group)
  let inside: Level = group
  for (const [setting, value] of Object.entries(node.params)) {
    const target = group.inputs[setting]
    const at = target === undefined ? undefined : portAddress(target)
    if (at && Object.hasOwn(group.nodes, at.node))
      inside = withParameter(inside, { node: at.node, path: at.port.split('.') }, value as JsonValue)
    else work.problems.push(unknownSetting(whole, group, setting))
  }
  for (const [setting, target] of Object.entries(group.inputs))
    work.settings.set(`${whole}.${setting}`, joinIds(whole, target))
  const titles = [...place.titles, node.title ?? group.title]
  expandLevel(work, inside, { path: [...place.path, id], titles, inside: [...place.inside, name] })
}

function unknownSetting(whole: string, group: PipelineGroup, setting: string): Problem {
  const close = nearest(setting, Object.keys(group.inputs))
  return {
    code: 'parameter-bad',
    message: `The group "${group.title}" does not show a setting "${setting}".`,
    node: whole,
    path: ['params', setting],
    fix: close ? `Rename it to "${close}", or remove it.` : 'Remove it.',
  }
}

/** A wire that ends at a port which its group does not have leads nowhere. */
function noteStrayEnd(
  work: Expansion,
  level: Level,
  place: Place,
  edge: PipelineEdge,
  end: 'from' | 'to',
  index: number,
): void {
  const { node, port } = portAddress(edge[end])
  const group = level.nodes[node] && groupOfNode(work.groups, level.nodes[node])
  if (!group) return
  const side = end === 'to' ? 'input' : 'output'
  const names = Object.keys(group.nodes).filter((id) => portOfType(group.nodes[id]!.type)?.side === side)
  if (names.includes(port)) return
  const close = nearest(port, names)
  work.problems.push({
    code: 'port-unknown',
    message: `The wire from ${edge.from} to ${edge.to} ${end === 'to' ? 'ends' : 'starts'} at ${side} "${port}", which the group "${group.title}" does not have.`,
    node: joinIds(...place.path, node),
    path: end === 'to' ? ['inputs', port] : ['edges', index, 'from'],
    fix: close ? `Use ${node}.${close}.` : 'Remove the wire.',
  })
}
