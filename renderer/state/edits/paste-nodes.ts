import { documentSchema, type PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'
import { nodeSlug } from '#graph/node-slug'
import { connect } from './connect.ts'
import { placeOf } from './move-nodes.ts'
import { addGroups, groupsOf } from './paste-groups.ts'

/** Some nodes with the wires among them, and the groups they stand for: what copy puts on the clipboard. */
export type Fragment = Pick<PipelineDocument, 'nodes' | 'edges' | 'layout' | 'groups'>

export function copyNodes(document: PipelineDocument, ids: ReadonlySet<string>): Fragment {
  const chosen = Object.keys(document.nodes).filter((id) => ids.has(id))
  const nodes = Object.fromEntries(chosen.map((id) => [id, document.nodes[id]!]))
  const groups = groupsOf(nodes, document.groups)
  return {
    ...(groups && { groups }),
    nodes,
    layout: Object.fromEntries(chosen.map((id) => [id, [...placeOf(document, id)] as [number, number]])),
    edges: document.edges.filter((edge) => ids.has(portAddress(edge.from).node) && ids.has(portAddress(edge.to).node)),
  }
}

/** Adds the fragment under fresh ids, moved by `offset`; the ids come in the fragment's order. */
export function pasteNodes(
  document: PipelineDocument,
  fragment: Fragment,
  offset: readonly [number, number],
): { document: PipelineDocument; ids: readonly string[] } {
  const renamed = new Map<string, string>()
  const { document: prepared, typeOf } = fragment.groups
    ? addGroups(document, fragment.groups)
    : { document, typeOf: (type: string) => type }
  let result = prepared
  for (const [id, node] of Object.entries(fragment.nodes)) {
    const fresh = nodeSlug(id.replace(/-\d+$/, ''), result.nodes)
    renamed.set(id, fresh)
    const [x, y] = fragment.layout[id] ?? [0, 0]
    result = {
      ...result,
      nodes: { ...result.nodes, [fresh]: { ...node, type: typeOf(node.type) } },
      layout: { ...result.layout, [fresh]: [x + offset[0], y + offset[1]] },
    }
  }
  for (const edge of fragment.edges) {
    const [from, to] = [portAddress(edge.from), portAddress(edge.to)]
    result = connect(result, {
      ...edge,
      from: `${renamed.get(from.node)}.${from.port}`,
      to: `${renamed.get(to.node)}.${to.port}`,
    })
  }
  return { document: result, ids: [...renamed.values()] }
}

const fragmentSchema = documentSchema.pick({ nodes: true, edges: true, layout: true, groups: true })

export function printFragment(fragment: Fragment): string {
  return JSON.stringify({ plumbline: 'fragment', ...fragment }, null, 2)
}

/** The fragment in a clipboard text, or null when it holds something else. */
export function parseFragment(text: string): Fragment | null {
  try {
    const { plumbline, ...fragment } = JSON.parse(text) as Record<string, unknown>
    const parsed = fragmentSchema.safeParse(fragment)
    return plumbline === 'fragment' && parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
