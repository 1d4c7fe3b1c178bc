import { expect, test } from 'vitest'
import type { Problem } from '#contract'
import { applyEdits } from '../apply-edits.ts'
import { describeNode } from '../describe-node.ts'
import { pipeline, testingNodes } from '../testing-nodes.ts'
import { type CureView, nodeWords, placedProblem } from './cure-view.ts'
import { problemCures } from './problem-cures.ts'

const cards = testingNodes.map(describeNode)
const [reader, ...others] = cards
const view = (document: CureView['document']): CureView => ({ document, cards, nodes: {} })

test('edits that name no node are of the node that told of them', () => {
  const problem: Problem = {
    code: 'data-bad',
    message: 'Too many rows do not fit.',
    cures: [{ label: 'Let them', edits: [{ do: 'set', node: '', param: 'most', value: 1 }] }],
  }
  expect(placedProblem(problem, 'check')).toMatchObject({
    node: 'check',
    cures: [{ edits: [{ do: 'set', node: 'check', param: 'most', value: 1 }] }],
  })
  expect(placedProblem({ code: 'internal', message: 'x' }, 'a')).toEqual({ code: 'internal', message: 'x', node: 'a' })
})

test('a cure that a problem brings itself stands first, and none stands twice', () => {
  const document = pipeline({ a: { type: reader!.type, params: { odd: 1 } } })
  const problem: Problem = {
    code: 'parameter-bad',
    message: '"a" has no parameter "odd".',
    node: 'a',
    path: ['params', 'odd'],
    cures: [{ label: 'Do away with it', edits: [{ do: 'reset', node: 'a', param: 'odd' }] }],
  }
  const cures = problemCures(problem, view(document))
  expect(cures.map(({ label }) => label)).toEqual(['Do away with it'])
  expect(applyEdits(document, cures[0]!.edits).nodes.a!.params).toEqual({})
})

test('what only the data can cure has no cure; an unknown node is no harm', () => {
  const document = pipeline({ a: { type: others[0]!.type } })
  const problem: Problem = { code: 'target-constant', message: 'The target has one value.', node: 'a' }
  expect(problemCures(problem, view(document))).toEqual([])
  expect(problemCures({ ...problem, code: 'port-missing', node: 'b', path: ['inputs', 'x'] }, view(document))).toEqual(
    [],
  )
  expect(nodeWords(view(document), 'b')).toBe('b')
})
