import type { KeptEdit, KeptEdits, PipelineDocument } from '#contract'
import { applyChanges, documentChanges, revertChanges } from '#graph/versions/document-change'
import type { DocumentState, Transaction } from '../state/document-store.ts'

type Edits = Pick<DocumentState, 'document' | 'past' | 'future'>

const mostKept = 500
const kept = new WeakMap<Transaction, KeptEdit>()

/** Undo and redo as they are kept on disk: what each edit changed, in both directions. */
export function keptEdits({ document, past, future }: Edits): KeptEdits {
  return { document, past: past.slice(-mostKept).map(keptEdit), future: future.slice(-mostKept).map(keptEdit) }
}

function keptEdit(transaction: Transaction): KeptEdit {
  const known = kept.get(transaction)
  if (known) return known
  const { label, at, before, after } = transaction
  const edit = { label, at, changes: documentChanges(before, after) }
  kept.set(transaction, edit)
  return edit
}

/** The edits as the window works with them, each with its document before and after. */
export function restoredEdits({ document, past, future }: KeptEdits): Edits {
  return {
    document,
    past: chain(document, past.toReversed(), revertChanges, (near, far) => ({ before: far, after: near })).toReversed(),
    future: chain(document, future.toReversed(), applyChanges, (near, far) => ({
      before: near,
      after: far,
    })).toReversed(),
  }
}

/** Goes from a document along edits, away from it. */
function chain(
  document: PipelineDocument,
  edits: readonly KeptEdit[],
  step: typeof applyChanges,
  ends: (near: PipelineDocument, far: PipelineDocument) => Pick<Transaction, 'before' | 'after'>,
): readonly Transaction[] {
  let near = document
  return edits.map((edit) => {
    const far = step(near, edit.changes)
    const transaction = { label: edit.label, at: edit.at, ...ends(near, far) }
    kept.set(transaction, edit)
    near = far
    return transaction
  })
}
