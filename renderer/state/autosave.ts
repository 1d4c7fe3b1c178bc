import { type Engine, type NodeCard, type OpenedFile, problemsOf } from '#contract'
import { reconcile } from '../conflicts/reconcile.ts'
import { keptEdits } from '../history/kept-edits.ts'
import { messages } from '../shell/messages.ts'
import type { DocumentState, DocumentStore } from './document-store.ts'
import type { NoticeStore } from './notice-store.ts'

const quietMs = 500
/** A kill loses no more edits than these. */
const journalWithinMs = 400

export type Autosave = ReturnType<typeof createAutosave>
type Files = Pick<Engine, 'saveFile' | 'journal' | 'openFile' | 'fileRevision' | 'keepEdits'>

/**
 * Writes edits to the journal while they are made, and half a second after the last one to the file, which must be as it
 * was read; where others have changed it, their changes and ours are brought together.
 */
export function createAutosave(
  engine: Files,
  documents: DocumentStore,
  notices: NoticeStore,
  cards: readonly NodeCard[] = [],
) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let journalTimer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> | null = null

  const unsaved = () => {
    const { path, document, savedDocument } = documents.getState()
    return path !== null && document !== savedDocument
  }

  function journal() {
    clearTimeout(journalTimer)
    journalTimer = undefined
    const { path, document, savedDocument } = documents.getState()
    return path === null ? undefined : engine.journal({ path, document, base: savedDocument })
  }

  /** Undo and redo of what is on disk. */
  async function keep(state: DocumentState) {
    if (state.path !== null)
      await engine.keepEdits({ path: state.path, edits: keptEdits(state) }).catch(notices.complain)
  }

  async function write(overwrite: boolean): Promise<void> {
    const state = documents.getState()
    const { path, document, revision } = state
    if (path === null) return
    documents.saveStarted()
    try {
      await journal()
      const answer = await engine.saveFile({ path, document, ...(overwrite ? {} : { revision }) })
      if (documents.getState().path === path) documents.saved(document, answer.revision)
      await keep(state)
      if (journalTimer === undefined) await engine.journal({ path, document: null })
    } catch (error) {
      if (documents.getState().path !== path) return
      if (revision === null && !overwrite && (await engine.fileRevision({ path })) !== null) return takeFreeName(path)
      const disk = overwrite ? null : await readDisk(path)
      if (disk !== null && (disk === 'unreadable' || disk.revision !== revision)) return meet(disk)
      documents.setSaveState('failed')
      notices.complain(error)
    }
  }

  /** Another file has come to be where this pipeline was going to be written for the first time. */
  async function takeFreeName(path: string) {
    const [, base, number = '1'] = /^(.*?)(?:-(\d+))?\.plumb\.json$/.exec(path) ?? []
    documents.moveTo(`${base}-${Number(number) + 1}.plumb.json`)
    await engine.journal({ path, document: null })
  }

  /** The file as it is now; null when nothing can be said about it. */
  async function readDisk(path: string): Promise<OpenedFile | 'unreadable' | null> {
    try {
      return await engine.openFile({ path })
    } catch (error) {
      return problemsOf(error)[0]?.code?.startsWith('document-') ? 'unreadable' : null
    }
  }

  /** Brings the open document together with the file as it is on disk. */
  function meet(disk: OpenedFile | 'unreadable') {
    if (disk === 'unreadable' || disk.readOnly) return documents.setSaveState('conflict')
    const what = reconcile(documents, cards, disk)
    if (what === 'taken' || what === 'merged') notices.say(messages.conflicts[what](disk.path), { topic: 'disk' })
  }

  /** What could not be read is back as it was. */
  function readableAgain() {
    documents.setSaveState(unsaved() ? 'unsaved' : 'saved')
    if (unsaved()) later()
  }

  /** Looks whether somebody else has changed the open file. */
  async function look(): Promise<void> {
    const { path, revision, collision, saveState } = documents.getState()
    if (path === null || revision === null || writing || saveState === 'failed') return
    const known = collision?.revision ?? revision
    const now = await engine.fileRevision({ path }).catch(() => known)
    if (now === known && saveState === 'conflict' && !collision) return readableAgain()
    if (now === null || now === known) return
    const disk = await readDisk(path)
    const still = documents.getState()
    if (disk !== null && !writing && still.path === path && still.revision === revision) meet(disk)
  }

  /** Saves now, after what is being written; gives up the check against the disk when told to overwrite. */
  async function flush(overwrite = false): Promise<void> {
    clearTimeout(timer)
    if (writing) await writing
    if (documents.getState().collision && !overwrite) return
    if (!unsaved() && !overwrite) {
      if (documents.getState().saveState !== 'unsaved') return
      documents.setSaveState('saved')
      return keep(documents.getState())
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
    if (now.document !== now.savedDocument)
      journalTimer ??= setTimeout(() => void journal()?.catch(notices.complain), journalWithinMs)
  })

  return {
    flush,
    look,
    meet,
    stop: () => {
      clearTimeout(timer)
      clearTimeout(journalTimer)
      stop()
    },
  }
}
