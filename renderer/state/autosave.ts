import { type Engine, problemsOf } from '#contract'
import type { DocumentStore } from './document-store.ts'
import type { NoticeStore } from './notice-store.ts'

const quietMs = 500

export type Autosave = ReturnType<typeof createAutosave>
type Files = Pick<Engine, 'saveFile' | 'journal' | 'openFile'>

/** Saves half a second after the last edit: first the journal, then the file, which must be as it was read. */
export function createAutosave(engine: Files, documents: DocumentStore, notices: NoticeStore) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> | null = null

  const unsaved = () => {
    const { path, document, savedDocument } = documents.getState()
    return path !== null && document !== savedDocument
  }

  async function write(overwrite: boolean): Promise<void> {
    const { path, document, revision } = documents.getState()
    if (path === null) return
    documents.saveStarted()
    try {
      await engine.journal({ path, document })
      const answer = await engine.saveFile({
        path,
        document,
        ...(revision === null || overwrite ? {} : { revision }),
      })
      if (documents.getState().path === path) documents.saved(document, answer.revision)
      await engine.journal({ path, document: null })
    } catch (error) {
      if (documents.getState().path !== path) return
      const changed = !overwrite && revision !== null && (await diskRevision(path)) !== revision
      documents.setSaveState(changed ? 'conflict' : 'failed')
      if (!changed) notices.complain(error)
    }
  }

  /** The revision on disk; the given one's own when the file can not be read. */
  async function diskRevision(path: string): Promise<string | null> {
    try {
      return (await engine.openFile({ path })).revision
    } catch (error) {
      return problemsOf(error)[0]?.code === 'document-format' ? 'unreadable' : documents.getState().revision
    }
  }

  /** Saves now, after what is being written; gives up the check against the disk when told to overwrite. */
  async function flush(overwrite = false): Promise<void> {
    clearTimeout(timer)
    if (writing) await writing
    if (!unsaved() && !overwrite) {
      if (documents.getState().saveState === 'unsaved') documents.setSaveState('saved')
      return
    }
    writing = write(overwrite).finally(() => {
      writing = null
    })
    await writing
    if (documents.getState().saveState === 'unsaved') later()
  }

  function later() {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (documents.getState().saveState !== 'conflict') void flush()
    }, quietMs)
  }

  const stop = documents.subscribe((now, before) => {
    if (now.path === null || now.path !== before.path || now.document === before.document) return
    if (now.saveState === 'saved' && now.document !== now.savedDocument) documents.setSaveState('unsaved')
    if (now.saveState !== 'conflict') later()
  })

  return {
    flush,
    stop: () => {
      clearTimeout(timer)
      stop()
    },
  }
}
