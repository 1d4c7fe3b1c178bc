import { expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { packNodes } from '#graph/groups/pack-nodes'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { createSampleEngine } from '../client/sample-engine.test-support.ts'
import { disconnect } from '../state/edits/connect.ts'
import { moveNodes } from '../state/edits/move-nodes.ts'
import { removeNodes } from '../state/edits/remove-nodes.ts'
import { renameNode, setParameter } from '../state/edits/set-parameter.ts'
import { differenceGroups } from './difference-rows.ts'
import { placeWords, valueWords } from './place-words.ts'
import { statesOfFile } from './states-of-file.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))

it('says in the words of the app what differs', () => {
  const changed = setParameter(renameNode(sampleDocument, 'train', 'Learner'), 'train', 'penalty', 3)
  const after = moveNodes(removeNodes(changed, new Set(['read'])), { split: [1, 1] })
  const { groups, moved } = differenceGroups(sampleDocument, after, cards)
  const rows = (title: string) => groups.find((group) => group.title === title)?.rows
  expect(rows('Nodes')).toMatchObject([{ change: 'removed', name: expect.stringMatching(/read/i) }])
  expect(rows('Parameters')).toContainEqual(
    expect.objectContaining({ name: 'Learner · Penalty', change: 'changed', before: 'default 1', after: '3' }),
  )
  expect(rows('Wires')?.every(({ change, name }) => change === 'removed' && name.includes('→'))).toBe(true)
  expect(moved).toBeGreaterThan(0)
  expect(differenceGroups(after, after, cards)).toEqual({ groups: [], moved: 0 })
})

it('looks into groups, and says it where nodes are only grouped differently', () => {
  const pack = (document: PipelineDocument) => {
    const packed = packNodes(document, new Set(['train', 'evaluate']), 'Learning', cards)
    if (!('document' in packed)) throw new Error(packed.message)
    return packed.document
  }
  const changed = pack(setParameter(sampleDocument, 'train', 'penalty', 3))
  const { groups } = differenceGroups(pack(sampleDocument), changed, cards)
  expect(groups.map(({ rows }) => rows.map(({ name, after }) => [name, after]))).toEqual([
    [[expect.stringMatching(/ · Penalty$/), '3']],
  ])
  expect(differenceGroups(sampleDocument, pack(sampleDocument), cards).groups.length).toBeGreaterThan(0)
})

it('names places and values as a person would', () => {
  expect(placeWords('nodes/train/params/penalty', sampleDocument, cards).what).toBe('Penalty')
  expect(placeWords('seed', sampleDocument, cards)).toEqual({ of: 'Pipeline', what: 'seed' })
  expect(placeWords('edges/split.table→train.table', sampleDocument, cards).of).toMatch(/ · table → .* · table$/)
  expect(placeWords('more/groups/cleaning', sampleDocument, cards).what).toBe('groups cleaning')
  expect([null, 'a', 0.5, ['b']].map(valueWords)).toEqual(['not there', 'a', '0.5', '["b"]'])
  expect(valueWords('x'.repeat(200))).toHaveLength(90)
})

it('offers named states, edits, runs and files, each with its document', async () => {
  const engine = createSampleEngine({ 'a.plumb.json': sampleDocument })
  const path = 'a.plumb.json'
  const before = disconnect(sampleDocument, sampleDocument.edges.slice(0, 1))
  const named = await engine.nameState({ path, name: 'First', document: before })
  const states = statesOfFile({
    engine,
    path,
    named: [named],
    past: [{ label: 'Connect', before, after: sampleDocument, at: 0 }],
    runs: [],
    files: await engine.pipelines(),
  })
  expect(states.map(({ group, name }) => [group, name])).toEqual([
    ['Named states', 'First'],
    ['Edits', 'Before “Connect”'],
    ['Files', 'The file on disk'],
  ])
  const documents = await Promise.all(states.map((state) => state.document()))
  expect(documents).toEqual([before, before, sampleDocument])
})
