import { expect, test } from 'vitest'
import { appliesTo, localCure } from './use-cures.ts'

const document = { nodes: { split: { type: 'data/split', version: 1, params: {} } } }

test('cures of nodes inside groups are by their own names there', () => {
  const cure = localCure({
    label: 'x',
    edits: [
      { do: 'reset', node: 'clean--split', param: 'train' },
      { do: 'assert', from: 'clean--read.table', to: 'clean--split.table', assertions: [] },
    ],
  })
  expect(cure.edits).toEqual([
    { do: 'reset', node: 'split', param: 'train' },
    { do: 'assert', from: 'read.table', to: 'split.table', assertions: [] },
  ])
  expect(appliesTo(document, cure)).toBe(false)
})

test('a cure applies where all it changes is there, or comes with it', () => {
  const node = { type: 'data/infer-schema', version: 1, params: {} }
  expect(appliesTo(document, { label: 'x', edits: [{ do: 'reset', node: 'split', param: 'train' }] })).toBe(true)
  const adding = { do: 'add', id: 'schema', node, beside: 'split' } as const
  const wire = { do: 'wire', from: 'schema.schema', to: 'split.schema' } as const
  expect(appliesTo(document, { label: 'x', edits: [adding, wire] })).toBe(true)
  expect(appliesTo(document, { label: 'x', edits: [wire] })).toBe(false)
})
