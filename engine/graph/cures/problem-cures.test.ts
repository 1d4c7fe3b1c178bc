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

test('a column that a node upstream took out can be renamed, left out or added back', () => {
  const document = pipeline(
    {
      load: { type: 'data/source' },
      pick: { type: 'prepare/pick', params: { keep: ['income'] } },
      pass: { type: 'prepare/pick' },
      use: { type: 'prepare/pick', params: { keep: ['age_group', 'income'] } },
    },
    ['load.table pick.table', 'pick.table pass.table', 'pass.table use.table'],
  )
  const columns = (...names: readonly string[]) => ({
    columns: names.map((name) => ({ name, type: 'text' as const, nullable: false })),
  })
  const [all, some] = [columns('income', 'age_group', 'age_groups'), columns('income', 'age_groups')]
  const known = { pick: [all, some], pass: [some, some], use: [some, some] } as const
  const nodes = Object.fromEntries(
    Object.entries(known).map(([id, [table, out]]) => [id, { inputs: { table }, outputs: { table: out } }]),
  )
  const problem: Problem = {
    code: 'column-unknown',
    message: 'Pick uses the column age_group, which the table no longer has.',
    node: 'use',
    path: ['params', 'keep'],
    columns: ['age_group'],
  }
  const cures = problemCures(problem, { document, cards, nodes })
  expect(cures.map(({ label }) => label).slice(0, 3)).toEqual([
    'Choose “age_groups”',
    'Leave “age_group” out',
    'Add “age_group” back in Pick',
  ])
  expect(applyEdits(document, cures[2]!.edits).nodes.pick!.params).toEqual({ keep: ['income', 'age_group'] })
})
