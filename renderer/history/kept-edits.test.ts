import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { KeptEdits, PipelineDocument } from '#contract'
import { printDocument } from '#graph/print'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { createDocumentStore, type DocumentState } from '../state/document-store.ts'
import { everyKindOfEdit as edits } from '../state/edits/every-kind.test-support.ts'
import { renameNode, setParameter } from '../state/edits/set-parameter.ts'
import { editsOnOpening } from './edits-on-opening.ts'
import { keptEdits } from './kept-edits.ts'

const path = 'a.plumb.json'
function opened(document: PipelineDocument, kept: KeptEdits | null) {
  const store = createDocumentStore(() => 0)
  const file = { path, document, revision: '1', problems: [], migrated: false }
  store.open(file, editsOnOpening(file, kept, 0))
  return store
}
const throughDisk = (state: DocumentState) => JSON.parse(JSON.stringify(keptEdits(state))) as KeptEdits
const text = (store: ReturnType<typeof opened>) => printDocument(store.getState().document)

it('after closing and opening again, undoing all gives the start and redoing all the end', () => {
  const act = fc.record({ kind: fc.nat(edits.length), at: fc.nat(60) })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), fc.nat(25), (acts, undone) => {
      const store = opened(sampleDocument, null)
      for (const { kind, at } of acts) {
        if (kind === edits.length) store.undo()
        else store.edit(`Edit ${kind}`, (document) => edits[kind]!(document, at))
      }
      while (store.redo() !== undefined) {}
      const end = text(store)
      for (let count = 0; count < undone; count++) store.undo()
      const again = opened(store.getState().document, throughDisk(store.getState()))
      while (again.redo() !== undefined) {}
      expect(text(again)).toBe(end)
      while (again.undo() !== undefined) {}
      expect(text(again)).toBe(printDocument(sampleDocument))
    }),
    { numRuns: 150 },
  )
})

it('what others did to a closed file is an edit that can be undone', () => {
  const store = opened(sampleDocument, null)
  store.edit('Mine', (document) => renameNode(document, 'train', 'Mine'))
  const theirs = renameNode(store.getState().document, 'train', 'Theirs')
  const again = opened(theirs, throughDisk(store.getState()))
  expect(again.getState().saveState).toBe('saved')
  again.undo()
  expect(again.getState().document.nodes.train?.title).toBe('Mine')
  again.undo()
  expect(text(again)).toBe(printDocument(sampleDocument))
})

it('bringing a file up to date can be undone and is not saved by itself', () => {
  const document = setParameter(sampleDocument, 'train', 'penalty', 2)
  const file = { path, document, original: sampleDocument, revision: '1', problems: [], migrated: true }
  const store = createDocumentStore()
  store.open(file, editsOnOpening(file, null, 0))
  expect(store.getState()).toMatchObject({ saveState: 'saved', document })
  store.undo()
  expect(store.getState().document).toBe(store.getState().savedDocument)
})

it('a file of a newer format is not edited', () => {
  const file = { path, document: sampleDocument, revision: '1', problems: [], migrated: false, readOnly: true } as const
  const store = createDocumentStore()
  store.open(file, editsOnOpening(file, null, 0))
  store.edit('Rename', (document) => renameNode(document, 'train', 'Mine'))
  expect(store.getState()).toMatchObject({ document: sampleDocument, saveState: 'saved', past: [] })
})
