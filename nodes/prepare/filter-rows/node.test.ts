import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Frame, JsonValue, Problem, Table } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import { conditionRule, conditionWords, listedValues, rowOperators } from '#ml/choose/row-conditions'
import { keptRows, rowTests } from './conditions.ts'
import node from './node.ts'
import { parseOutline } from './outline.ts'
import { parseRowNumbers } from './row-numbers.ts'

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

const filter = (conditions: readonly JsonValue[], match = 'all') => filterBy({ conditions, match })

async function filterBy(params: Record<string, JsonValue>) {
  const { outputs, inferred, card, blocks } = await runNode(scratch, node as AnyNode, { table }, params)
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
        const kept = keptRows(rowTests(params, table.columns), params.match, frame)
        expect(numbers.filter((_, row) => kept[row] === 1)).toEqual(x)
      }),
      { numRuns: 30 },
    )
  })
})

describe('outlines and numbers', () => {
  const area = (outline: string, x = 'x "1"', y = 'day') => ({ areas: [{ x, y, outline }] })
  const whole = '0 1969-01-01, 9 1969-01-01, 9 1970-01-03, 0 1970-01-03'

  test.each([
    [area(whole), [1, 2]],
    [area('1 -1, 1 1, 0 0'), [1]],
    [area('1 0, 2 86400000, 4 1700000000000'), [1, 2, 4]],
    [area(whole, 'x "1"', 'x "1"'), [1, 2, 4]],
    [{ rowNumbers: '4, 1-2' }, [1, 2, 4]],
    [{ rowNumbers: '2-5', conditions: [{ column: 'x "1"', operator: '<=', value: '2' }] }, [2]],
    [{ rowNumbers: '1', ...area('2 86400000, 2 86400001, 3 86400000'), match: 'any' }, [1, 2]],
  ] as [Record<string, JsonValue>, number[]][])('%j keeps %j', async (params, expected) => {
    expect((await filterBy(params)).x).toEqual(expected)
    const parsed = node.params.parse(params)
    const kept = keptRows(rowTests(parsed, table.columns), parsed.match, frame)
    expect(numbers.filter((_, row) => kept[row] === 1)).toEqual(expected)
  })

  test('numbers chosen in one content are refused in another', async () => {
    expect((await filterBy({ rowNumbers: '2', rowNumbersOf: table.data })).x).toEqual([2])
    await expect(filterBy({ rowNumbers: '2', rowNumbersOf: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'data-bad',
      problems: [{ message: expect.stringContaining('has changed'), fix: expect.stringContaining('Choose') }],
    })
  })

  test('what can not be read or has no order is a problem', async () => {
    const problems = async (params: Record<string, JsonValue>) =>
      (await node.infer({
        inputs: { table: { columns: table.columns } },
        params: node.params.parse(params),
        context: scratch.infer,
      })) as Problem[]
    expect(await problems(area('1 2, 3 4'))).toMatchObject([
      { code: 'parameter-bad', path: ['params', 'areas', 0, 'outline'] },
    ])
    expect(await problems(area('1 2, 3 4, 5 much'))).toHaveLength(1)
    expect(await problems(area(whole, 'gone', 'kind'))).toMatchObject([
      { code: 'column-unknown', path: ['params', 'areas', 0, 'x'] },
      { code: 'column-type', path: ['params', 'areas', 0, 'y'] },
    ])
    expect(await problems({ rowNumbers: 'first' })).toMatchObject([{ code: 'parameter-bad' }])
    expect(parseOutline(Array(201).fill('1 1').join(', '))).toBeUndefined()
    expect(parseOutline('1 1, 2 2, 1e200 3')).toBeUndefined()
    expect(parseRowNumbers('0')).toBeUndefined()
    expect(parseRowNumbers('5-4')).toBeUndefined()
    expect(parseRowNumbers('3, 7 – 12')).toEqual([
      [2, 2],
      [6, 11],
    ])
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
