import type { DocumentEdit, PipelineDocument } from '#contract'
import { portAddress } from '../adjacency.ts'
import { applyEdit } from '../apply-edit.ts'
import { localEdit, withFreeIds } from './edit-levels.ts'
import { groupsAround, joinIds, nodeAtDepth } from './group-ids.ts'
import { type LevelPath, levelDocument, withLevel } from './levels.ts'
import { ownGroups } from './own-groups.ts'
import { rewire, type Wire } from './rewire.ts'
import { wireSegments } from './wire-segments.ts'

type Of<K extends DocumentEdit['do']> = Extract<DocumentEdit, { do: K }>

/** Edits by whole ids whose nodes are on several levels. Groups that are used elsewhere too become this place's own. */
export function editAcrossLevels(document: PipelineDocument, edits: readonly DocumentEdit[]): PipelineDocument {
  const placed = withWholeIds(document, edits)
  const nodes = placed.reduce(
    (now, edit) => (edit.do === 'add' || edit.do === 'reset' || edit.do === 'retype' ? editLevel(now, edit) : now),
    document,
  )
  const wires = placed.flatMap((edit): (Wire & { readonly do: 'wire' | 'unwire' })[] =>
    edit.do === 'wire' || edit.do === 'unwire' ? [edit] : [],
  )
  const wired = rewire(nodes, wires)
  return placed.reduce((now, edit) => (edit.do === 'assert' ? assertAcross(now, edit) : now), wired)
}

/** Each added node by the id it gets on the innermost level that is around all it is wired to. */
function withWholeIds(document: PipelineDocument, edits: readonly DocumentEdit[]): readonly DocumentEdit[] {
  const path = levelOfAdded(edits)
  const taken = levelDocument(document, path).nodes
  const placed = edits.map((edit) =>
    edit.do === 'add' ? { ...edit, beside: nodeAtDepth(edit.beside, path.length) } : edit,
  )
  return withFreeIds(placed, () => ({ taken, whole: (id) => joinIds(...path, id) }))
}

function levelOfAdded(edits: readonly DocumentEdit[]): LevelPath {
  const added = new Map(edits.flatMap((edit) => (edit.do === 'add' ? [[edit.id, edit.beside] as const] : [])))
  const ends = edits.flatMap((edit) =>
    edit.do === 'wire' ? [[edit.from, edit.to].map((end) => portAddress(end).node)] : [],
  )
  const wired = ends.filter((nodes) => nodes.some((node) => added.has(node))).flat()
  const around = wired.filter((node) => !added.has(node))
  const levels = (around.length > 0 ? around : [...added.values()]).map(groupsAround)
  const [first = [], ...others] = levels
  const shared = first.findIndex((id, depth) => others.some((path) => path[depth] !== id))
  return shared < 0 ? first : first.slice(0, shared)
}

function editLevel(document: PipelineDocument, edit: Of<'add' | 'reset' | 'retype'>): PipelineDocument {
  const path = groupsAround(edit.do === 'add' ? edit.id : edit.node)
  const owned = ownGroups(document, path)
  return withLevel(owned, path, applyEdit(levelDocument(owned, path), localEdit(edit)))
}

/** What is no longer asserted goes from wherever it stands on the way; what is new stands on the last stretch. */
function assertAcross(document: PipelineDocument, { from, to, assertions }: Of<'assert'>): PipelineDocument {
  const segments = wireSegments(document)
  const way = segments.all.filter(
    (segment) => segments.sources(segment.from).has(from) && segments.targets(segment.to).has(to),
  )
  const words = (all: Of<'assert'>['assertions']) => all.map((one) => JSON.stringify(one))
  const on = (segment: (typeof way)[number]) =>
    levelDocument(document, segment.path).edges.find(
      (edge) => edge.from === segment.wire.from && edge.to === segment.wire.to,
    )?.assertions ?? []
  const standing = new Set(way.flatMap((segment) => words(on(segment))))
  return way.reduce((now, segment) => {
    const kept = on(segment).filter((one) => words(assertions).includes(JSON.stringify(one)))
    const added = segment.to === to ? assertions.filter((one) => !standing.has(JSON.stringify(one))) : []
    const level = levelDocument(now, segment.path)
    const edited = applyEdit(level, { do: 'assert', ...segment.wire, assertions: [...kept, ...added] })
    return withLevel(now, segment.path, edited)
  }, document)
}
