import type { Engine, OpenedFile } from '#contract'
import { printDocument } from '#graph/print'
import { mergeDocuments } from '#graph/versions/merge-documents'
import { messages } from '../../shell/messages.ts'
import type { Workbench } from '../../state/workbench.ts'

type Recovered = NonNullable<Awaited<ReturnType<Engine['recover']>>>

/** Brings back edits that were journalled but not saved, as one undoable edit; merged where the file changed since. */
export function takeUpEdits(workbench: Workbench, file: OpenedFile, recovered: Recovered): void {
  const { file: documents, catalogue, view } = workbench
  const { document: ours, base, at } = recovered
  const [mine, disk] = [printDocument(ours), printDocument(file.original ?? file.document)]
  if (mine === disk || file.unmerged || file.readOnly) return
  view.set({ recovered: { at } })
  if (base === undefined || printDocument(base) === disk) {
    documents.edit(messages.edits.restore, () => ours)
    return
  }
  const merged = mergeDocuments({ base, ours, theirs: file.document }, catalogue.getState().cards)
  documents.edit(messages.edits.restore, () => (merged.conflicts.length > 0 ? ours : merged.document))
  if (merged.conflicts.length > 0)
    documents.collide({ base, theirs: file.document, revision: file.revision, unmerged: false })
}
