import type { DocumentChange, JsonValue, PipelineDocument } from '#contract'
import { canonicalJson } from '../canonical.ts'

type Tree = { readonly [key: string]: JsonValue }

/** What makes one document of another, whatever parts documents have; the empty list where they are the same. */
export function documentChanges(before: PipelineDocument, after: PipelineDocument): readonly DocumentChange[] {
  return changesBetween([], before as unknown as Tree, after as unknown as Tree)
}

/** The document after the changes. Parts that did not change are shared with the one before. */
export function applyChanges(document: PipelineDocument, changes: readonly DocumentChange[]): PipelineDocument {
  return changes.reduce((old, change) => replaced(old, change), document as unknown as JsonValue) as never
}

/** The document before the changes. */
export function revertChanges(document: PipelineDocument, changes: readonly DocumentChange[]): PipelineDocument {
  return applyChanges(
    document,
    changes.toReversed().map(({ from, to, ...place }) => ({
      ...place,
      ...(to !== undefined && { from: to }),
      ...(from !== undefined && { to: from }),
    })),
  )
}

function changesBetween(path: readonly string[], before: Tree, after: Tree): readonly DocumentChange[] {
  if (before === after) return []
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [from, to] = [before[key], after[key]]
    const place = [...path, key]
    if (from === to) return []
    if (isTree(from) && isTree(to)) return changesBetween(place, from, to)
    if (Array.isArray(from) && Array.isArray(to)) return listChange(place, from, to)
    if (from !== undefined && to !== undefined && canonicalJson(from) === canonicalJson(to)) return []
    return [{ path: place, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]
  })
}

const isTree = (value: JsonValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The one stretch of a list that differs. */
function listChange(path: readonly string[], from: readonly JsonValue[], to: readonly JsonValue[]): DocumentChange[] {
  const same = (a: JsonValue | undefined, b: JsonValue | undefined) =>
    a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b))
  let index = 0
  while (index < Math.min(from.length, to.length) && same(from[index], to[index])) index++
  let tail = 0
  while (tail < Math.min(from.length, to.length) - index && same(from.at(-1 - tail), to.at(-1 - tail))) tail++
  if (index === from.length && index === to.length) return []
  return [{ path, index, from: from.slice(index, from.length - tail), to: to.slice(index, to.length - tail) }]
}

function replaced(value: JsonValue, change: DocumentChange): JsonValue {
  const [key, ...rest] = change.path
  if (key === undefined) return changedList(value, change)
  const { [key]: old, ...others } = value as Tree
  if (rest.length > 0 || change.index !== undefined)
    return { ...(value as Tree), [key]: replaced(old ?? {}, { ...change, path: rest }) }
  if (change.to === undefined) return others
  return { ...(value as Tree), [key]: change.to }
}

function changedList(value: JsonValue, { index = 0, from, to }: DocumentChange): JsonValue {
  const list = Array.isArray(value) ? [...(value as readonly JsonValue[])] : []
  list.splice(index, (from as readonly JsonValue[] | undefined)?.length ?? 0, ...((to ?? []) as readonly JsonValue[]))
  return list
}
