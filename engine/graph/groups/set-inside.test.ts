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
import { levelsShown, showLevels } from './show-through.ts'

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

describe('a setting shown through groups', () => {
  const at = { path: ['outer', 'inner'], node: 'pick', param: 'limit' }

  it('goes out as many levels as asked at once, and back in the same way', () => {
    for (let levels = 0; levels <= 3; levels++) {
      const shown = showLevels(nested, at, levels)
      expect(levelsShown(shown, at)).toBe(levels)
      expect(limits(shown)).toEqual(['outer--inner--pick 7'])
      for (let other = 0; other <= 3; other++)
        expect(showLevels(shown, at, other)).toEqual(showLevels(nested, at, other))
    }
    expect(showLevels(nested, at, 3).inputs).toEqual({ limit: 'outer.limit' })
    expect(showLevels(nested, at, 0)).toEqual(nested)
  })

  it('keeps what it was given outside where its group is used once', () => {
    const given = setInside(showLevels(nested, at, 3), 'outer--inner--pick', 'limit', 2)
    expect(given.nodes.outer!.params).toEqual({ limit: 2 })
    expect(limits(showLevels(given, at, 1))).toEqual(['outer--inner--pick 2'])
    const back = showLevels(given, at, 0)
    expect(limits(back)).toEqual(['outer--inner--pick 2'])
    expect([back.inputs, back.groups!.outer!.inputs, back.groups!.inner!.inputs]).toEqual([{}, {}, {}])
  })
})
