import { expect, test } from 'vitest'
import type { NodeCard, PipelineDocument } from '#contract'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { createCatalogueStore } from '../state/catalogue-store.ts'
import { emptyDocument } from '../state/edits/empty-document.ts'
import { growOld } from './follow-versions.ts'

const own = (version: number): NodeCard => ({ ...sampleCards[0]!, type: 'custom/own', version })
const catalogue = (...cards: readonly NodeCard[]) => createCatalogueStore([...sampleCards, ...cards]).getState()
const document = (version: number): PipelineDocument => ({
  ...emptyDocument('Own'),
  nodes: { own: { type: 'custom/own', version, params: {} } },
})

test.each([
  ['is trusted', document(1), catalogue(own(2)), catalogue(), true],
  ['is changed', document(1), catalogue(own(2)), catalogue(own(1)), true],
  ['stays as it is, after undo', document(1), catalogue(own(2)), catalogue(own(2)), false],
  ['is of the version in the file', document(2), catalogue(own(2)), catalogue(), false],
  ['goes', document(1), catalogue(), catalogue(own(2)), false],
])('a file grows old when a node of it %s', (_, file, now, before, expected) => {
  expect(growOld(file, now, before)).toBe(expected)
})

test('nodes inside groups count too', () => {
  const { nodes } = document(1)
  const grouped = {
    ...emptyDocument('Own'),
    groups: { part: { nodes, edges: [], layout: {} } },
  } as unknown as PipelineDocument
  expect(growOld(grouped, catalogue(own(2)), catalogue())).toBe(true)
})
