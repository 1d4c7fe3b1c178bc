import type { PipelineDocument, PipelineGroup, PipelineNode } from '#contract'
import { portAddress } from '../adjacency.ts'
import { groupOfType, groupType } from './group-ids.ts'
import { groupOfNode } from './group-of-node.ts'

/** Ids of nodes that stand for groups, each inside the one before; none is the pipeline itself. */
export type LevelPath = readonly string[]

/** The name of the group that a path leads into; undefined for the pipeline itself, and for paths that lead nowhere. */
export function groupAt(document: PipelineDocument, path: LevelPath): string | undefined {
  let nodes = document.nodes
  let name: string | undefined
  for (const id of path) {
    const node = Object.hasOwn(nodes, id) ? nodes[id] : undefined
    const group = groupOfNode(document.groups, node)
    if (!node || !group) return undefined
    name = groupOfType(node.type)
    nodes = group.nodes
  }
  return name
}

/** As much of a path as still leads somewhere. */
export function openPath(document: PipelineDocument, path: LevelPath): LevelPath {
  const good = path.findIndex((_, index) => groupAt(document, path.slice(0, index + 1)) === undefined)
  return good < 0 ? path : path.slice(0, good)
}

/** The inside of a group as a document that can be edited like any other. */
export function levelDocument(document: PipelineDocument, path: LevelPath): PipelineDocument {
  const name = groupAt(document, path)
  if (name === undefined) return document
  const { title, version: _, newer: __, ...canvas } = document.groups![name]!
  return { ...document, name: title, description: '', ...canvas }
}

/** The whole document after its level at this path was edited; every node that stands for the group follows. */
export function withLevel(document: PipelineDocument, path: LevelPath, level: PipelineDocument): PipelineDocument {
  const name = groupAt(document, path)
  if (name === undefined) return level
  const { nodes, edges, inputs, layout, frames, notes } = level
  const group = { ...document.groups![name]!, title: level.name, nodes, edges, inputs, layout, frames, notes }
  return fitNodes({ ...document, groups: { ...level.groups, [name]: group } }, name)
}

/** Without the wires and settings of nodes that their group no longer has. */
function fitNodes(document: PipelineDocument, name: string): PipelineDocument {
  const group = document.groups![name]!
  const before = Object.entries(document.groups!)
  const groups = before.map(([other, canvas]) => [other, fitCanvas(canvas, name, group)] as const)
  const fitted = { ...fitCanvas(document, name, group), groups: Object.fromEntries(groups) }
  const shows = (canvas: PipelineGroup) => Object.keys(canvas.inputs).length
  const hiding = before.filter(([other, canvas]) => shows(canvas) > shows(fitted.groups[other]!))
  return hiding.reduce<PipelineDocument>((now, [other]) => fitNodes(now, other), fitted)
}

type Canvas = Pick<PipelineDocument, 'nodes' | 'edges' | 'inputs'>

function fitCanvas<C extends Canvas>(canvas: C, name: string, group: PipelineGroup): C {
  const ids = Object.keys(canvas.nodes).filter((id) => canvas.nodes[id]!.type === groupType(name))
  if (ids.length === 0) return canvas
  const instances = new Set(ids)
  const has = (names: object) => (address: string) => {
    const { node, port } = portAddress(address)
    return !instances.has(node) || Object.hasOwn(names, port)
  }
  const [hasPort, hasSetting] = [has(group.nodes), has(group.inputs)]
  const fittedParams = (node: PipelineNode): PipelineNode => ({
    ...node,
    params: Object.fromEntries(Object.entries(node.params).filter(([setting]) => Object.hasOwn(group.inputs, setting))),
  })
  return {
    ...canvas,
    nodes: Object.fromEntries(
      Object.entries(canvas.nodes).map(([id, node]) => [id, instances.has(id) ? fittedParams(node) : node]),
    ),
    edges: canvas.edges.filter(({ from, to }) => hasPort(from) && hasPort(to)),
    inputs: Object.fromEntries(Object.entries(canvas.inputs).filter(([, target]) => hasSetting(target))),
  }
}
