import type { PipelineDocument, PipelineGroup } from '#contract'
import { groupOfType } from './group-ids.ts'

type Groups = PipelineDocument['groups']

/** What a node stands for, where it is a group of this file. */
export function groupOfNode(groups: Groups, node: { readonly type: string } | undefined): PipelineGroup | undefined {
  const name = groupOfType(node?.type ?? '')
  return name !== undefined && groups && Object.hasOwn(groups, name) ? groups[name] : undefined
}

/** Names of the groups that this one holds, at any depth; with its own where it holds itself. */
export function groupsInside(groups: Groups, name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [name]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const { type } of Object.values(groups?.[next]?.nodes ?? {})) {
      const inner = groupOfType(type)
      if (inner === undefined || found.has(inner)) continue
      found.add(inner)
      open.push(inner)
    }
  return found
}
