import type { KeptEdits, OpenedFile, PipelineDocument } from '#contract'
import { printDocument } from '#graph/print'
import { messages } from '../shell/messages.ts'
import type { DocumentState, Transaction } from '../state/document-store.ts'
import { restoredEdits } from './kept-edits.ts'

/**
 * Undo and redo of a file that is being opened. What others did to the file since, and what bringing old nodes up to date
 * changed, are edits of their own, so that both can be undone.
 */
export function editsOnOpening(
  file: OpenedFile,
  kept: KeptEdits | null,
  now: number,
): Pick<DocumentState, 'past' | 'future' | 'savedDocument'> {
  if (file.readOnly) return { past: [], future: [], savedDocument: file.document }
  const onDisk = file.original ?? file.document
  const { past, future } = untilNow(onDisk, kept, now)
  if (file.original === undefined) return { past, future, savedDocument: file.unmerged ? null : onDisk }
  const migration = { label: messages.edits.migrate, before: onDisk, after: file.document, at: now }
  return { past: [...past, migration], future: [], savedDocument: onDisk }
}

function untilNow(onDisk: PipelineDocument, kept: KeptEdits | null, now: number) {
  if (!kept) return { past: [], future: [] }
  const { document, past, future } = restoredEdits(kept)
  const last = past.at(-1)
  if (printDocument(document) === printDocument(onDisk))
    return { past: last ? [...past.slice(0, -1), { ...last, after: onDisk }] : past, future: future.map(from(onDisk)) }
  const outside: Transaction = { label: messages.edits.outside, before: document, after: onDisk, at: now }
  return { past: [...past, outside], future: [] }
}

/** The next edit to be done again begins at the very document that is open. */
function from(document: PipelineDocument) {
  return (edit: Transaction, at: number, all: readonly Transaction[]): Transaction =>
    at === all.length - 1 ? { ...edit, before: document } : edit
}
