import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Frame, Table } from '#contract'
import { openScratch, type Scratch } from '../scratch.ts'
import { createTablePages, type TablePages } from './table-pages.ts'

let scratch: Scratch
let pages: TablePages
let table: Table
const rows = 300_000

beforeAll(async () => {
  scratch = await openScratch()
  pages = createTablePages({ blobs: scratch.blobs })
  const frame: Frame = {
    rows,
    columns: [
      {
        name: 'number',
        type: 'integer',
        nullable: true,
        cells: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => (row * 7919) % rows) },
      },
      {
        name: 'Wort',
        type: 'text',
        nullable: true,
        cells: {
          kind: 'text',
          codes: Int32Array.from({ length: rows }, (_, row) => (row % 10) - 1),
          levels: Array.from({ length: 9 }, (_, level) => `Level ${level}`),
        },
      },
      {
        name: 'day',
        type: 'date',
        nullable: true,
        cells: {
          kind: 'number',
          values: Float64Array.from({ length: rows }, (_, row) => (row === 5 ? Number.NaN : row * 86_400_000)),
        },
      },
      {
        name: 'flag',
        type: 'boolean',
        nullable: true,
        cells: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? 1 : 0)) },
      },
    ],
  }
  table = await scratch.context.tables.write(frame)
})
afterAll(async () => {
  pages.close()
  await scratch.close()
})

test('a page over the border of two row groups', async () => {
  const page = await pages.page({ table: table.data, offset: 131_071, limit: 2 }, table)
  expect(page).toMatchObject({ total: rows, offset: 131_071, columns: table.columns })
  expect(page.rows).toEqual([
    [(131_071 * 7919) % rows, 'Level 0', '2328-11-11', false],
    [(131_072 * 7919) % rows, 'Level 1', '2328-11-12', true],
  ])
})

test('missing cells are null; pages end with the table and hold 1,000 rows at most', async () => {
  expect((await pages.page({ table: table.data, offset: 5, limit: 1 }, table)).rows[0]![2]).toBeNull()
  expect((await pages.page({ table: table.data, offset: rows - 1, limit: 10 }, table)).rows).toHaveLength(1)
  expect((await pages.page({ table: table.data, offset: rows + 9, limit: 10 }, table)).rows).toEqual([])
  expect((await pages.page({ table: table.data, offset: 0, limit: 5_000 }, table)).rows).toHaveLength(1_000)
})

test('sorted both ways, missing last, equals in the table’s order', async () => {
  const up = await pages.page(
    { table: table.data, offset: 10, limit: 2, sort: { column: 'number', descending: false } },
    table,
  )
  expect(up.rows.map((row) => row[0])).toEqual([10, 11])
  expect(up.numbers).toHaveLength(2)
  for (const [index, number] of up.numbers!.entries())
    expect((await pages.page({ table: table.data, offset: number, limit: 1 }, table)).rows[0]).toEqual(up.rows[index])
  const down = await pages.page(
    { table: table.data, offset: 0, limit: 3, sort: { column: 'Wort', descending: true } },
    table,
  )
  expect(down.rows.map((row) => row[2])).toEqual(['1970-01-10', '1970-01-20', '1970-01-30'])
  const last = await pages.page(
    { table: table.data, offset: rows - 1, limit: 1, sort: { column: 'day', descending: true } },
    table,
  )
  expect(last.rows[0]![2]).toBeNull()
})

test('search in any column, whatever the case', async () => {
  const page = await pages.page({ table: table.data, offset: 1, limit: 1, search: 'LEVEL 3' }, table)
  expect(page.total).toBe(rows / 10)
  expect(page.rows[0]![1]).toBe('Level 3')
  const none = await pages.page({ table: table.data, offset: 0, limit: 5, search: "o'clock" }, table)
  expect(none).toMatchObject({ total: 0, rows: [] })
})

test('an unknown sort column is a problem', async () => {
  const query = { table: table.data, offset: 0, limit: 1, sort: { column: 'nope', descending: false } }
  await expect(pages.page(query, table)).rejects.toMatchObject({ code: 'column-unknown' })
})

test('summaries count missing and distinct, and fill twelve bars', async () => {
  const [number, word, day, flag] = await pages.summarize(table)
  expect(number).toMatchObject({ name: 'number', missing: 0, distinct: rows })
  expect(number!.bars).toHaveLength(12)
  expect(number!.bars.every(({ count }) => count === rows / 12)).toBe(true)
  expect(word).toMatchObject({ missing: rows / 10, distinct: 9 })
  expect(word!.bars[0]).toEqual({ label: 'Level 0', count: rows / 10 })
  expect(day).toMatchObject({ missing: 1, distinct: rows - 1 })
  expect(flag!.bars).toEqual([
    { label: 'true', count: rows / 4 },
    { label: 'false', count: (rows * 3) / 4 },
  ])
})
