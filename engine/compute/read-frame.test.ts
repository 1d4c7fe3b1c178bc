import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Frame } from '#contract'
import { openScratch, type Scratch } from './scratch.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
})
afterAll(() => scratch.close())

const small: Frame = {
  rows: 5,
  columns: [
    {
      name: 'flag',
      type: 'boolean',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.of(1, 0, NaN, 1, 0) },
    },
    {
      name: 'count',
      type: 'integer',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.of(-1, 0, 2 ** 53 - 1, NaN, -(2 ** 53) + 1) },
    },
    {
      name: 'ratio',
      type: 'number',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.of(0.1, NaN, -0, Infinity, 1e-308) },
    },
    {
      name: 'word "x"',
      type: 'text',
      nullable: true,
      role: 'protected',
      cells: { kind: 'text', codes: Int32Array.of(0, 2, -1, 1, 0), levels: ['', 'zwölf', 'ʤ\n'] },
    },
    {
      name: 'day',
      type: 'date',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.of(0, 86_400_000, NaN, -1, 1.7e12) },
    },
    {
      name: 'empty',
      type: 'text',
      nullable: true,
      cells: { kind: 'text', codes: new Int32Array(5).fill(-1), levels: [] },
    },
  ],
}

test('a frame comes back as it went', async () => {
  const table = await scratch.context.tables.write(small)
  expect(table.columns[3]).toEqual({ name: 'word "x"', type: 'text', nullable: true, role: 'protected' })
  expect(await scratch.context.tables.read(table)).toEqual(small)
  const two = await scratch.context.tables.read(table, ['day', 'flag'])
  expect(two.columns.map((column) => column.name)).toEqual(['day', 'flag'])
})

test('DuckDB reads the same cells and types', async () => {
  const table = await scratch.context.tables.write(small)
  const rows = await scratch.context.tables.rows(
    `SELECT *, typeof(flag) || typeof(count) || typeof(ratio) || typeof("word ""x""") || typeof(day) AS types FROM t ORDER BY __row`,
    { t: table },
  )
  expect(
    rows.map((row) => [row['flag'], row['count'], row['ratio'], row['word "x"'], row['day'], row['empty']]),
  ).toEqual([
    [true, -1, 0.1, '', '1970-01-01', null],
    [false, 0, null, 'ʤ\n', '1970-01-02', null],
    [null, 2 ** 53 - 1, -0, null, null, null],
    [true, null, null, 'zwölf', '1969-12-31T23:59:59.999Z', null],
    [false, -(2 ** 53) + 1, 1e-308, '', '2023-11-14T22:13:20Z', null],
  ])
  expect(rows[0]!['types']).toBe('BOOLEANBIGINTDOUBLEVARCHARTIMESTAMP')
})

test('a query keeps roles and drops __row; its table equals the input', async () => {
  const table = await scratch.context.tables.write(small)
  const copy = await scratch.context.tables.query('SELECT * FROM t ORDER BY __row', { t: table })
  expect(copy).toEqual(table)
  const described = await scratch.infer.describe('SELECT *, count / 2 AS half, upper("empty") AS upper FROM t', {
    t: table.columns,
  })
  const half = await scratch.context.tables.query(
    'SELECT *, count / 2 AS half, upper("empty") AS upper FROM t ORDER BY __row',
    {
      t: { ...table, rows: 5 },
    },
  )
  expect(described).toEqual(half.columns)
})

function large(rows: number): Frame {
  const codes = Int32Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? -1 : (row * 31) % 1_000))
  const levels = Array.from({ length: 1_000 }, (_, level) => `level ${String(level).padStart(4, '0')}`)
  return {
    rows,
    columns: [
      {
        name: 'number',
        type: 'number',
        nullable: true,
        cells: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => Math.sin(row)) },
      },
      { name: 'word', type: 'text', nullable: true, cells: { kind: 'text', codes, levels } },
    ],
  }
}

test('several row groups, same bytes every time, also through a query on more threads', async () => {
  const frame = large(300_001)
  const table = await scratch.context.tables.write(frame)
  expect(await scratch.context.tables.write(frame)).toEqual(table)
  expect(await scratch.context.tables.read(table)).toEqual(frame)
  const copy = await scratch.context.tables.query('SELECT * FROM t ORDER BY __row', { t: table })
  expect(copy.data).toBe(table.data)
})

test('no rows at all', async () => {
  const frame: Frame = {
    rows: 0,
    columns: small.columns.map((column) => ({
      ...column,
      cells:
        column.cells.kind === 'text'
          ? { kind: 'text', codes: new Int32Array(0), levels: [] }
          : { kind: 'number', values: new Float64Array(0) },
    })),
  }
  const table = await scratch.context.tables.write(frame)
  expect(await scratch.context.tables.read(table)).toEqual(frame)
  expect(await scratch.context.tables.query('SELECT * FROM t ORDER BY __row', { t: table })).toEqual(table)
})
