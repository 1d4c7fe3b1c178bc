import type { PipelineDocument } from './document.ts'
import type { JsonValue } from './node.ts'

/** One place of a document that changed; a list changes by a stretch of items that begins at `index`. */
export interface DocumentChange {
  readonly path: readonly string[]
  readonly index?: number
  /** What was there, for a list the items; absent where there was nothing. */
  readonly from?: JsonValue
  /** What is there now; absent where nothing is left. */
  readonly to?: JsonValue
}
/** One undoable edit, in both directions. */
export interface KeptEdit {
  readonly label: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly changes: readonly DocumentChange[]
}
/** The edits of one pipeline file, the oldest first; `future` are those undone, the next to be done again last. */
export interface KeptEdits {
  /** The document between past and future. */
  readonly document: PipelineDocument
  readonly past: readonly KeptEdit[]
  readonly future: readonly KeptEdit[]
}
/** A state of a pipeline that somebody gave a name. */
export interface NamedState {
  readonly id: string
  readonly name: string
  readonly at: string
  readonly document: PipelineDocument
}
export interface FileHistory {
  readonly edits: KeptEdits | null
  /** The newest first. */
  readonly states: readonly NamedState[]
}

/** What a project keeps of a pipeline beside its file. Nothing of it stands in the file or counts for a run. */
export interface HistoryOfFiles {
  history(a: { path: string }): Promise<FileHistory>
  keepEdits(a: { path: string; edits: KeptEdits }): Promise<void>
  nameState(a: { path: string; name: string; document: PipelineDocument }): Promise<NamedState>
  forgetState(a: { path: string; id: string }): Promise<void>
  /** SHA-256 of the text on disk; null while there is no such file. */
  fileRevision(a: { path: string }): Promise<string | null>
}
