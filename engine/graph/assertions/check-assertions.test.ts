import { expect, test } from 'vitest'
import type { Assertion, PortSchema, PortType, Problem } from '#contract'
import { checkAssertions } from './check-assertions.ts'
import { assertedLabel, tableFigures } from './table-figures.ts'

function faults(type: PortType, schema: PortSchema, ...assertions: Assertion[]): Problem[] {
  const node = (type: string) => ({ type, version: 1, params: {} })
  return checkAssertions(
    { nodes: { a: node('x/a'), b: node('x/b') }, edges: [{ from: 'a.out', to: 'b.in', assertions }] },
    new Map([['x/a', { outputs: { out: { type, doc: '' } } }]]),
    () => ({ out: schema }),
  )
}
const of = (metric: string, column?: string): Assertion => ({
  metric,
  operator: '>=',
  limit: 1,
  ...(column === undefined ? {} : { column }),
})
const columns = [
  { name: 'income', type: 'number', nullable: true },
  { name: 'city', type: 'text', nullable: true },
] as const

test('what fits is no problem; what is not known yet is none either', () => {
  const figures = Object.entries(tableFigures).map(([metric, { of: types }]) =>
    of(metric, types ? 'income' : undefined),
  )
  expect(faults('table', { columns }, ...figures)).toEqual([])
  expect(faults('table', {}, of('mean', 'anything'))).toEqual([])
  expect(faults('evaluation', {}, of('anything'))).toEqual([])
  expect(faults('evaluation', { metrics: ['roc_auc', 'fairness.'] }, of('fairness.ratio.sex'), of('roc_auc'))).toEqual(
    [],
  )
})

test.each([
  ['table', { columns }, of('row'), 'not-found', '"rows"'],
  ['table', { columns }, of('rows', 'income'), 'parameter-bad', 'Leave the column out'],
  ['table', { columns }, of('mean'), 'parameter-bad', 'Name a column'],
  ['table', { columns }, of('mean', 'incme'), 'column-unknown', '"income"'],
  ['table', { columns }, of('mean', 'city'), 'column-type', 'column of numbers'],
  ['evaluation', { metrics: ['roc_auc'] }, of('roc_acu'), 'not-found', '"roc_auc"'],
  ['evaluation', {}, of('roc_auc', 'income'), 'parameter-bad', 'Leave the column out'],
  ['release', {}, of('rows'), 'not-supported', 'a table or an evaluation'],
] as const)('%s %j %j: %s', (type, schema, assertion, code, cure) => {
  const [problem, ...more] = faults(type, schema, assertion)
  expect(more).toEqual([])
  expect(problem).toMatchObject({ code, node: 'b', path: ['inputs', 'in', 'assertions', 'a.out', 0] })
  expect(problem!.message).toContain('Assertion on the wire from "a" to "b"')
  expect(problem!.fix).toContain(cure)
  const [edit] = problem!.cures![0]!.edits
  const left = edit!.do === 'assert' ? edit!.assertions : undefined
  expect(faults(type, schema, ...left!)).toEqual([])
})

test('the same figure limited twice in one direction', () => {
  expect(faults('table', { columns }, of('rows'), { ...of('rows'), limit: 5 })).toMatchObject([
    { code: 'parameter-bad' },
  ])
  expect(faults('table', { columns }, of('rows'), { ...of('rows'), operator: '<=' })).toEqual([])
})

test('figures have names for people', () => {
  expect(assertedLabel(of('missing', 'income'))).toBe('Share of missing values of income')
  expect(assertedLabel(of('roc_auc'), 'ROC AUC')).toBe('ROC AUC')
})
