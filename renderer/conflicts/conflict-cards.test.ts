import { expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { removeNodes } from '../state/edits/remove-nodes.ts'
import { renameNode, setParameter } from '../state/edits/set-parameter.ts'
import { decided, mergeCollision } from './conflict-cards.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))
const base = setParameter(sampleDocument, 'train', 'penalty', 1)
const ours = renameNode(setParameter(base, 'train', 'penalty', 2), 'split', 'Mine')
const theirs = renameNode(setParameter(setParameter(base, 'train', 'penalty', 3), 'split', 'share', 0.4), 'split', 'T')
const collision = { base, theirs, revision: '2', unmerged: false }

it('has a card for each place that both changed, and merges the rest', () => {
  const merge = mergeCollision(ours, collision, cards)
  expect(merge.cards.map(({ what, base: was, ours: mine, theirs: other }) => [what, was, mine, other])).toEqual([
    ['title', null, 'Mine', 'T'],
    ['Penalty', 1, 2, 3],
  ])
  expect(merge.merged.document.nodes.split?.params.share).toBe(0.4)
})

it('takes for each place the side that was decided', () => {
  const { merged, cards: asked } = mergeCollision(ours, collision, cards)
  const [title, penalty] = asked
  const document = decided(
    merged,
    new Map([
      [title!.place, 'mine'],
      [penalty!.place, 'theirs'],
    ]),
  )
  expect(document.nodes).toMatchObject({
    split: { title: 'Mine', params: { share: 0.4 } },
    train: { params: { penalty: 3 } },
  })
  expect(decided(merged, new Map())).toBe(merged.document)
})

it('names a node that one side removed', () => {
  const gone = mergeCollision(ours, { ...collision, theirs: removeNodes(base, new Set(['train'])) }, cards)
  expect(gone.cards.map(({ reason, theirs: other }) => [reason, other])).toEqual([['removed-and-changed', null]])
  const { place, of } = gone.cards[0]!
  expect(of).not.toBe('')
  expect(decided(gone.merged, new Map([[place, 'theirs']])).nodes).not.toHaveProperty('train')
})
