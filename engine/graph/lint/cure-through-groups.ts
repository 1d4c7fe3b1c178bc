import type { Cure, DocumentEdit, NodeCard, PipelineDocument } from '#contract'
import { portAddress } from '../adjacency.ts'
import { applyEdit } from '../apply-edit.ts'
import { applyEdits } from '../apply-edits.ts'
import { canonicalJson } from '../canonical.ts'
import { levelOfEdits } from '../groups/edit-levels.ts'
import { expandGroups } from '../groups/expand-groups.ts'

/**
 * A cure that was found on the document without its groups (`flat`), for the document with them; its note says which groups it
 * changes. Without edits where groups stand in its way.
 */
export function cureThroughGroups(
  document: PipelineDocument,
  flat: PipelineDocument,
  cards: readonly NodeCard[],
  cure: Cure,
): Cure {
  const { label, edits: plain } = cure
  const path = levelOfEdits(document, plain)
  if (path?.length === 0) return cure
  const edits = plain.map((edit) => (edit.do === 'wire' ? withType(edit, flat, plain, cards) : edit))
  const after = applyEdits(document, edits)
  if (path === undefined && !wiredAlike(expandGroups(after).document, flat, plain)) return { label, edits: [] }
  const note = changedGroups(document, after)
  return { label, edits, ...(note !== '' && { note }) }
}

function withType(
  edit: Extract<DocumentEdit, { do: 'wire' | 'unwire' }>,
  { nodes }: PipelineDocument,
  edits: readonly DocumentEdit[],
  cards: readonly NodeCard[],
): DocumentEdit {
  const { node, port } = portAddress(edit.from)
  const added = edits.flatMap((one) => (one.do === 'add' && one.id === node ? [one.node] : []))[0]
  const type = cards.find((card) => card.type === (added ?? nodes[node])?.type)?.outputs[port]?.type
  return type ? { ...edit, carries: type } : edit
}

/** Whether the groups came out wired as the cure meant it; an added node is known by being new. */
function wiredAlike(after: PipelineDocument, flat: PipelineDocument, edits: readonly DocumentEdit[]): boolean {
  const meant = edits.filter((edit) => edit.do !== 'set').reduce(applyEdit, flat)
  return canonicalJson(wires(after, flat)) === canonicalJson(wires(meant, flat))
}

function wires({ nodes, edges }: PipelineDocument, flat: PipelineDocument): readonly string[] {
  const fresh = Object.keys(nodes).filter((id) => !Object.hasOwn(flat.nodes, id))
  const named = (address: string) => {
    const { node, port } = portAddress(address)
    const at = fresh.indexOf(node)
    return `${at < 0 ? node : at}.${port}`
  }
  return edges.map(({ from, to }) => `${named(from)} ${named(to)}`).sort()
}

function changedGroups(document: PipelineDocument, after: PipelineDocument): string {
  const used = [...expandGroups(document).instances.values()]
  const inside = ({ nodes, edges }: Pick<PipelineDocument, 'nodes' | 'edges'>) => canonicalJson({ nodes, edges })
  const groups = Object.entries(document.groups!)
  const changed = groups.filter(([name, group]) => {
    const now = after.groups?.[name]
    return now !== undefined && now !== group && inside(now) !== inside(group)
  })
  const own = Object.entries(after.groups ?? {}).filter(([name]) => !Object.hasOwn(document.groups!, name))
  return [
    ...changed.map(([, group]) => {
      const uses = used.filter((one) => one === group).length
      return uses > 1
        ? `Changes the group “${group.title}” in all ${uses} places where it is used.`
        : `Changes the inside of the group “${group.title}”.`
    }),
    ...own.map(
      ([, { title }]) => `“${title}” becomes a group of its own here; where else it is used it stays as it is.`,
    ),
  ].join(' ')
}
