import type { PipelineDocument } from '#contract'
import { groupOfType } from '#graph/groups/group-ids'
import { groupOfNode } from '#graph/groups/group-of-node'

/** How many nodes of the file stand for the same group as this type. */
export function usesOfGroup(document: PipelineDocument, type: string): number {
  const canvases = [document, ...Object.values(document.groups ?? {})]
  return canvases.reduce((sum, { nodes }) => sum + Object.values(nodes).filter((node) => node.type === type).length, 0)
}

/** Names the group itself where this node is the only one that stands for it; undefined where it is not. */
export function nameGroup(document: PipelineDocument, node: string, title: string): PipelineDocument | undefined {
  const old = document.nodes[node]
  const group = groupOfNode(document.groups, old)
  if (!old || !group || title.trim() === '' || usesInside(document, old.type) > 1) return undefined
  const { title: _, ...untitled } = old
  return {
    ...document,
    nodes: { ...document.nodes, [node]: untitled },
    groups: { ...document.groups, [groupOfType(old.type)!]: { ...group, title: title.trim() } },
  }
}

/** The level's own nodes may be those of a group: they are counted once. */
function usesInside(document: PipelineDocument, type: string): number {
  const same = Object.values(document.groups ?? {}).some(({ nodes }) => nodes === document.nodes)
  const own = Object.values(document.nodes).filter((node) => node.type === type).length
  return usesOfGroup(document, type) - (same ? own : 0)
}
