import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { createDocumentStore } from './document-store.ts'
import { everyKindOfEdit as edits } from './edits/every-kind.test-support.ts'
import { renameNode, setParameter } from './edits/set-parameter.ts'

function opened(now: () => number = () => 0) {
  const store = createDocumentStore(now)
  store.open({ path: 'a.plumb.json', document: sampleDocument, revision: '1' })
  return store
}

describe('document store', () => {
  it('comes back to the start by undo and to the end by redo, whatever was done', () => {
    const steps = fc.array(fc.tuple(fc.nat(edits.length - 1), fc.nat(40)), { maxLength: 40 })
    fc.assert(
      fc.property(steps, (sequence) => {
        const store = opened()
        for (const [which, at] of sequence) store.edit('edit', (document) => edits[which]!(document, at))
        const end = printDocument(store.getState().document)
        while (store.undo() !== undefined);
        expect(store.getState().document).toBe(sampleDocument)
        while (store.redo() !== undefined);
        expect(printDocument(store.getState().document)).toBe(end)
      }),
    )
  })

  it('keeps every edited document a valid pipeline file', () => {
    const steps = fc.array(fc.tuple(fc.nat(edits.length - 1), fc.nat(40)), { maxLength: 25 })
    fc.assert(
      fc.property(steps, (sequence) => {
        const store = opened()
        for (const [which, at] of sequence) store.edit('edit', (document) => edits[which]!(document, at))
        const parsed = parseDocument(printDocument(store.getState().document))
        expect(parsed.problems).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('joins typing in one field, but not across a pause or another field', () => {
    let time = 0
    const store = opened(() => time)
    const type = (node: string, value: number) =>
      store.edit('Change', (document) => setParameter(document, node, 'penalty', value), `parameter:${node}`)
    type('train', 1)
    type('train', 12)
    time = 5_000
    type('train', 123)
    type('split', 1)
    expect(store.getState().past).toHaveLength(3)
    store.undo()
    store.undo()
    expect(store.getState().document.nodes.train?.params.penalty).toBe(12)
    store.undo()
    expect(store.getState().document).toBe(sampleDocument)
  })

  it('adds no entry for an edit that changes nothing, and a new edit drops what was undone', () => {
    const store = opened()
    store.edit('nothing', (document) => document)
    expect(store.getState().past).toHaveLength(0)
    store.edit('one', (document) => renameNode(document, 'train', 'One'))
    store.undo()
    store.edit('two', (document) => renameNode(document, 'train', 'Two'))
    expect(store.redo()).toBeUndefined()
    expect(store.getState().document.nodes.train?.title).toBe('Two')
  })
})
