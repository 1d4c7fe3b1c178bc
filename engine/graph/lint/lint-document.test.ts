import { describe, expect, test } from 'vitest'
import type { Column, NodeCard, PipelineDocument } from '#contract'
import { namesAftermath, namesIdentifier, namesProtected, namesProxy } from './column-words.ts'
import { lintDocument } from './lint-document.ts'

describe('names of columns', () => {
  test.each(['sex', 'Gender', 'age', 'ageGroup', 'applicant_age', 'birth_year', 'marital_status', 'native_religion'])(
    '%s reads like a protected attribute',
    (name) => expect(namesProtected(name)).toBe(true),
  )
  test.each(['age_of_account', 'page', 'mileage', 'years_at_job', 'wage', 'message', 'sextant'])(
    '%s does not',
    (name) => expect(namesProtected(name)).toBe(false),
  )
  test.each(['postcode', 'zip_code', 'LastName', 'place_of_birth', 'postal_code'])('%s is a proxy', (name) =>
    expect(namesProxy(name)).toBe(true),
  )
  test.each(['first_payment', 'company_name', 'zipped', 'code'])('%s is none', (name) =>
    expect(namesProxy(name)).toBe(false),
  )
  test.each([
    ['approved_amount', 'approved'],
    ['decision_date', 'approved'],
    ['churned_on', 'churned'],
  ])('%s is written after %s', (name, target) => expect(namesAftermath(name, target)).toBe(true))
  test.each([
    ['loan_amount', 'approved'],
    ['income', 'y'],
    ['approved', 'approved'],
  ])('%s is not written after %s', (name, target) => expect(namesAftermath(name, target)).toBe(false))
  test.each(['id', 'customerId', 'row_key', 'uuid'])('%s names rows', (name) =>
    expect(namesIdentifier(name)).toBe(true),
  )
  test.each(['paid', 'key_skills', 'idle_time'])('%s does not', (name) => expect(namesIdentifier(name)).toBe(false))
})

const card = (type: string, more: Partial<NodeCard>): NodeCard => ({
  type,
  version: 1,
  title: type,
  doc: '',
  keywords: [],
  traits: [],
  inputs: {},
  outputs: {},
  effect: false,
  params: {},
  defaults: {},
  ...more,
})
const table = { type: 'table', doc: '' } as const

test('a learner that chooses by the test rows is told, with the part it should choose by', () => {
  const cards = [
    card('x/rows', { outputs: { table } }),
    card('x/tune', {
      inputs: { table },
      outputs: { model: { type: 'model', doc: '' } },
      params: { properties: { choose: { enum: ['validation', 'test'] } } },
      defaults: { choose: 'validation' },
    }),
  ]
  const columns: Column[] = [{ name: 'income', type: 'number', nullable: false }]
  const lint = (choose: string) => {
    const document: PipelineDocument = {
      format: 1,
      name: 'Test',
      description: '',
      seed: 1,
      nodes: {
        rows: { type: 'x/rows', version: 1, params: {} },
        tune: { type: 'x/tune', version: 1, params: { choose } },
      },
      edges: [{ from: 'rows.table', to: 'tune.table' }],
      inputs: {},
      layout: {},
      frames: [],
      notes: [],
    }
    const known = { known: true, problems: [], outputs: {} }
    const nodes = { rows: { ...known, inputs: {} }, tune: { ...known, inputs: { table: { columns } } } }
    return lintDocument(document, cards, { problems: [], nodes })
  }
  expect(lint('validation')).toEqual([])
  expect(lint('test')).toMatchObject([
    {
      rule: 'tuned-on-test',
      node: 'tune',
      cure: { edits: [{ do: 'set', node: 'tune', param: 'choose', value: 'validation' }] },
    },
  ])
})

test('a tuned model is not judged by the rows that have chosen it, unless folds of the training rows have', () => {
  const model = { type: 'model', doc: '' } as const
  const cards = [
    card('x/rows', { outputs: { table } }),
    card('x/tune', { inputs: { table }, outputs: { model }, traits: ['tunes'], defaults: { judgeBy: 'auto' } }),
    card('x/smaller', { inputs: { model }, outputs: { model } }),
    card('x/judge', { inputs: { model, table }, outputs: { evaluation: { type: 'evaluation', doc: '' } } }),
  ]
  const columns: Column[] = [{ name: 'part', type: 'text', nullable: false, role: 'split' }]
  const lint = (rows: string, judgeBy: string) => {
    const node = (type: string, params = {}) => ({ type, version: 1, params })
    const wires = [
      'rows.table tune.table',
      'tune.model smaller.model',
      'smaller.model judge.model',
      'rows.table judge.table',
    ]
    const document: PipelineDocument = {
      format: 1,
      name: 'Test',
      description: '',
      seed: 1,
      nodes: {
        rows: node('x/rows'),
        tune: node('x/tune', { judgeBy }),
        smaller: node('x/smaller'),
        judge: node('x/judge', { rows }),
      },
      edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
      inputs: {},
      layout: {},
      frames: [],
      notes: [],
    }
    const known = { known: true, problems: [], outputs: {}, inputs: { table: { columns } } }
    const nodes = { rows: { ...known, inputs: {} }, tune: known, smaller: { ...known, inputs: {} }, judge: known }
    return lintDocument(document, cards, { problems: [], nodes }).filter(({ rule }) => rule === 'judged-on-known-rows')
  }
  expect(lint('test', 'auto')).toEqual([])
  expect(lint('validation', 'folds')).toEqual([])
  expect(lint('validation', 'auto')).toMatchObject([
    { node: 'judge', cure: { edits: [{ do: 'set', node: 'judge', param: 'rows', value: 'test' }] } },
  ])
})

test('a model is not judged by rows that all went into it, prepared before and made smaller since', () => {
  const model = { type: 'model', doc: '' } as const
  const cards = [
    card('x/rows', { outputs: { table, rest: table } }),
    card('x/split', { inputs: { table }, outputs: { table }, traits: ['splits'] }),
    card('x/select', { inputs: { table }, outputs: { table } }),
    card('x/learn', { inputs: { table }, outputs: { model } }),
    card('x/smaller', { inputs: { model }, outputs: { model } }),
    card('x/judge', { inputs: { model, table }, outputs: { evaluation: { type: 'evaluation', doc: '' } } }),
  ]
  const found = (judged: string, role?: 'split') => {
    const steps = ['rows', 'select', 'learn', 'smaller', 'judge']
    const wires = [
      'rows.table select.table',
      'select.table learn.table',
      'learn.model smaller.model',
      'smaller.model judge.model',
      `${judged} judge.table`,
    ]
    const document: PipelineDocument = {
      format: 1,
      name: 'Test',
      description: '',
      seed: 1,
      nodes: Object.fromEntries(steps.map((name) => [name, { type: `x/${name}`, version: 1, params: {} }])),
      edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
      inputs: {},
      layout: {},
      frames: [],
      notes: [],
    }
    const columns: Column[] = [{ name: 'part', type: 'text', nullable: false, ...(role && { role }) }]
    const known = { known: true, problems: [], outputs: {}, inputs: { table: { columns } } }
    const nodes = Object.fromEntries(steps.map((name) => [name, known]))
    return lintDocument(document, cards, { problems: [], nodes }).filter(({ rule }) => rule === 'no-split')
  }
  expect(found('rows.table')).toMatchObject([{ node: 'judge', rule: 'no-split' }])
  expect(found('select.table')).toHaveLength(1)
  expect(found('rows.rest')).toEqual([])
  expect(found('rows.table', 'split')).toEqual([])
})
