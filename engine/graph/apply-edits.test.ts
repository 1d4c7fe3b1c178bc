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

test('assertions go on a wire, stay when it is wired again, and go when there are none', () => {
  const assertions = [
    { metric: 'rows', operator: '>=', limit: 10 },
    { metric: 'missing', column: 'income', operator: '<=', limit: 0.1 },
  ] as const
  const wire = { from: 'a.table', to: 'b.table' }
  const asserted = applyEdits(document, [{ do: 'assert', ...wire, assertions }])
  expect(asserted.edges).toEqual([{ ...wire, assertions: [assertions[1], assertions[0]] }])
  expect(applyEdits(asserted, [{ do: 'wire', ...wire }]).edges).toEqual(asserted.edges)
  expect(applyEdits(asserted, [{ do: 'assert', ...wire, assertions: [] }]).edges).toEqual(document.edges)
  expect(applyEdits(document, [{ do: 'assert', from: 'x.table', to: 'b.table', assertions }])).toBe(document)
})

test('a parameter goes back to its default; a node takes another type and keeps the rest', () => {
  expect(applyEdits(document, [{ do: 'reset', node: 'a', param: 'p' }]).nodes.a!.params).toEqual({})
  expect(applyEdits(document, [{ do: 'reset', node: 'a', param: 'q' }])).toBe(document)
  const retyped = applyEdits(document, [{ do: 'retype', node: 'a', type: 'x/z', version: 2 }])
  expect(retyped.nodes.a).toEqual({ type: 'x/z', version: 2, params: { p: 1 } })
  expect(applyEdits(document, [{ do: 'retype', node: 'q', type: 'x/z', version: 2 }])).toBe(document)
})
