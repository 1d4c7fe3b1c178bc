import type { NodeCard, OpenedFile } from '#contract'
import { printDocument } from '#graph/print'
import { mergeDocuments } from '#graph/versions/merge-documents'
import { messages } from '../shell/messages.ts'
import type { DocumentStore } from '../state/document-store.ts'

/**
 * The open file is another on disk than it was: takes what is there where nothing waits to be saved, merges it with our
 * edits where they don't collide, else leaves the decision to the person. Says which.
 */
export function reconcile(
  documents: DocumentStore,
  cards: readonly NodeCard[],
  disk: Pick<OpenedFile, 'document' | 'revision' | 'unmerged'>,
): 'same' | 'taken' | 'merged' | 'conflict' {
  const { document: ours, savedDocument } = documents.getState()
  const theirs = disk.unmerged?.theirs ?? disk.document
  const base = disk.unmerged?.base ?? savedDocument ?? ours
  const now = { document: disk.unmerged ? null : theirs, revision: disk.revision }
  if (!disk.unmerged && printDocument(ours) === printDocument(theirs)) {
    documents.takeFromDisk(messages.edits.outside, ours, { ...now, document: ours })
    return 'same'
  }
  if (!disk.unmerged && ours === base) {
    documents.takeFromDisk(messages.edits.outside, theirs, now)
    return 'taken'
  }
  const { document, conflicts } = mergeDocuments({ base, ours, theirs }, cards)
  if (conflicts.length > 0) {
    documents.collide({ base, theirs, revision: disk.revision, unmerged: disk.unmerged !== undefined })
    return 'conflict'
  }
  documents.takeFromDisk(messages.edits.merge, document, now)
  return 'merged'
}
