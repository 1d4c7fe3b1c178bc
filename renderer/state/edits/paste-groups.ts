import type { PipelineDocument } from '#contract'
import { canonicalJson } from '#graph/canonical'
import { groupOfType, groupType } from '#graph/groups/group-ids'
import { groupsInside } from '#graph/groups/group-of-node'
import { nodeSlug } from '#graph/node-slug'

type Nodes = PipelineDocument['nodes']
type Groups = NonNullable<PipelineDocument['groups']>

/** The groups that nodes stand for, with those inside; undefined where there are none. */
export function groupsOf(nodes: Nodes, groups: PipelineDocument['groups']): Groups | undefined {
  const own = Object.values(nodes).flatMap(({ type }) => groupOfType(type) ?? [])
  const names = [...new Set(own.flatMap((name) => [name, ...groupsInside(groups, name)]))]
  const found = names.filter((name) => groups && Object.hasOwn(groups, name)).sort()
  return found.length === 0 ? undefined : Object.fromEntries(found.map((name) => [name, groups![name]!]))
}

/** A document that has these groups too; one of the same name that is another group stays, and the new one gets a free name. */
export function addGroups(
  document: PipelineDocument,
  added: Groups,
): { document: PipelineDocument; typeOf: (type: string) => string } {
  const groups: Groups = { ...document.groups }
  const alike = (name: string) => canonicalJson(document.groups?.[name] ?? null) === canonicalJson(added[name] ?? null)
  const isThere = (name: string) => [name, ...groupsInside(added, name)].every(alike)
  const fresh = Object.keys(added).filter((name) => !isThere(name))
  const renamed = new Map<string, string>()
  for (const name of fresh) {
    renamed.set(name, nodeSlug(name, groups))
    groups[renamed.get(name)!] = added[name]!
  }
  const typeOf = (type: string) => {
    const name = renamed.get(groupOfType(type) ?? '')
    return name === undefined ? type : groupType(name)
  }
  for (const name of renamed.values()) {
    const { nodes, newer } = groups[name]!
    const inside = Object.entries(nodes).map(([id, node]) => [id, { ...node, type: typeOf(node.type) }])
    groups[name] = {
      ...groups[name]!,
      nodes: Object.fromEntries(inside) as Nodes,
      ...(newer !== undefined && { newer: renamed.get(newer) ?? newer }),
    }
  }
  return { document: { ...document, groups }, typeOf }
}
