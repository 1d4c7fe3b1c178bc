import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Problem, Report, ReportBlock, Table } from '#contract'
import { sampleLoans } from '#ml/sample/loans'
import node from './node.ts'

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(sampleLoans({ rows: 1_000, seed: 1 }).frame)
})
afterAll(() => scratch.close())

const overviewOf = (blocks: readonly ReportBlock[]) => {
  const block = blocks.find((candidate) => candidate.block === 'table')
  if (block?.block !== 'table') throw new Error('no table')
  return block
}

test('figures agree with SQL over the same table', async () => {
  const { outputs, card, blocks } = await runNode(scratch, node as AnyNode, { table })
  const [row] = await scratch.context.tables.rows(
    'SELECT count(*) FILTER (savings IS NULL) AS missing, count(DISTINCT savings) AS distinct_values, median(savings) AS middle, max(income) AS top FROM t',
    { t: table },
  )
  const savings = overviewOf(blocks).rows.find(([name]) => name === 'savings')!
  expect(savings[2]).toMatchObject({ text: expect.stringMatching(new RegExp(`^${row!['missing']} \\(`)) })
  expect(String(savings[3]).replace('\u202f', '')).toBe(String(row!['distinct_values']))
  expect(String(savings[8]).replaceAll(/\s/g, '')).toBe(String(Math.round(Number(row!['middle']))))
  const income = overviewOf(blocks).rows.find(([name]) => name === 'income')!
  expect(String(income[10]).replaceAll(/\s/g, '')).toBe(String(row!['top']))
  expect(JSON.stringify(blocks)).toContain('as an identifier has: applicant')
  expect(card!.text).toBe('**13** columns · 1\u202f000 rows')
  expect(card!.picture).toMatchObject({ type: 'bars' })
  const plain = blocks.map((block) => (block.block === 'chart' ? { ...block, rows: undefined } : block))
  expect((outputs['report'] as Report).blocks).toEqual(plain)
  expect(JSON.parse(JSON.stringify(outputs))).toEqual(outputs)
})

test('chosen columns only; an unknown one is a problem before the run', async () => {
  const { blocks } = await runNode(scratch, node as AnyNode, { table }, { columns: ['sex', 'age'] })
  expect(overviewOf(blocks).rows.map(([name]) => name)).toEqual(['sex', 'age'])
  const params = node.params.parse({ columns: ['nope'] })
  const problems = (await node.infer({ inputs: { table }, params, context: scratch.infer })) as Problem[]
  expect(problems[0]).toMatchObject({ code: 'column-unknown', columns: ['nope'] })
})

test('a table without rows', async () => {
  const empty = await scratch.context.tables.query('SELECT * FROM t WHERE false ORDER BY __row', { t: table })
  const { blocks, card } = await runNode(scratch, node as AnyNode, { table: empty })
  expect(overviewOf(blocks).rows).toHaveLength(13)
  expect(card!.picture).toBeUndefined()
  expect(JSON.stringify(blocks)).not.toMatch(/NaN|Infinity/)
})

test('charts say of which column they are, and which rows their bars stand for', async () => {
  const { blocks } = await runNode(scratch, node as AnyNode, { table }, { columns: ['sex', 'age'] })
  const charts = blocks.flatMap((block) => (block.block === 'chart' ? [[block.title, block.rows]] : []))
  expect(Object.fromEntries(charts)).toMatchObject({
    age: { table: expect.any(String), x: 'age' },
    sex: { bars: expect.arrayContaining([[{ column: 'sex', values: [expect.any(String)] }]]) },
  })
})
