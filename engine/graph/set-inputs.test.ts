import { describe, expect, test } from 'vitest'
import { describeNode } from './describe-node.ts'
import { applySettings, settingSchema, settingTarget } from './set-inputs.ts'
import { pipeline, testingNodes } from './testing-nodes.ts'

const cards = testingNodes.map(describeNode)
const document = pipeline(
  { rows: { type: 'data/source' }, pick: { type: 'prepare/pick', params: { rules: [{ column: 'a', value: 'b' }] } } },
  [],
  { inputs: { data: 'rows.path', most: 'pick.limit' } },
)
const params = (settings: Record<string, string>, known = cards) => {
  const { nodes } = applySettings(document, settings, known)
  return { rows: nodes.rows!.params, pick: nodes.pick!.params }
}

describe('applySettings', () => {
  test('sets named inputs and parameters, JSON where it is JSON', () => {
    expect(params({ data: 'a b.csv', most: '7', 'pick.keep': '["x"]' })).toEqual({
      rows: { path: 'a b.csv' },
      pick: { limit: 7, keep: ['x'], rules: [{ column: 'a', value: 'b' }] },
    })
  })

  test('a parameter that is a text stays one when the catalogue is known', () => {
    expect(params({ data: '1' }).rows).toEqual({ path: '1' })
    expect(params({ data: '"1"' }).rows).toEqual({ path: '1' })
    expect(params({ data: '1' }, []).rows).toEqual({ path: 1 })
  })

  test('refuses a node that is older than its card: its parameters are others', () => {
    const newer = cards.map((card) => ({ ...card, version: card.version + 1 }))
    expect(() => params({ most: '7' }, newer)).toThrow(/"pick\.limit" can not be set: the file has version \d/)
  })

  test('reaches into a parameter', () => {
    expect(params({ 'pick.rules.0.value': 'c' }).pick).toEqual({ rules: [{ column: 'a', value: 'c' }] })
  })

  test('leaves the given document alone', () => {
    const before = JSON.stringify(document)
    applySettings(document, { most: '1' })
    expect(JSON.stringify(document)).toBe(before)
  })

  test.each([
    ['daat', 'Set "data".'],
    ['pick.limt', 'Set "pick.limit".'],
    ['pikc.limit', 'Set "pick.limit".'],
    ['zzzzzz', "Set one of the pipeline's inputs (data, most) or a parameter as node.parameter."],
  ])('%s points nowhere and suggests', (name, fix) => {
    expect(() => applySettings(document, { [name]: '1' }, cards)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ code: 'not-found', fix })] }),
    )
  })
})

test('the schema of a setting is found through its input', () => {
  const target = settingTarget(document, 'data')!
  expect(target).toEqual({ node: 'rows', path: ['path'] })
  expect(settingSchema(document, target, cards)).toMatchObject({ widget: 'file', title: 'File' })
})
