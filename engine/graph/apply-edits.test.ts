import { expect, test } from 'vitest'
import type { DocumentEdit, PipelineDocument } from '#contract'
import { applyEdits } from './apply-edits.ts'

const document: PipelineDocument = {
  format: 1,
  name: 'Test',
  description: '',
  seed: 1,
  nodes: { a: { type: 'x/a', version: 1, params: { p: 1 } }, b: { type: 'x/b', version: 1, params: {} } },
  edges: [{ from: 'a.table', to: 'b.table' }],
  inputs: {},
  layout: { a: [0, 0], b: [300, 0] },
  frames: [],
  notes: [],
}

test('sets, adds beside, wires and unwires in turn, and leaves the given document alone', () => {
  const before = structuredClone(document)
  const edits: DocumentEdit[] = [
    { do: 'set', node: 'a', param: 'p', value: 2 },
    { do: 'add', id: 'c', node: { type: 'x/c', version: 1, params: {} }, beside: 'b' },
    { do: 'unwire', from: 'a.table', to: 'b.table' },
    { do: 'wire', from: 'a.table', to: 'c.table' },
    { do: 'wire', from: 'c.table', to: 'b.table' },
  ]
  const after = applyEdits(document, edits)
  expect(after.nodes.a!.params).toEqual({ p: 2 })
  expect(after.edges).toEqual([
    { from: 'c.table', to: 'b.table' },
    { from: 'a.table', to: 'c.table' },
  ])
  const [x, y] = after.layout.c!
  expect(Math.abs(x) < 200 && Math.abs(y) < 100).toBe(false)
  expect(document).toEqual(before)
})

test('a wire that is there already stays one wire; a parameter of a missing node changes nothing', () => {
  expect(applyEdits(document, [{ do: 'wire', from: 'a.table', to: 'b.table' }]).edges).toEqual(document.edges)
  expect(applyEdits(document, [{ do: 'set', node: 'z', param: 'p', value: 1 }])).toBe(document)
})
