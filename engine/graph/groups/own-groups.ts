import type { PipelineDocument } from '#contract'
import { nodeSlug } from '../node-slug.ts'
import { groupOfType, groupType } from './group-ids.ts'
import { groupAt, type LevelPath, levelDocument, withLevel } from './levels.ts'
import { timesUsed } from './set-inside.ts'

/** Each group along the path that other nodes stand for too becomes one that only this node stands for. */
export function ownGroups(document: PipelineDocument, path: LevelPath): PipelineDocument {
  return path.reduce((now, id, depth) => {
    const here = path.slice(0, depth + 1)
    return timesUsed(now, here) > 1 ? ownGroup(now, path.slice(0, depth), id) : now
  }, document)
}

function ownGroup(document: PipelineDocument, around: LevelPath, id: string): PipelineDocument {
  const old = document.groups![groupAt(document, [...around, id])!]!
  const level = levelDocument(document, around)
  const node = level.nodes[id]!
  const name = nodeSlug(groupOfType(node.type)!, document.groups!)
  const { newer: _, ...own } = old
  return withLevel(document, around, {
    ...level,
    groups: { ...level.groups, [name]: { ...own, version: 1 } },
    nodes: { ...level.nodes, [id]: { ...node, type: groupType(name) } },
  })
}
