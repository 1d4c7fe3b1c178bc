import { createStore } from 'zustand/vanilla'
import type { PipelineDocument } from '#contract'
import { type LevelPath, levelDocument, openPath, withLevel } from '#graph/groups/levels'
import type { DocumentState, DocumentStore } from './document-store.ts'

export interface LevelState {
  /** Nodes that stand for the groups we are in, from outside in; none in the pipeline itself. */
  readonly path: LevelPath
}

export type LevelStore = ReturnType<typeof createLevelStore>

/** How deep inside groups the canvas is. A group that is gone, by undo or otherwise, is left by itself. */
export function createLevelStore(file: DocumentStore) {
  const store = createStore<LevelState>(() => ({ path: [] }))
  function go(path: LevelPath) {
    const { document } = file.getState()
    const open = openPath(document, path)
    if (!samePath(open, store.getState().path)) store.setState({ path: open })
  }
  file.subscribe((now, before) => {
    if (now.path !== before.path) go([])
    else if (now.document !== before.document) go(store.getState().path)
  })
  return {
    ...store,
    go,
    enter: (id: string) => go([...store.getState().path, id]),
    leave: () => go(store.getState().path.slice(0, -1)),
  }
}

export function samePath(a: LevelPath, b: LevelPath): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

/** The open file, with the inside of the group we are in as its document; edits of it change the group. */
export type LevelDocuments = ReturnType<typeof createLevelDocuments>

export function createLevelDocuments(file: DocumentStore, level: LevelStore) {
  const seen = (): DocumentState => {
    const state = file.getState()
    const { path } = level.getState()
    return path.length === 0 ? state : { ...state, document: levelDocument(state.document, path) }
  }
  const store = createStore<DocumentState>(seen)
  const refresh = () => store.setState(seen(), true)
  file.subscribe(refresh)
  level.subscribe(refresh)

  function edit(label: string, change: (document: PipelineDocument) => PipelineDocument, merge?: string) {
    const { path } = level.getState()
    file.edit(
      label,
      (document) => {
        if (path.length === 0) return change(document)
        const inside = levelDocument(document, path)
        const after = change(inside)
        return after === inside ? document : withLevel(document, path, after)
      },
      merge === undefined ? undefined : [...path, merge].join('/'),
    )
  }
  const { getState, getInitialState, subscribe } = store
  return { ...file, getState, getInitialState, subscribe, edit }
}
