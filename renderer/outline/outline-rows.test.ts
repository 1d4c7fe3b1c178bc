import { expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { emptyDocument } from '../state/edits/empty-document.ts'
import { outlineRows } from './outline-rows.ts'

function drawn(wires: readonly string[], layout: PipelineDocument['layout'] = {}): PipelineDocument {
  const edges = wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! }))
  const names = new Set(edges.flatMap(({ from, to }) => [from.split('.')[0]!, to.split('.')[0]!]))
  const nodes = Object.fromEntries([...names].map((id) => [id, { type: `x/${id}`, version: 1, params: {} }]))
  return { ...emptyDocument('Outline'), nodes, edges, layout }
}
const lines = (document: PipelineDocument) =>
  outlineRows(document, () => ['model', 'table']).map(
    ({ id, depth, alsoFrom }) => `${'-'.repeat(depth)}${id}${alsoFrom.map((other) => ` +${other}`).join('')}`,
  )

it('puts each node below what feeds its first input, as they stand on the canvas', () => {
  const wires = [
    'read.table split.table',
    'split.table judge.table',
    'learn.model judge.model',
    'split.table learn.table',
  ]
  const layout = { read: [0, 0], split: [1, 0], learn: [2, 5], judge: [3, 0] } as PipelineDocument['layout']
  expect(lines(drawn(wires, layout))).toEqual(['read', '-split', '--learn', '---judge +split'])
})

it('names every node once, circles and islands too', () => {
  const rows = lines(drawn(['a.table b.table', 'b.table c.table', 'c.table b.model', 'x.table y.table']))
  expect(rows).toHaveLength(5)
  expect(rows.slice(0, 1)).toEqual(['a'])
  expect(new Set(rows.map((row) => row.replaceAll(/^-+| .*/g, ''))).size).toBe(5)
})
