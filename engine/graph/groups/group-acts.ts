import type { PipelineDocument, PipelineNode } from '#contract'
import { portAddress } from '../adjacency.ts'
import { nodeSlug } from '../node-slug.ts'
import { type DocumentDifference, diffDocuments } from '../versions/diff-documents.ts'
import { groupOfType, groupType } from './group-ids.ts'
import { groupOfNode } from './group-of-node.ts'
import { dropUnused } from './unpack-node.ts'

/** A group of its own for this node: a copy that later changes of the group leave alone, and that leaves the others alone. */
export function makeIndependent(document: PipelineDocument, id: string): PipelineDocument {
  const node = document.nodes[id]
  const group = groupOfNode(document.groups, node)
  if (!node || !group) return document
  const old = groupOfType(node.type)!
  const name = nodeSlug(old, document.groups!)
  const { newer: _, ...own } = group
  const groups = { ...document.groups, [name]: { ...own, version: 1 } }
  return dropUnused({ ...document, groups, nodes: withType(document.nodes, id, groupType(name)) }, old, document)
}

/** The node keeps its group as it is now; the group goes on as its next version, and all other nodes follow that. */
export function keepVersion(document: PipelineDocument, id: string): PipelineDocument {
  const node = document.nodes[id]
  const group = groupOfNode(document.groups, node)
  if (!node || !group || group.newer !== undefined) return document
  const name = groupOfType(node.type)!
  const kept = nodeSlug(`${name}-v${group.version}`, document.groups!)
  const groups = {
    ...document.groups,
    [name]: { ...group, version: group.version + 1 },
    [kept]: { ...group, newer: name },
  }
  return { ...document, groups, nodes: withType(document.nodes, id, groupType(kept)) }
}

/** The node takes the newest version of its group; wires at ports and settings that this no longer has go. */
export function updateVersion(document: PipelineDocument, id: string): PipelineDocument {
  const node = document.nodes[id]
  const old = groupOfNode(document.groups, node)
  const group = old?.newer === undefined ? undefined : document.groups?.[old.newer]
  if (!node || !group) return document
  const params = Object.fromEntries(Object.entries(node.params).filter(([name]) => Object.hasOwn(group.inputs, name)))
  const hasPort = (address: string) => {
    const at = portAddress(address)
    return at.node !== id || Object.hasOwn(group.nodes, at.port)
  }
  const updated: PipelineDocument = {
    ...document,
    nodes: { ...document.nodes, [id]: { ...node, type: groupType(old!.newer!), params } },
    edges: document.edges.filter(({ from, to }) => hasPort(from) && hasPort(to)),
  }
  return dropUnused(updated, groupOfType(node.type)!, document)
}

/** What the newest version of a node's group has different; undefined where it is the newest already. */
export function versionChanges(document: PipelineDocument, id: string): DocumentDifference | undefined {
  const old = groupOfNode(document.groups, document.nodes[id])
  const group = old?.newer === undefined ? undefined : document.groups?.[old.newer]
  if (!old || !group) return undefined
  const whole = ({ title, version: _, newer: __, ...canvas }: typeof group): PipelineDocument => ({
    format: document.format,
    name: title,
    description: '',
    seed: document.seed,
    ...canvas,
  })
  return diffDocuments(whole(old), whole(group))
}

/** Lets a parameter be set from outside: on the group's own form, or of a pipeline by its callers. */
export function showSetting(document: PipelineDocument, node: string, parameter: string): PipelineDocument {
  const target = `${node}.${parameter}`
  if (!Object.hasOwn(document.nodes, node) || Object.values(document.inputs).includes(target)) return document
  const name = Object.hasOwn(document.inputs, parameter) ? freeSetting(document, node, parameter) : parameter
  return { ...document, inputs: { ...document.inputs, [name]: target } }
}

function freeSetting({ inputs }: PipelineDocument, node: string, parameter: string): string {
  const base = `${node}-${parameter}`
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!Object.hasOwn(inputs, name)) return name
  }
}

/** Takes a parameter back from the group's form. */
export function hideSetting(document: PipelineDocument, node: string, parameter: string): PipelineDocument {
  const target = `${node}.${parameter}`
  const inputs = Object.fromEntries(Object.entries(document.inputs).filter(([, to]) => to !== target))
  return Object.keys(inputs).length === Object.keys(document.inputs).length ? document : { ...document, inputs }
}

function withType(nodes: PipelineDocument['nodes'], id: string, type: string): PipelineDocument['nodes'] {
  return { ...nodes, [id]: { ...nodes[id]!, type } satisfies PipelineNode }
}
