import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { describeNode } from '../describe-node.ts'
import { pipeline, testingNodes } from '../testing-nodes.ts'
import { expandGroups, resolveSetting } from './expand-groups.ts'
import { hideSetting, showSetting } from './group-acts.ts'
import { groupCards } from './group-cards.ts'
import { levelDocument, withLevel } from './levels.ts'
import { packNodes } from './pack-nodes.ts'
import { applySettingsInside, setInside, settingPlace, timesUsed } from './set-inside.ts'

const base = testingNodes.map(describeNode)
const pack = (document: PipelineDocument, ids: readonly string[], title: string) => {
  const cards = new Map([...base, ...groupCards(document.groups, base)].map((card) => [card.type, card]))
  const answer = packNodes(document, new Set(ids), title, cards)
  if ('code' in answer) throw new Error(answer.message)
  return answer.document
}
const plain = pipeline(
  { load: { type: 'data/source', params: { path: 'a.csv' } }, pick: { type: 'prepare/pick', params: { limit: 7 } } },
  ['load.table pick.table'],
)
const nested = pack(pack(plain, ['pick'], 'Inner'), ['inner'], 'Outer')
const twice = { ...nested, nodes: { ...nested.nodes, other: nested.nodes.outer! } }
const limits = (document: PipelineDocument) => {
  const { document: flat, problems } = expandGroups(document)
  expect(problems).toEqual([])
  return Object.entries(flat.nodes).flatMap(([id, { params }]) => ('limit' in params ? [`${id} ${params.limit}`] : []))
}

describe('a parameter of a node inside groups', () => {
  it('is set in the group that is used once, and shown where it is used several times, so that only one node changes', () => {
    const once = setInside(nested, 'outer--inner--pick', 'limit', 3)
    expect(limits(once)).toEqual(['outer--inner--pick 3'])
    expect(once.nodes.outer!.params).toEqual({})
    const told = setInside(twice, 'other--inner--pick', 'limit', 3)
    expect(limits(told)).toEqual(['outer--inner--pick 7', 'other--inner--pick 3'])
    expect(told.nodes.other!.params).toEqual({ limit: 3 })
    expect(timesUsed(twice, ['other', 'inner'])).toBe(2)
    expect(settingPlace(told, 'other--inner--pick', 'limit')).toMatchObject({
      path: [],
      node: 'other',
      newlyShown: false,
    })
    expect(limits(setInside(told, 'outer--inner--pick', 'limit', 4))).toEqual([
      'outer--inner--pick 4',
      'other--inner--pick 3',
    ])
    expect(limits(setInside(plain, 'pick', 'limit', 1))).toEqual(['pick 1'])
  })

  it('is named as people write it, and by what its groups show', () => {
    const set = { 'outer/inner/pick.limit': '5' }
    expect(limits(applySettingsInside(twice, set, base))).toEqual(['outer--inner--pick 5', 'other--inner--pick 7'])
    expect(() => applySettingsInside(twice, { 'outer/pick.limit': '5' }, base)).toThrow('no input or parameter')
    const shown = setInside(twice, 'other--inner--pick', 'limit', 3)
    expect(resolveSetting(expandGroups(shown), 'outer.limit')).toBe('outer--inner--pick.limit')
  })

  it('that a group within a group no longer shows is gone from the outer ones too', () => {
    const shown = setInside(twice, 'other--inner--pick', 'limit', 3)
    const path = ['outer', 'inner']
    const hidden = withLevel(shown, path, hideSetting(levelDocument(shown, path), 'pick', 'limit'))
    expect(limits(hidden)).toEqual(['outer--inner--pick 7', 'other--inner--pick 7'])
    expect(hidden.nodes.other!.params).toEqual({})
    expect(showSetting(hidden, 'outer', 'limit').inputs).toEqual({ limit: 'outer.limit' })
  })
})
