import type { DocumentEdit, PipelineDocument } from '#contract'
import { applyEdit } from './apply-edit.ts'
import { editAcrossLevels } from './groups/edit-across-levels.ts'
import { levelOfEdits, localEdit, withFreeIds } from './groups/edit-levels.ts'
import { type LevelPath, levelDocument, withLevel } from './groups/levels.ts'
import { setWhereItStands } from './groups/set-inside.ts'

/**
 * The document after each edit in turn; the one given stays as it is. Edits of nodes inside a group change the group; wires may
 * lead over its edges.
 */
export function applyEdits(document: PipelineDocument, edits: readonly DocumentEdit[]): PipelineDocument {
  if (!document.groups) return edits.reduce(applyEdit, document)
  const others = edits.filter((edit) => edit.do !== 'set')
  const path = levelOfEdits(document, others)
  const edited = path ? editLevel(document, path, others) : editAcrossLevels(document, others)
  return edits.reduce((now, edit) => (edit.do === 'set' ? setWhereItStands(now, edit) : now), edited)
}

function editLevel(document: PipelineDocument, path: LevelPath, edits: readonly DocumentEdit[]): PipelineDocument {
  const level = levelDocument(document, path)
  const placed = withFreeIds(edits, () => ({ taken: level.nodes, whole: (id) => id }))
  const edited = placed.map(localEdit).reduce(applyEdit, level)
  return edited === level ? document : withLevel(document, path, edited)
}
