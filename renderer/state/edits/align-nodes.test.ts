import { expect, it } from 'vitest'
import { alignNodes } from './align-nodes.ts'
import { emptyDocument } from './empty-document.ts'

const node = { type: 'x/y', version: 1, params: {} }
const document = {
  ...emptyDocument('Align'),
  nodes: { a: node, b: node, c: node, d: node },
  layout: { a: [0, 10], b: [50, 200], c: [300, 40], d: [999, 999] } as Record<string, [number, number]>,
}
const size = (id: string) => ({ width: id === 'b' ? 60 : 100, height: 40 })
const aligned = (how: Parameters<typeof alignNodes>[2]) => alignNodes(document, ['c', 'a', 'b'], how, size).layout

it('puts nodes on one edge and leaves the others', () => {
  expect(aligned('left')).toEqual({ a: [0, 10], b: [0, 200], c: [0, 40], d: [999, 999] })
  expect(aligned('top')).toEqual({ a: [0, 10], b: [50, 10], c: [300, 10], d: [999, 999] })
})

it('makes gaps equal between the outermost', () => {
  // 300 - 0 - 100 - 60 are 140 for two gaps
  expect(aligned('across')).toMatchObject({ a: [0, 10], b: [170, 200], c: [300, 40] })
  expect(aligned('down')).toMatchObject({ a: [0, 10], c: [300, 105], b: [50, 200] })
  expect(alignNodes(document, ['a', 'b'], 'across', size)).toBe(document)
})
