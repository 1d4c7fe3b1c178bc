import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode, schemaOf } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, DataSchema, JsonValue, Problem, Table } from '#contract'
import { sampleLoans } from '#ml/sample/loans'
import node from './node.ts'

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(sampleLoans({ rows: 2_000, seed: 1 }).frame)
})
afterAll(() => scratch.close())

async function run(params: Record<string, JsonValue>, input = table) {
  const outcome = await runNode(scratch, node as AnyNode, { table: input }, params)
  const schema = outcome.outputs['schema'] as DataSchema
  return { ...outcome, schema, column: (name: string) => schema.columns.find((column) => column.name === name)! }
}
async function problems(params: Record<string, JsonValue>) {
  const parsed = node.params.parse(params)
  return (await node.infer({ inputs: { table }, params: parsed, context: scratch.infer })) as Problem[]
}

test('roles from parameters, then from names; infer names the same', async () => {
  const { schema, column, inferred, card } = await run({ target: 'approved', id: 'applicant' })
  expect(schema.columns.filter(({ role }) => role === 'protected').map(({ name }) => name)).toEqual([
    'age',
    'age_group',
    'sex',
  ])
  expect([column('approved').role, column('applicant').role, column('income').role]).toEqual([
    'target',
    'id',
    'feature',
  ])
  expect(schema.favourable).toBe('yes')
  const said = inferred as unknown as { schema: { columns: { name: string; type: string; role: string }[] } }
  expect(said.schema.columns.map(({ name, type, role }) => [name, type, role])).toEqual(
    schema.columns.map(({ name, type, role }) => [name, type, role]),
  )
  expect(card).toEqual({ text: '**13** columns · target approved · 3 protected' })
})

test('chosen protected columns replace the guesses', async () => {
  const { schema } = await run({ protected: ['sex'] })
  expect(schema.columns.filter(({ role }) => role === 'protected').map(({ name }) => name)).toEqual(['sex'])
})

test('the table’s own roles stay; a new target makes the old one a label', async () => {
  const withRole = {
    ...table,
    columns: table.columns.map((column) =>
      column.name === 'approved' ? { ...column, role: 'target' as const } : column,
    ),
  }
  expect((await run({}, withRole)).column('approved').role).toBe('target')
  const other = await run({ target: 'purpose' }, withRole)
  expect([other.column('approved').role, other.column('purpose').role]).toEqual(['label', 'target'])
})

test('domains, ranges, missing shares, uniqueness', async () => {
  const { column } = await run({ id: 'applicant', slack: 0 })
  expect(column('sex').domain).toEqual(['female', 'male'])
  expect(column('applicant')).toMatchObject({ unique: true, nullable: false })
  expect(column('applicant').domain).toBeUndefined()
  const [limits] = await scratch.context.tables.rows(
    'SELECT min(debt_ratio) AS low, max(debt_ratio) AS high, avg((savings IS NULL)::INTEGER) AS missing FROM t',
    { t: table },
  )
  expect(column('debt_ratio')).toMatchObject({ min: limits!['low'], max: limits!['high'], nullable: false })
  expect(column('savings').nullable).toBe(true)
  expect(column('savings').maxMissing).toBeGreaterThan(Number(limits!['missing']))
  expect(column('savings').maxMissing).toBeLessThan(Number(limits!['missing']) + 0.07)
})

test('overrides win over what was found', async () => {
  const { column } = await run({
    overrides: [
      { column: 'income', min: 0, max: 1e6, expected: 'rises' },
      { column: 'postcode', role: 'protected', pattern: '[A-Z]\\d' },
      { column: 'age', type: 'number' },
    ],
  })
  expect(column('income')).toMatchObject({ min: 0, max: 1e6, expected: 'rises' })
  expect(column('postcode')).toMatchObject({ role: 'protected', pattern: '[A-Z]\\d' })
  expect(column('age').type).toBe('number')
})

test('rules are checked before the run', async () => {
  const rules = [{ name: 'fits', condition: 'loan_amount <= 10 * income' }]
  expect((await run({ rules })).schema.rules).toEqual(rules)
  const [problem] = await problems({ rules: [{ name: 'odd', condition: 'loan <= incom' }] })
  expect(problem).toMatchObject({ code: 'parameter-bad', path: ['params', 'rules', 0, 'condition'] })
  const nosy = `income > length((SELECT content FROM read_text('secret.txt')))`
  const several = await problems({
    rules: [
      { name: 'odd', condition: 'loan <= incom' },
      { name: 'nosy', condition: nosy },
    ],
  })
  expect(several.map(({ path }) => path)).toEqual([
    ['params', 'rules', 0, 'condition'],
    ['params', 'rules', 1, 'condition'],
  ])
  expect(several[1]!.message).toContain('names the file secret.txt')
})

test('unknown columns, two roles for one, a type that can not be, an outcome that does not occur', async () => {
  expect((await problems({ target: 'nope' }))[0]).toMatchObject({ code: 'column-unknown', path: ['params', 'target'] })
  expect((await problems({ target: 'sex', id: 'sex' }))[0]).toMatchObject({ code: 'parameter-bad' })
  expect((await problems({ overrides: [{ column: 'income', type: 'date' }] }))[0]).toMatchObject({
    code: 'column-type',
  })
  await expect(run({ target: 'approved', favourable: 'maybe' })).rejects.toMatchObject({ code: 'parameter-bad' })
})

test('an empty table has a schema without expectations; it survives JSON', async () => {
  const empty = await scratch.context.tables.query('SELECT * FROM t WHERE false ORDER BY __row', { t: table })
  const { schema, blocks } = await run({ target: 'approved' }, empty)
  expect(schema.columns.every(({ nullable }) => nullable)).toBe(true)
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  expect(blocks.length).toBeGreaterThan(2)
  expect(schemaOf(schema).columns).toHaveLength(13)
})
