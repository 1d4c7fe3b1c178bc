import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Frame, JsonValue, Problem, Table } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import { conditionRule, conditionWords, listedValues, rowOperators } from '#ml/choose/row-conditions'
import { keptRows } from './conditions.ts'
import node from './node.ts'

const numbers = [1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY]
const frame: Frame = {
  rows: 5,
  columns: [
    { name: 'x "1"', type: 'number', nullable: true, cells: { kind: 'number', values: Float64Array.from(numbers) } },
    {
      name: 'kind',
      type: 'text',
      nullable: true,
      role: 'protected',
      cells: { kind: 'text', codes: Int32Array.of(0, 1, 2, -1, 1), levels: ['', 'a, b', 'c'] },
    },
    {
      name: 'day',
      type: 'date',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.of(0, 86_400_000, Number.NaN, 1.7e12, -86_400_000) },
    },
  ],
}

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

async function filter(conditions: readonly JsonValue[], match = 'all') {
  const { outputs, inferred, card, blocks } = await runNode(scratch, node as AnyNode, { table }, { conditions, match })
  const [kept, others] = [outputs['table'] as Table, outputs['others'] as Table]
  expect(inferred).toEqual({ table: { columns: table.columns }, others: { columns: table.columns } })
  expect(kept.columns).toEqual(table.columns)
  expect(kept.rows + others.rows).toBe(table.rows)
  const cells = (await scratch.context.tables.read(kept, ['x "1"'])).columns[0]!.cells
  return { kept, others, card, blocks, x: cells.kind === 'number' ? [...cells.values] : [] }
}

describe('conditions', () => {
  test.each([
    [{ column: 'x "1"', operator: '>=', value: '2' }, [2, 4]],
    [{ column: 'x "1"', operator: '!=', value: '2' }, [1, 4]],
    [{ column: 'x "1"', operator: 'is missing' }, [Number.NaN, Number.POSITIVE_INFINITY]],
    [{ column: 'x "1"', operator: '<', value: '2', orMissing: true }, [1, Number.NaN, Number.POSITIVE_INFINITY]],
    [{ column: 'kind', operator: 'one of', value: '"a, b", nothing' }, [2, Number.POSITIVE_INFINITY]],
    [{ column: 'kind', operator: '!=', value: 'c' }, [2, Number.POSITIVE_INFINITY]],
    [{ column: 'kind', operator: 'is missing' }, [1, 4]],
    [{ column: 'day', operator: '<', value: '1970-01-02' }, [1, Number.POSITIVE_INFINITY]],
  ])('%j keeps %j', async (condition, expected) => {
    expect((await filter([condition])).x).toEqual(expected)
  })

  test('all of them, or any', async () => {
    const both = [
      { column: 'x "1"', operator: '<=', value: '2' },
      { column: 'kind', operator: '=', value: 'a, b' },
    ]
    expect((await filter(both)).x).toEqual([2])
    expect((await filter(both, 'any')).x).toEqual([1, 2, Number.POSITIVE_INFINITY])
    const { card, blocks } = await filter(both)
    expect(card!.text).toBe('**1** of 5 rows · 20\u00a0%')
    expect(blocks).toContainEqual(
      expect.objectContaining({ block: 'table', rows: expect.arrayContaining([[expect.any(String), 2]]) }),
    )
  })

  test('none keeps every row, a list without values none', async () => {
    expect((await filter([])).kept.rows).toBe(5)
    expect((await filter([{ column: 'kind', operator: 'one of', value: ' ' }])).kept.rows).toBe(0)
  })

  test('on finite numbers and texts it keeps what the rules of slices and baselines hold for', async () => {
    const condition = fc.record({
      column: fc.constantFrom('x "1"', 'kind'),
      operator: fc.constantFrom(...rowOperators),
      value: fc.constantFrom('1', '2.5', '4'),
    })
    await fc.assert(
      fc.asyncProperty(condition, async (one) => {
        const text = one.column === 'kind'
        fc.pre(!text || !/[<>]/.test(one.operator))
        const finite = { ...frame, rows: 4 }
        const { bound } = bindRule(conditionRule(one), table.columns)
        const holds = [...applyRule(bound, finite)]
        const { x } = await filter([one])
        expect(x.filter((value) => value !== Number.POSITIVE_INFINITY)).toEqual(
          numbers.slice(0, 4).filter((_, row) => holds[row] === 1),
        )
        const params = node.params.parse({ conditions: [one] })
        expect(numbers.filter((_, row) => keptRows(params, frame)[row] === 1)).toEqual(x)
      }),
      { numRuns: 30 },
    )
  })
})

test('what does not fit the columns is a problem before any run', async () => {
  const wrong = async (condition: JsonValue) =>
    (await node.infer({
      inputs: { table: { columns: table.columns } },
      params: node.params.parse({ conditions: [condition] }),
      context: scratch.infer,
    })) as Problem[]
  expect(await wrong({ column: 'gone' })).toMatchObject([
    { code: 'column-unknown', path: ['params', 'conditions', 0, 'column'] },
  ])
  expect(await wrong({ column: 'x "1"', value: 'many' })).toMatchObject([{ code: 'column-type', columns: ['x "1"'] }])
  expect(await wrong({ column: 'kind', operator: '<', value: 'c' })).toMatchObject([{ code: 'column-type' }])
  expect(await wrong({ column: 'x "1"', operator: 'one of', value: '1, two, three' })).toHaveLength(1)
})

test('lists are read with quotes and spaces', () => {
  expect(listedValues('car,  home ')).toEqual(['car', 'home'])
  expect(listedValues('"a, b", "say ""yes""" ,c')).toEqual(['a, b', 'say "yes"', 'c'])
  expect(listedValues('a,')).toEqual(['a', ''])
  expect(listedValues('"open')).toEqual(['"open'])
  expect(listedValues(' ')).toEqual([])
  expect(conditionWords({ column: 'a', operator: 'is missing', value: 'x' })).toBe('a is missing')
})

test('tables of thousands of columns are filtered alike', async () => {
  const fill = Array.from({ length: 2_000 }, (_, at) => ({ ...frame.columns[0]!, name: `c${at}` }))
  const data = await scratch.context.tables.write({ rows: 5, columns: [...frame.columns, ...fill] })
  const conditions = [{ column: 'kind', operator: 'one of', value: '"a, b"' }]
  const { outputs } = await runNode(scratch, node as AnyNode, { table: data }, { conditions })
  const few = await filter(conditions)
  const name = ['x "1"', 'kind', 'day']
  for (const [wide, narrow] of [
    [outputs['table'], few.kept],
    [outputs['others'], few.others],
  ] as [Table, Table][]) {
    expect(wide).toMatchObject({ rows: narrow.rows, columns: data.columns })
    const [a, b] = [await scratch.context.tables.read(wide, name), await scratch.context.tables.read(narrow, name)]
    expect(a.columns[0]).toEqual(b.columns[0])
    expect(a.columns[2]).toEqual(b.columns[2])
  }
})
