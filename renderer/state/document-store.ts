import { createStore } from 'zustand/vanilla'
import type { OpenedFile, PipelineDocument } from '#contract'
import { emptyDocument } from './edits/empty-document.ts'

/** One undoable edit. Documents share what did not change, so a transaction is cheap. */
export interface Transaction {
  readonly label: string
  readonly before: PipelineDocument
  readonly after: PipelineDocument
  /** Edits with the same key that follow each other closely become one. */
  readonly merge?: string
  readonly at: number
}

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'conflict' | 'failed'

/** The file was changed by someone else in a way that our edits collide with. */
export interface Collision {
  /** What both came from. */
  readonly base: PipelineDocument
  readonly theirs: PipelineDocument
  /** Of the text on disk now. */
  readonly revision: string
  /** The file holds the marks of git's unfinished merge. */
  readonly unmerged: boolean
}

export interface DocumentState {
  /** Path of the pipeline file relative to the project; null while no pipeline is open. */
  readonly path: string | null
  readonly document: PipelineDocument
  /** Hash of the text on disk that this document came from; null for a file not written yet. */
  readonly revision: string | null
  /** The document as it stands on disk. */
  readonly savedDocument: PipelineDocument | null
  readonly saveState: SaveState
  readonly collision: Collision | null
  /** The file has a newer format: edits do nothing. */
  readonly readOnly: boolean
  readonly past: readonly Transaction[]
  readonly future: readonly Transaction[]
}

const mergeWithinMs = 1_500
const longestHistory = 1_000

export type DocumentStore = ReturnType<typeof createDocumentStore>

/** The open pipeline: every change of it is a transaction; runs are none of its business. */
export function createDocumentStore(now: () => number = Date.now) {
  const store = createStore<DocumentState>(() => closedState())
  const { getState: get, setState: set } = store

  /** Opens a file as it stands on disk, or as `edits` have brought it up to date without saving it. */
  function open(
    file: Pick<OpenedFile, 'path' | 'document' | 'readOnly'> & { revision: string | null },
    edits: Partial<Pick<DocumentState, 'past' | 'future' | 'savedDocument'>> = {},
  ) {
    set({
      path: file.path,
      document: file.document,
      revision: file.revision,
      savedDocument: file.revision === null ? null : file.document,
      saveState: 'saved',
      collision: null,
      readOnly: file.readOnly ?? false,
      past: [],
      future: [],
      ...edits,
    })
  }

  /** The file on disk is another now; the document becomes `after`, as one undoable edit that is still to be saved. */
  function takeFromDisk(
    label: string,
    after: PipelineDocument,
    disk: { readonly document: PipelineDocument | null; readonly revision: string },
  ) {
    const { document, past, future } = get()
    const changed = after !== document
    set({
      document: after,
      revision: disk.revision,
      savedDocument: disk.document,
      saveState: after === disk.document ? 'saved' : 'unsaved',
      collision: null,
      past: changed ? [...past, { label, before: document, after, at: now() }].slice(-longestHistory) : past,
      future: changed ? [] : future,
    })
  }

  function collide(collision: Collision) {
    set({ saveState: 'conflict', collision })
  }

  function edit(label: string, change: (document: PipelineDocument) => PipelineDocument, merge?: string) {
    const { document, past, future, readOnly } = get()
    const after = readOnly ? document : change(document)
    if (after === document) return
    const last = past.at(-1)
    const joins = merge !== undefined && last?.merge === merge && future.length === 0 && now() - last.at < mergeWithinMs
    const transaction: Transaction = {
      label,
      before: joins ? last.before : document,
      after,
      at: now(),
      ...(merge === undefined ? {} : { merge }),
    }
    set({
      document: after,
      past: [...(joins ? past.slice(0, -1) : past), transaction].slice(-longestHistory),
      future: [],
    })
  }

  function undo(): string | undefined {
    const { past, future } = get()
    const last = past.at(-1)
    if (!last) return undefined
    set({ document: last.before, past: past.slice(0, -1), future: [...future, last] })
    return last.label
  }

  function redo(): string | undefined {
    const { past, future } = get()
    const next = future.at(-1)
    if (!next) return undefined
    const { merge: _, ...settled } = next
    set({ document: next.after, past: [...past, settled], future: future.slice(0, -1) })
    return next.label
  }

  function close() {
    set(closedState())
  }

  function saveStarted() {
    set({ saveState: 'saving' })
  }

  /** `document` is on disk under this revision; later edits stay unsaved. */
  function saved(document: PipelineDocument, revision: string) {
    const saveState = get().document === document ? 'saved' : 'unsaved'
    set({ savedDocument: document, revision, saveState, collision: null })
  }

  function setSaveState(saveState: SaveState) {
    set({ saveState })
  }

  /** The document will be written to another file, which does not exist yet. */
  function moveTo(path: string) {
    set({ path, revision: null, savedDocument: null, saveState: 'unsaved', collision: null })
  }

  return { ...store, open, takeFromDisk, collide, edit, undo, redo, close, saveStarted, saved, setSaveState, moveTo }
}

function closedState(): DocumentState {
  return {
    path: null,
    document: emptyDocument('Untitled'),
    revision: null,
    savedDocument: null,
    saveState: 'saved',
    collision: null,
    readOnly: false,
    past: [],
    future: [],
  }
}
