import { expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { packNodes } from '#graph/groups/pack-nodes'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { emptyDocument } from '../state/edits/empty-document.ts'
import { everyNode, outlineTree } from './outline-tree.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))
const node = (type: string) => ({ type, version: 1, params: {} })
const plain: PipelineDocument = {
  ...emptyDocument('Loans'),
  nodes: { rows: node('data/read-file'), split: node('data/split'), learn: node('train/linear') },
  edges: [
    { from: 'rows.table', to: 'split.table' },
    { from: 'split.table', to: 'learn.table' },
  ],
  layout: { rows: [0, 0], split: [200, 0], learn: [400, 0] },
}
const packed = packNodes(plain, new Set(['split']), 'Parts', cards)
if ('code' in packed) throw new Error(packed.message)
const { document, id } = packed
const lines = (open: (id: string) => boolean, of = document) =>
  outlineTree(of, cards, open).map(
    (row) => `${'-'.repeat(row.depth)}${row.id}${row.group ? ` (${row.group.nodes})` : ''}`,
  )

it('shows what is inside a group right after it, where it is unfolded', () => {
  expect(lines(() => false)).toEqual(['rows', `-${id} (1)`, '--learn'])
  expect(lines(() => true)).toEqual([
    'rows',
    `-${id} (1)`,
    `--${id}--table`,
    `---${id}--split`,
    `----${id}--table-out`,
    '--learn',
  ])
  const split = everyNode(document, cards).find(({ local }) => local === 'split')!
  expect(split).toMatchObject({
    id: `${id}--split`,
    path: [id],
    around: ['Parts'],
    title: cards.get('data/split')!.title,
  })
})

it('ends at a group that holds itself', () => {
  const looped = structuredClone(document)
  const [name] = Object.keys(looped.groups!)
  looped.groups![name!]!.nodes.again = node(`group/${name}`)
  expect(lines(() => true, looped)).toContain(`--${id}--again`)
})
