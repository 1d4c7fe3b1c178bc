import { expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { createDocumentStore } from '../state/document-store.ts'
import { moveNodes } from '../state/edits/move-nodes.ts'
import { renameNode, setParameter } from '../state/edits/set-parameter.ts'
import { reconcile } from './reconcile.ts'

function opened() {
  const documents = createDocumentStore()
  documents.open({ path: 'a.plumb.json', document: sampleDocument, revision: '1' })
  return documents
}
const mine = renameNode(sampleDocument, 'train', 'Mine')
const theirs = renameNode(sampleDocument, 'train', 'Theirs')

it('takes the file where nothing waits to be saved', () => {
  const documents = opened()
  expect(reconcile(documents, sampleCards, { document: theirs, revision: '2' })).toBe('taken')
  expect(documents.getState()).toMatchObject({ document: theirs, revision: '2', saveState: 'saved' })
  documents.undo()
  expect(documents.getState().document).toBe(sampleDocument)
})

it('notices when both made the same edit', () => {
  const documents = opened()
  documents.edit('Rename', () => mine)
  const alike = renameNode(sampleDocument, 'train', 'Mine')
  expect(reconcile(documents, sampleCards, { document: alike, revision: '2' })).toBe('same')
  expect(documents.getState()).toMatchObject({ revision: '2', saveState: 'saved' })
  expect(documents.getState().past).toHaveLength(1)
})

it('merges what does not collide and leaves the rest to the person', () => {
  const documents = opened()
  documents.edit('Rename', () => mine)
  const elsewhere = moveNodes(setParameter(sampleDocument, 'split', 'share', 0.3), { split: [9, 9] })
  expect(reconcile(documents, sampleCards, { document: elsewhere, revision: '2' })).toBe('merged')
  expect(documents.getState().document.nodes).toMatchObject({
    train: { title: 'Mine' },
    split: { params: { share: 0.3 } },
  })
  expect(documents.getState().saveState).toBe('unsaved')
  const both = renameNode(documents.getState().savedDocument!, 'train', 'Theirs')
  expect(reconcile(documents, sampleCards, { document: both, revision: '3' })).toBe('conflict')
  expect(documents.getState()).toMatchObject({ saveState: 'conflict', collision: { theirs: both, revision: '3' } })
  expect(documents.getState().document.nodes.train?.title).toBe('Mine')
})

it('a merge that git left unfinished is not on disk yet, whatever comes out of it', () => {
  const documents = opened()
  const unmerged = { base: sampleDocument, theirs: setParameter(sampleDocument, 'split', 'share', 0.3) }
  expect(reconcile(documents, sampleCards, { document: sampleDocument, revision: '2', unmerged })).toBe('merged')
  expect(documents.getState()).toMatchObject({ savedDocument: null, saveState: 'unsaved' })
})
