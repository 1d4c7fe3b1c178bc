import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Column, Frame, Hash, Table } from '#contract'
import { type BlobFiles, noteChecked } from '../blob-files.ts'
import { openParquet } from '../parquet/read-parquet.ts'
import { openScratch, type Scratch } from '../scratch.ts'
import { writeTable } from '../write-frame.ts'
import { createRowLists } from './row-lists.ts'
import { createTableThread } from './start-thread.ts'
import { createTablePages, type TablePages } from './table-pages.ts'

let scratch: Scratch
let pages: TablePages
beforeAll(async () => {
  scratch = await openScratch()
  pages = createTablePages({ blobs: scratch.blobs })
})
afterAll(async () => {
  pages.close()
  await scratch.close()
})

const columns: Column[] = [
  { name: 'text', type: 'text', nullable: true },
  { name: 'number', type: 'number', nullable: true },
  { name: 'whole', type: 'integer', nullable: true },
  { name: 'day', type: 'date', nullable: true },
  { name: 'flag', type: 'boolean', nullable: true },
]
const texts = [
  '',
  '100 %',
  'a_b',
  "o'clock",
  'say "so"',
  'back\\slash',
  'Straße',
  'ÖL',
  '\u212aelvin',
  'İzmir',
  'kiwi',
  '5',
]
const levels = texts.toSorted()
const numbers = [0, -0, 1, 1.5, -2.25, 1e21, 1e-7, 123456, Number.NaN, Number.POSITIVE_INFINITY]
const days = [0, 86_400_000 - 1, 1_600_000_000_000, Number.NaN]

const rows = fc.array(
  fc.record({
    code: fc.integer({ min: -1, max: texts.length - 1 }),
    number: fc.constantFrom(...numbers),
    whole: fc.constantFrom(0, 7, -12, 99_999, Number.NaN),
    day: fc.constantFrom(...days),
    flag: fc.constantFrom(0, 1, Number.NaN),
  }),
  { minLength: 1, maxLength: 30 },
)

async function stored(cells: readonly Record<string, number>[], groupRows: number): Promise<Table> {
  const numeric = (name: string) => Float64Array.from(cells, (cell) => cell[name]!)
  const frame: Frame = {
    rows: cells.length,
    columns: columns.map((column) =>
      column.type === 'text'
        ? { ...column, cells: { kind: 'text', codes: Int32Array.from(cells, ({ code }) => code!), levels } }
        : { ...column, cells: { kind: 'number', values: numeric(column.name) } },
    ),
  }
  return writeTable(scratch.blobs, scratch.folder, columns, (writer) => {
    for (let from = 0; from < frame.rows; from += groupRows)
      writer.writeGroup(frame, from, Math.min(frame.rows, from + groupRows))
  })
}

/** Texts of a cell as a page brings it. */
function textsOf(cell: string | number | boolean | null): string[] {
  if (cell === null) return []
  if (typeof cell === 'boolean') return cell ? ['true', 'yes'] : ['false', 'no']
  return [String(cell)]
}

const wanted = fc.oneof(
  fc.constantFrom(
    '%',
    '_',
    "'",
    '"',
    '\\',
    'k',
    'i',
    'ß',
    'ö',
    'E',
    '.',
    '-',
    '1',
    '00',
    '99999',
    't',
    'ye',
    '1970-01-01',
  ),
  fc.constantFrom(...texts.filter((text) => text !== '')),
  fc.string({ minLength: 1, maxLength: 2 }),
)

test('a search finds the rows whose cells hold the text, whatever its characters mean elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(rows, wanted, fc.integer({ min: 1, max: 12 }), async (cells, search, groupRows) => {
      const table = await stored(cells, groupRows)
      const query = { table: table.data, offset: 0, limit: 100 }
      const all = await pages.page(query, table)
      const holds = (row: (typeof all.rows)[number]) =>
        row.some((cell) => textsOf(cell).some((text) => text.toLowerCase().includes(search.toLowerCase())))
      const expected = all.rows.flatMap((row, at) => (holds(row) ? [at] : []))
      const found = await pages.page({ ...query, search }, table)
      expect(found.numbers).toEqual(expected)
      expect(found.rows).toEqual(expected.map((at) => all.rows[at]))
      expect(found.total).toBe(expected.length)
    }),
    { numRuns: 150 },
  )
})

const many = Array.from({ length: 40 }, (_, row) => ({ code: row % 3, number: row, whole: row, day: 0, flag: 1 }))

test('a page reads the chunks of its rows and columns, and the number of rows from none', async () => {
  const table = await stored(many, 10)
  const path = scratch.blobs.path(table.data)
  const bytes = readFileSync(path)
  const file = openParquet(path)
  const whole = file.readGroup(2, columns[2]!)
  // Everything but the footer and the one chunk is made unreadable.
  const kept = chunkBytes(bytes, file.chunkPlace(2, columns[2]!))
  file.close()
  const broken = Buffer.from(bytes)
  broken.fill(0xee, 4, footerStart(bytes))
  kept.copy(broken)
  writeFileSync(path, broken)
  noteChecked(path)
  const query = { table: table.data, offset: 20, limit: 10, columns: [2, 2] as const }
  const page = await pages.page(query, table)
  expect(page.rows.map(([cell]) => cell)).toEqual(whole.kind === 'number' ? [...whole.values] : [])
  expect(page.total).toBe(40)
  expect(page.columns).toEqual([columns[2]])
  await expect(pages.page({ ...query, columns: [1, 1] }, table)).rejects.toThrow()
})

const footerStart = (bytes: Buffer) => bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)

function chunkBytes(bytes: Buffer, place: { readonly start: number; readonly length: number }) {
  const { start, length } = place
  return { copy: (to: Buffer) => bytes.copy(to, start, start, start + length) }
}

test('a table whose file is gone is refused; a long one that is not what its name says, once that is known', async () => {
  const table = await stored(many, 10)
  const gone: BlobFiles = { ...scratch.blobs, path: () => scratch.blobs.path('f'.repeat(64) as Hash) }
  const damaged: BlobFiles = { ...scratch.blobs, path: (hash) => `${scratch.blobs.path(hash)}-damaged` }
  const bytes = readFileSync(scratch.blobs.path(table.data))
  bytes[10]! ^= 1
  writeFileSync(damaged.path(table.data), bytes)
  const query = { table: table.data, offset: 30, limit: 1, columns: [1, 1] as const }
  const refused = { code: 'artifact-damaged' }
  const ofGone = createTablePages({ blobs: gone })
  const ofDamaged = createTablePages({ blobs: damaged, atOnceBytes: 0 })
  try {
    await expect(ofGone.page(query, table)).rejects.toMatchObject(refused)
    expect((await ofDamaged.page(query, table)).rows).toEqual([[30]])
    await vi.waitFor(() => expect(ofDamaged.page(query, table)).rejects.toMatchObject(refused), { timeout: 20_000 })
  } finally {
    ofGone.close()
    ofDamaged.close()
  }
})

test('a viewer that asks for something else ends its search; others go on', async () => {
  const table = await stored(
    Array.from({ length: 200_000 }, (_, row) => ({ code: row % 3, number: row / 7, whole: row, day: row, flag: 1 })),
    4_000,
  )
  const thread = createTableThread()
  const lists = createRowLists(thread)
  const path = scratch.blobs.path(table.data)
  const job = (search: string) => () => ({ kind: 'find' as const, path, columns, wanted: { search } })
  try {
    const left = lists.of('a', job('1234'), 'one')
    const ended = left.until(Number.POSITIVE_INFINITY)
    const shared = lists.of('b', job('4321'), 'one')
    lists.of('b', job('4321'), 'two')
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(left.looking).toBeUndefined()
    const next = lists.of('c', job('12'), 'one')
    await shared.until(Number.POSITIVE_INFINITY)
    await next.until(Number.POSITIVE_INFINITY)
    expect(shared.found).toBeGreaterThan(0)
    expect(next.found).toBeGreaterThan(shared.found)
    expect([...next.rows(0, 3)]).toHaveLength(3)
  } finally {
    lists.close()
    thread.close()
  }
})

test('a viewer hears how far a search is and gets what was found so far', async () => {
  const table = await stored(
    Array.from({ length: 120_000 }, (_, row) => ({
      code: row % 5,
      number: row / 7,
      whole: row,
      day: row * 1e5,
      flag: 1,
    })),
    2_000,
  )
  const query = { table: table.data, offset: 0, limit: 5, search: '71', view: 'v' }
  const totals: number[] = []
  for (;;) {
    const { total, looking, rows: found, numbers } = await pages.page(query, table)
    totals.push(total)
    expect(found).toHaveLength(Math.min(5, numbers!.length))
    if (looking === undefined) break
    expect(looking).toBeLessThanOrEqual(1)
  }
  expect(totals.toSorted((a, b) => a - b)).toEqual(totals)
  expect((await pages.page({ ...query, view: 'another' }, table)).total).toBe(totals.at(-1))
})

test('summaries of a sample know what is missing in all rows, and say how many they looked at', async () => {
  const table = await stored(
    many.map((cell, row) => ({ ...cell, number: row % 4 === 0 ? Number.NaN : row })),
    5,
  )
  const [sample] = await pages.summarize(table, { columns: ['number'], sample: true })
  expect(sample).toMatchObject({ missing: 10, sampled: 15 })
  const [exact] = await pages.summarize(table, { columns: ['number'] })
  expect(exact).toMatchObject({ missing: 10, distinct: 30 })
  expect(exact!.sampled).toBeUndefined()
  expect((await pages.summarize(table, { columns: ['number'], sample: true }))[0]).toEqual(exact)
})
