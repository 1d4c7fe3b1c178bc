import type { JsonValue, PipelineDocument, PipelineEdge, PipelineGroup, PipelineNode } from '#contract'
import { portAddress } from '../adjacency.ts'
import { nodeSlug } from '../node-slug.ts'
import { withParameter } from '../set-inputs.ts'
import { groupOfType, groupType, portOfType } from './group-ids.ts'
import { groupOfNode, groupsInside } from './group-of-node.ts'
import { joinWires } from './join-wires.ts'
import { topLeft } from './pack-nodes.ts'

export interface UnpackedNode {
  readonly document: PipelineDocument
  /** The nodes that were inside, by their ids outside. */
  readonly ids: readonly string[]
}

/** Puts what is inside a group in the place of its node, settings filled in. A group that nothing uses any more goes. */
export function unpackNode(document: PipelineDocument, id: string): UnpackedNode | undefined {
  const node = document.nodes[id]
  const group = groupOfNode(document.groups, node)
  if (!node || !group) return undefined
  const { [id]: _, ...others } = document.nodes
  const { [id]: place = [0, 0] as [number, number], ...places } = document.layout
  const inside = withSettings(group, node)
  const ids = outsideIds(inside, others)
  const [left, top] = topLeft(inside.layout, [...ids.keys()])
  const [dx, dy] = [place[0] - left, place[1] - top]
  const moved = <T extends { x: number; y: number }>(item: T): T => ({ ...item, x: item.x + dx, y: item.y + dy })
  const freed: PipelineDocument = {
    ...document,
    nodes: { ...others, ...Object.fromEntries([...ids].map(([inner, outer]) => [outer, inside.nodes[inner]!])) },
    edges: joinWires([...outerWires(document, id), ...innerWires(inside, ids)]),
    layout: {
      ...places,
      ...Object.fromEntries(
        [...ids].flatMap(([inner, outer]) => {
          const at = inside.layout[inner]
          return at ? [[outer, [at[0] + dx, at[1] + dy] as [number, number]]] : []
        }),
      ),
    },
    inputs: freedInputs(document, id, inside, ids),
    frames: [...document.frames, ...inside.frames.map(moved)],
    notes: [...document.notes, ...inside.notes.map(moved)],
  }
  return { document: dropUnused(freed, groupOfType(node.type)!, document), ids: [...ids.values()] }
}

/** The document with every group unpacked, those in groups too; a group that holds itself stays. */
export function unpackAll(document: PipelineDocument): PipelineDocument {
  const { groups } = document
  const id = Object.keys(document.nodes).find((one) => {
    const name = groupOfType(document.nodes[one]!.type)
    return (
      name !== undefined &&
      groups?.[name] &&
      ![name, ...groupsInside(groups, name)].some((inner) => groupsInside(groups, inner).has(inner))
    )
  })
  return id === undefined ? document : unpackAll(unpackNode(document, id)!.document)
}

/** The group as this node uses it. */
function withSettings(group: PipelineGroup, node: PipelineNode): PipelineGroup {
  return Object.entries(node.params).reduce((inside, [setting, value]) => {
    const target = group.inputs[setting]
    if (target === undefined) return inside
    const at = portAddress(target)
    if (!Object.hasOwn(inside.nodes, at.node)) return inside
    return withParameter(inside, { node: at.node, path: at.port.split('.') }, value as JsonValue)
  }, group)
}

/** Nodes keep their ids where these are free outside. */
function outsideIds(inside: PipelineGroup, others: PipelineDocument['nodes']): ReadonlyMap<string, string> {
  const inner = Object.keys(inside.nodes).filter((id) => !portOfType(inside.nodes[id]!.type))
  const taken: Record<string, unknown> = { ...others }
  for (const id of inner) taken[id] ??= true
  const ids = new Map<string, string>()
  for (const id of inner) {
    const outer = Object.hasOwn(others, id) ? nodeSlug(id, taken) : id
    taken[outer] = true
    ids.set(id, outer)
  }
  return ids
}

/** Ports of the group become junctions, named by the nodes inside that stand for them. */
function outerWires(document: PipelineDocument, id: string): PipelineEdge[] {
  const end = (address: string) => {
    const { node, port } = portAddress(address)
    return node === id ? port : address
  }
  return document.edges.map((edge) => ({ ...edge, from: end(edge.from), to: end(edge.to) }))
}

function innerWires(inside: PipelineGroup, ids: ReadonlyMap<string, string>): PipelineEdge[] {
  const end = (address: string) => {
    const { node, port } = portAddress(address)
    const outer = ids.get(node)
    return outer === undefined ? node : `${outer}.${port}`
  }
  return inside.edges.map((edge) => ({ ...edge, from: end(edge.from), to: end(edge.to) }))
}

function freedInputs(
  document: PipelineDocument,
  id: string,
  inside: PipelineGroup,
  ids: ReadonlyMap<string, string>,
): PipelineDocument['inputs'] {
  return Object.fromEntries(
    Object.entries(document.inputs).map(([input, target]) => {
      const { node, port } = portAddress(target)
      const inner = node === id ? inside.inputs[port] : undefined
      if (inner === undefined) return [input, target]
      const at = portAddress(inner)
      return [input, `${ids.get(at.node) ?? at.node}.${at.port}`]
    }),
  )
}

/**
 * Without this group when no node stands for it any more. `before` is the document before the edit: where it is the inside
 * of a group, that group still holds the same nodes and does not count.
 */
export function dropUnused(document: PipelineDocument, name: string, before: PipelineDocument): PipelineDocument {
  const { [name]: dropped, ...rest } = document.groups ?? {}
  const canvases = [document, ...Object.values(rest).filter(({ nodes }) => nodes !== before.nodes)]
  const used = canvases.some(({ nodes }) => Object.values(nodes).some(({ type }) => type === groupType(name)))
  if (!dropped || used) return document
  const { groups: _, ...bare } = document
  return Object.keys(rest).length > 0 ? { ...bare, groups: rest } : bare
}
