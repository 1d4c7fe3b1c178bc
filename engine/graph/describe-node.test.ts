import { expect, test } from 'vitest'
import { describeNode } from './describe-node.ts'
import { testingNodes } from './testing-nodes.ts'

test.each(testingNodes.map((node) => [node.type, node] as const))('%s as data', (type, node) => {
  const card = describeNode(node)
  expect(JSON.parse(JSON.stringify(card))).toEqual(card)
  expect(card.type).toBe(type)
  expect(describeNode(node)).toBe(card)
})

test('form keys and defaults travel with the parameters', () => {
  const card = describeNode(testingNodes[1]!)
  expect(card.defaults).toEqual({ keep: [], by: '', mode: 'all', limit: 5, rules: [] })
  expect(card.params).toMatchObject({
    type: 'object',
    properties: {
      by: { widget: 'column', types: ['number'], when: { mode: ['one'] }, default: '' },
      rules: { widget: 'rows', items: { properties: { column: { widget: 'column' } } } },
    },
  })
})
