import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProblemError } from '#contract'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { createSampleEngine } from '../client/sample-engine.test-support.ts'
import { createAutosave } from './autosave.ts'
import { createDocumentStore } from './document-store.ts'
import { renameNode, setParameter } from './edits/set-parameter.ts'
import { createNoticeStore } from './notice-store.ts'

const path = 'a.plumb.json'

async function opened() {
  const engine = createSampleEngine({ [path]: sampleDocument })
  const documents = createDocumentStore()
  const notices = createNoticeStore()
  const autosave = createAutosave(engine, documents, notices, sampleCards)
  documents.open(await engine.openFile({ path }))
  const rename = (title: string) => documents.edit('Rename', (document) => renameNode(document, 'train', title))
  const onDisk = () => engine.files_.get(path)?.document.nodes.train?.title
  return { engine, documents, notices, autosave, rename, onDisk }
}

describe('autosave', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('saves once, half a second after the last edit, and leaves no journal behind', async () => {
    const { documents, rename, onDisk, engine } = await opened()
    rename('One')
    expect(documents.getState().saveState).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(400)
    rename('Two')
    await vi.advanceTimersByTimeAsync(400)
    expect(onDisk()).toBeUndefined()
    await vi.advanceTimersByTimeAsync(200)
    expect(onDisk()).toBe('Two')
    expect(documents.getState().saveState).toBe('saved')
    expect(engine.journals.size).toBe(0)
    expect(engine.files_.get(path)?.revision).toBe(2)
  })

  it('is saved again when undo comes back to what is on disk', async () => {
    const { documents, rename, engine } = await opened()
    rename('One')
    documents.undo()
    await vi.advanceTimersByTimeAsync(600)
    expect(documents.getState().saveState).toBe('saved')
    expect(engine.files_.get(path)?.revision).toBe(1)
  })

  it('never overwrites a file that changed on disk, until the user says so', async () => {
    const { documents, rename, onDisk, engine, autosave } = await opened()
    await engine.saveFile({ path, document: renameNode(sampleDocument, 'train', 'Theirs') })
    rename('Mine')
    await vi.advanceTimersByTimeAsync(600)
    expect(documents.getState().saveState).toBe('conflict')
    expect(onDisk()).toBe('Theirs')
    rename('Mine again')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(onDisk()).toBe('Theirs')
    await autosave.flush(true)
    expect(onDisk()).toBe('Mine again')
    expect(documents.getState().saveState).toBe('saved')
  })

  it('says why a save failed and saves at the next edit', async () => {
    const { documents, rename, onDisk, engine, notices } = await opened()
    const { saveFile } = engine
    engine.saveFile = async () => {
      throw new Error('The disk is full.')
    }
    rename('One')
    await vi.advanceTimersByTimeAsync(600)
    expect(documents.getState().saveState).toBe('failed')
    expect(notices.getState().notices[0]?.text).toBe('The disk is full.')
    expect(engine.journals.get(path)?.nodes.train?.title).toBe('One')
    engine.saveFile = saveFile
    rename('Two')
    await vi.advanceTimersByTimeAsync(600)
    expect(onDisk()).toBe('Two')
  })

  it('journals while edits keep coming, and while a conflict waits', async () => {
    const { rename, engine, onDisk } = await opened()
    for (let at = 0; at < 10; at++) {
      rename(`Title ${at}`)
      await vi.advanceTimersByTimeAsync(200)
      if (at > 2) expect(engine.journals.get(path)?.nodes.train?.title).toBeDefined()
    }
    expect(onDisk()).toBeUndefined()
    await engine.saveFile({ path, document: renameNode(sampleDocument, 'train', 'Theirs') })
    await vi.advanceTimersByTimeAsync(600)
    rename('Last')
    await vi.advanceTimersByTimeAsync(600)
    expect(onDisk()).toBe('Theirs')
    expect(engine.journals.get(path)?.nodes.train?.title).toBe('Last')
  })

  it('takes what another window saved, as an edit that can be undone', async () => {
    const { documents, engine, autosave, onDisk } = await opened()
    await engine.saveFile({ path, document: renameNode(sampleDocument, 'train', 'Theirs') })
    await autosave.look()
    expect(documents.getState().document.nodes.train?.title).toBe('Theirs')
    expect(documents.getState().saveState).toBe('saved')
    documents.undo()
    await vi.advanceTimersByTimeAsync(600)
    expect(onDisk()).toBeUndefined()
  })

  it('merges edits that do not collide with those of another window', async () => {
    const { rename, documents, engine } = await opened()
    await engine.saveFile({ path, document: setParameter(sampleDocument, 'train', 'penalty', 9) })
    rename('Mine')
    await vi.advanceTimersByTimeAsync(1_200)
    expect(engine.files_.get(path)?.document.nodes.train).toMatchObject({ title: 'Mine', params: { penalty: 9 } })
    expect(documents.getState().saveState).toBe('saved')
    documents.undo()
    expect(documents.getState().document.nodes.train?.params.penalty).not.toBe(9)
  })

  it('never writes a new pipeline over a file that has come to be in between', async () => {
    const { documents, engine } = await opened()
    const fresh = { ...sampleDocument, name: 'Fresh' }
    documents.open({ path: 'b.plumb.json', document: fresh, revision: null })
    await engine.saveFile({ path: 'b.plumb.json', document: sampleDocument })
    documents.edit('Rename', (document) => renameNode(document, 'train', 'Mine'))
    await vi.advanceTimersByTimeAsync(1_200)
    expect(engine.files_.get('b.plumb.json')?.document.name).toBe(sampleDocument.name)
    expect(engine.files_.get('b-2.plumb.json')?.document.name).toBe('Fresh')
    expect(documents.getState()).toMatchObject({ path: 'b-2.plumb.json', saveState: 'saved' })
    expect(engine.journals.size).toBe(0)
  })

  it('keeps undo and redo with what is saved', async () => {
    const { rename, documents, engine } = await opened()
    rename('One')
    await vi.advanceTimersByTimeAsync(2_000)
    rename('Two')
    documents.undo()
    await vi.advanceTimersByTimeAsync(600)
    expect(engine.histories.get(path)?.edits).toMatchObject({ past: [{}], future: [{}] })
    documents.undo()
    await vi.advanceTimersByTimeAsync(600)
    expect(engine.histories.get(path)?.edits).toMatchObject({ past: [], future: [{}, {}] })
  })

  it('leaves a file alone that is no pipeline, and saves once it is one again', async () => {
    const { rename, documents, engine, autosave, onDisk } = await opened()
    const { openFile, fileRevision } = engine
    engine.openFile = async () => {
      throw new ProblemError({ code: 'document-format', message: 'The text is not JSON.' })
    }
    engine.fileRevision = async () => 'half'
    await autosave.look()
    expect(documents.getState()).toMatchObject({ saveState: 'conflict', collision: null })
    rename('Mine')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(onDisk()).toBeUndefined()
    expect(engine.journals.get(path)?.nodes.train?.title).toBe('Mine')
    Object.assign(engine, { openFile, fileRevision })
    await autosave.look()
    await vi.advanceTimersByTimeAsync(600)
    expect(onDisk()).toBe('Mine')
    expect(engine.journals.size).toBe(0)
  })
})
