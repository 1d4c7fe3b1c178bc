import type { DocumentEdit, PipelineDocument } from '#contract'
import { portAddress } from '../adjacency.ts'
import { nodeSlug } from '../node-slug.ts'
import { groupsAround, joinIds, localId } from './group-ids.ts'
import { groupAt, type LevelPath } from './levels.ts'

/** The one level that edits of an expanded document belong to; undefined where they reach over several. */
export function levelOfEdits(document: PipelineDocument, edits: readonly DocumentEdit[]): LevelPath | undefined {
  const added = new Set(edits.flatMap((edit) => (edit.do === 'add' ? [edit.id] : [])))
  const nodes = edits.flatMap(nodesOf).filter((id) => !added.has(id))
  const [path, ...others] = nodes.map(groupsAround)
  if (!path) return []
  const one = joinIds(...path)
  const same = others.every((other) => joinIds(...other) === one)
  return same && (path.length === 0 || groupAt(document, path) !== undefined) ? path : undefined
}

function nodesOf(edit: DocumentEdit): readonly string[] {
  if ('node' in edit && typeof edit.node === 'string') return [edit.node]
  if (edit.do === 'add') return [edit.beside]
  return 'from' in edit ? [edit.from, edit.to].map((address) => portAddress(address).node) : []
}

/** The edit by the ids that nodes have on their level. */
export function localEdit(edit: DocumentEdit): DocumentEdit {
  const names = ['from', 'to', 'beside', 'node', 'id'] as const
  const local = names.flatMap((name) => {
    const value = (edit as Readonly<Record<string, unknown>>)[name]
    return typeof value === 'string' ? [[name, localId(value)] as const] : []
  })
  return { ...edit, ...Object.fromEntries(local) } as DocumentEdit
}

type Added = Extract<DocumentEdit, { do: 'add' }>

/** Added nodes get ids that are free where they go, and wires follow. */
export function withFreeIds(
  edits: readonly DocumentEdit[],
  placeOf: (edit: Added) => {
    readonly taken: Readonly<Record<string, unknown>>
    readonly whole: (id: string) => string
  },
): readonly DocumentEdit[] {
  const ids = new Map(
    edits.flatMap((edit) => {
      if (edit.do !== 'add') return []
      const { taken, whole } = placeOf(edit)
      return [[edit.id, whole(nodeSlug(edit.id, taken))] as const]
    }),
  )
  const renamed = (address: string) => {
    const { node, port } = portAddress(address)
    return `${ids.get(node) ?? node}.${port}`
  }
  return edits.map((edit) => {
    if (edit.do === 'add') return { ...edit, id: ids.get(edit.id)! }
    return 'from' in edit ? { ...edit, from: renamed(edit.from), to: renamed(edit.to) } : edit
  })
}
