import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, DataSchema, Frame, JsonValue, Problem, SchemaColumn, Table } from '#contract'
import { sampleLoans } from '#ml/sample/loans'
import inferNode from '../infer-schema/node.ts'
import node from './node.ts'

let scratch: Scratch
let people: Table
const numbers = (...values: number[]) => ({ kind: 'number' as const, values: Float64Array.from(values) })

beforeAll(async () => {
  scratch = await openScratch()
  const frame: Frame = {
    rows: 6,
    columns: [
      { name: 'id', type: 'integer', nullable: true, cells: numbers(1, 2, 3, 3, 5, 4) },
      { name: 'age', type: 'number', nullable: true, cells: numbers(30, Number.NaN, 17, 40, 50, 200) },
      {
        name: 'sex',
        type: 'text',
        nullable: true,
        cells: { kind: 'text', codes: Int32Array.of(0, 1, 0, 1, 2, 0), levels: ['f', 'm', 'x'] },
      },
      {
        name: 'code',
        type: 'text',
        nullable: true,
        cells: { kind: 'text', codes: Int32Array.of(0, 0, 1, 0, 2, -1), levels: ['12', '7', 'no'] },
      },
      { name: 'extra', type: 'date', nullable: true, cells: numbers(0, 0, 0, 0, 0, 0) },
    ],
  }
  people = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

const column = (name: string, type: SchemaColumn['type'], more: Partial<SchemaColumn> = {}): SchemaColumn => ({
  name,
  type,
  role: 'feature',
  required: true,
  nullable: true,
  ...more,
})
const schemaOf = (columns: readonly SchemaColumn[], rules: DataSchema['rules'] = []): DataSchema => ({
  kind: 'schema',
  columns,
  rules,
})

async function run(schema: DataSchema, params: Record<string, JsonValue> = { mostQuarantined: 1 }, table = people) {
  const outcome = await runNode(scratch, node as AnyNode, { table, schema }, params)
  const quarantined = outcome.outputs['quarantined'] as Table
  const rows = await scratch.context.tables.rows('SELECT id, reason FROM q ORDER BY __row', { q: quarantined })
  return {
    ...outcome,
    table: outcome.outputs['table'] as Table,
    quarantined,
    reasons: rows.map((row) => [row['id'], row['reason']]),
  }
}

test('every expectation quarantines the rows that break it, with all their reasons', async () => {
  const schema = schemaOf(
    [
      column('id', 'integer', { role: 'id', unique: true, ordered: 'ascending' }),
      column('age', 'number', { nullable: false, min: 18, max: 120 }),
      column('sex', 'text', { role: 'protected', domain: ['f', 'm'] }),
      column('code', 'integer', { nullable: true }),
    ],
    [{ name: 'grown-ups have a code', condition: 'age < 18 OR code IS NOT NULL' }],
  )
  const { table, quarantined, reasons, card, inferred, blocks } = await run(schema)
  expect(reasons).toEqual([
    [2, 'age: is missing'],
    [3, 'age: is below its minimum'],
    [3, 'id: stands in an earlier row'],
    [5, 'sex: is not in its domain; code: is not integer'],
    [4, 'id: breaks the ascending order; age: is above its maximum; grown-ups have a code'],
  ])
  expect(table.rows).toBe(1)
  expect(table.columns).toEqual([
    { name: 'id', type: 'integer', nullable: true, role: 'id' },
    { name: 'age', type: 'number', nullable: true, role: 'feature' },
    { name: 'sex', type: 'text', nullable: true, role: 'protected' },
    { name: 'code', type: 'integer', nullable: true, role: 'feature' },
  ])
  expect(inferred).toEqual({
    table: { columns: table.columns },
    quarantined: { columns: quarantined.columns },
    findings: {},
  })
  expect(card).toEqual({ text: '**5** rows quarantined · 8 rules broken', tone: 'stale' })
  expect(JSON.stringify(blocks)).toContain('text here, integer in the schema')
  expect(JSON.stringify(blocks)).toContain('new; dropped')
})

test('quarantined rows keep the types they came with', async () => {
  const { quarantined } = await run(schemaOf([column('code', 'integer', { nullable: false })], []))
  expect(quarantined.columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'integer'],
    ['age', 'number'],
    ['sex', 'text'],
    ['code', 'text'],
    ['extra', 'date'],
    ['reason', 'text'],
  ])
})

test('patterns match whole texts; the share of missing cells is a finding without rows', async () => {
  const schema = schemaOf([column('code', 'text', { pattern: '\\d', maxMissing: 0.1 }), column('id', 'integer')])
  const { reasons, card } = await run(schema)
  expect(reasons).toEqual([
    [1, 'code: does not match its pattern'],
    [2, 'code: does not match its pattern'],
    [3, 'code: does not match its pattern'],
    [5, 'code: does not match its pattern'],
  ])
  expect(card!.text).toBe('**4** rows quarantined · 2 rules broken')
})

test('new columns are kept as labels when asked', async () => {
  const { table } = await run(schemaOf([column('id', 'integer')]), { newColumns: 'keep' })
  expect(table.columns.map(({ role }) => role)).toEqual(['feature', 'label', 'label', 'label', 'label'])
})

test('text becomes numbers, booleans and dates, numbers become text', async () => {
  const source = await scratch.context.tables.query(
    `SELECT * FROM (VALUES (0, '1.5', 'Yes', '2020-02-03', 7), (1, 'x', 'nope', '2020-13-01', 8)) v(id, a, b, c, d) ORDER BY id`,
    {},
  )
  const schema = schemaOf([
    column('id', 'integer'),
    column('a', 'number'),
    column('b', 'boolean'),
    column('c', 'date'),
    column('d', 'text'),
  ])
  const { table, reasons } = await run(schema, {}, source)
  const [row] = await scratch.context.tables.rows('SELECT * FROM t ORDER BY __row', { t: table })
  expect(row).toEqual({ id: 0, a: 1.5, b: true, c: '2020-02-03', d: '7' })
  expect(reasons).toEqual([[1, 'a: is not number; b: is not boolean; c: is not date']])
})

test('a missing required column is a problem before the run', async () => {
  const params = node.params.parse({})
  const inputs = { table: { columns: people.columns }, schema: { columns: [column('salary', 'number')] } }
  const problems = (await node.infer({ inputs, params, context: scratch.infer })) as Problem[]
  expect(problems[0]).toMatchObject({ code: 'column-unknown', columns: ['salary'], path: ['inputs', 'table'] })
})

test('too many quarantined rows stop the run', async () => {
  const schema = schemaOf([column('sex', 'text', { domain: ['m'] }), column('id', 'integer')])
  await expect(run(schema, {})).rejects.toMatchObject({ code: 'data-bad' })
})

test('the data a schema was inferred from fits it', async () => {
  const loans = await scratch.context.tables.write(sampleLoans({ rows: 1_000, seed: 3 }).frame)
  const inferred = await runNode(
    scratch,
    inferNode as AnyNode,
    { table: loans },
    { target: 'approved', id: 'applicant' },
  )
  const schema = inferred.outputs['schema'] as DataSchema
  const { outputs, card } = await runNode(scratch, node as AnyNode, { table: loans, schema })
  expect(card).toEqual({ text: '**0** rows quarantined', tone: 'ok' })
  expect((outputs['table'] as Table).rows).toBe(1_000)
  expect((outputs['table'] as Table).data).toBe(loans.data)
})
