import { expect, test } from 'vitest'
import { judgedOnTest } from './judged-on-test.ts'

const card = {
  type: 'assess/evaluate',
  params: { properties: { rows: { enum: ['test', 'validation', 'all'] }, other: { enum: ['test'] } } },
  defaults: { rows: 'test', other: 'test' },
}
const nodes = (params = {}) => ({ nodes: { judge: { type: 'assess/evaluate', version: 1, params } } })

test('names the setting that takes the test rows, unless the document chose other rows', () => {
  expect(judgedOnTest(nodes(), 'judge', [card])).toBe('judge.rows')
  expect(judgedOnTest(nodes({ rows: 'validation' }), 'judge', [card])).toBeUndefined()
  expect(judgedOnTest(nodes(), 'gone', [card])).toBeUndefined()
  expect(judgedOnTest(nodes(), 'judge', [])).toBeUndefined()
})
