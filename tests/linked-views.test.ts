/** What is chosen in a view means the same in the page, in DuckDB, and in the node it is kept as. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DuckSession, openSession } from '#compute/duckdb-session'
import type { Carried } from '#compute/predicate-holds'
import { openScratch, type Scratch } from '#compute/scratch'
import { chosenPlaces, countSelected } from '#compute/selected-rows'
import { createTablePages, type TablePages } from '#compute/table/table-pages'
import {
  type CellCondition,
  type Column,
  type Frame,
  type FrameColumn,
  type Hash,
  mostCorners,
  type PipelineDocument,
  type RowPredicate,
  type Stretches,
} from '#contract'
import { parseOutline } from '../nodes/prepare/filter-rows/outline.ts'
import { parseRowNumbers } from '../nodes/prepare/filter-rows/row-numbers.ts'
import { matchesRow } from '../renderer/selection/matches-row.ts'
import { formAreas, formPlaces } from '../renderer/selection/slice-conditions.ts'
import { transports } from './transports.ts'

let scratch: Scratch
let session: DuckSession
let pages: TablePages
beforeAll(async () => {
  scratch = await openScratch()
  pages = createTablePages({ blobs: scratch.blobs })
  const temporary = path.join(scratch.folder, 'temporary')
  session = await openSession({ temporary, threads: 1, bytes: 268_435_456, cancelled: () => false })
})
afterAll(async () => {
  pages.close()
  session.close()
  await scratch.close()
})

const day = 86_400_000
const texts = ['', 'car', "o'clock", 'a "quoted" one', 'ö', 'NULL', 'true', '1']
const numbers = [0, -0, 1, 2.5, -3, 1e300, 5e-324, 0.1, 123_456_789_012]

/** Tables of every type of column, with strange names. */
const frames = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('a', 'A b', 'x"y', "it's", '__row2', 'ünï', 'select', '%', ' '), {
      minLength: 4,
      maxLength: 4,
      selector: (name) => name.toLowerCase(),
    }),
    fc.array(
      fc.record({
        text: fc.constantFrom(null, ...texts),
        number: fc.constantFrom(null, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, ...numbers),
        date: fc.constantFrom(null, 0, day, -day, 1.7e12, 1_700_000_000_123),
        flag: fc.constantFrom(null, 0, 1),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([names, rows]): Frame => {
    const numeric = (key: 'number' | 'date' | 'flag', name: string, type: Column['type']): FrameColumn => ({
      name,
      type,
      nullable: true,
      cells: { kind: 'number', values: Float64Array.from(rows, (row) => row[key] ?? Number.NaN) },
    })
    const levels = [...new Set(rows.flatMap(({ text }) => (text === null ? [] : [text])))].sort()
    const codes = Int32Array.from(rows, ({ text }) => (text === null ? -1 : levels.indexOf(text)))
    return {
      rows: rows.length,
      columns: [
        { name: names[0]!, type: 'text', nullable: true, cells: { kind: 'text', codes, levels } },
        numeric('number', names[1]!, 'number'),
        numeric('date', names[2]!, 'date'),
        numeric('flag', names[3]!, 'boolean'),
      ],
    }
  })

/** Corners on the very numbers that cells have, so that many rows lie on an outline. */
const corner = fc.tuple(fc.constantFrom(...numbers.slice(0, 5), day), fc.constantFrom(...numbers.slice(0, 5), day))

const areas = (names: readonly string[]) =>
  fc.record({
    area: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)),
    corners: fc.array(corner, { minLength: 3, maxLength: 6 }),
  })

const conditions = (names: readonly string[]) =>
  fc.array<CellCondition>(
    fc.oneof({ arbitrary: columnConditions(names), weight: 3 }, { arbitrary: areas(names), weight: 1 }),
    { maxLength: 3 },
  )

const columnConditions = (names: readonly string[]) =>
  fc
    .record(
      {
        column: fc.constantFrom(...names),
        range: fc
          .tuple(fc.constantFrom(...numbers, day), fc.constantFrom(...numbers, day), fc.boolean())
          .map(([from, to, below]) => ({ from, to, ...(below && { below: true as const }) })),
        values: fc.array(fc.constantFrom<string | number | boolean>(...texts, ...numbers, day, true, false), {
          maxLength: 3,
        }),
        missing: fc.constant<true>(true),
      },
      { requiredKeys: ['column'] },
    )
    .map((condition): CellCondition => condition)

test('the page and DuckDB agree about every predicate', async () => {
  const cases = frames.chain((frame) =>
    conditions(frame.columns.map(({ name }) => name)).map((where) => ({ frame, where })),
  )
  await fc.assert(
    fc.asyncProperty(cases, async ({ frame, where }) => {
      const table = await scratch.context.tables.write(frame)
      const everything = { table: table.data, offset: 0, limit: 100 }
      const all = await pages.page({ ...everything, where: [] }, table)
      const chosen = await pages.page({ ...everything, where }, table)
      const expected = all.rows.flatMap((row, at) => (matchesRow(where, table.columns, row) ? [at] : []))
      expect(chosen.numbers ?? all.rows.map((_, at) => at)).toEqual(expected)
      const counts = await countSelected(session, scratch.blobs, { where, bars: [] }, table)
      expect(counts).toEqual({ selected: expected.length, rows: frame.rows, bars: [] })
      const places = await chosenPlaces(session, scratch.blobs, { where }, table, new Map())
      expect([...places]).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test.each(transports.slice(0, 1))(
  'the engine %s counts, pages, remembers and drops what is superseded',
  async (_, open) => {
    const project = mkdtempSync(path.join(os.tmpdir(), 'plumbline-views-'))
    writeFileSync(path.join(project, 'plumbline.json'), '{"format":1,"name":"Views"}')
    const lines = Array.from(
      { length: 40 },
      (_, row) => `${row % 10 === 9 ? '' : row},${row % 4 === 0 ? 'car' : 'home'}`,
    )
    writeFileSync(path.join(project, 'people.csv'), `age,purpose\n${lines.join('\n')}\n`)
    const { engine, close } = await open(project)
    try {
      const { people: table, ...aside } = await readPeople(engine)
      const young: RowPredicate = [{ column: 'age', range: { from: 0, to: 20, below: true } }]
      const bars = [
        { column: 'purpose', values: ['home', 'car'] },
        { column: 'age', edges: [0, 10, 20, 38] },
      ]
      const counts = await engine.countSelected({ table, where: young, bars, view: 'a' })
      expect(counts).toEqual({
        selected: 18,
        rows: 40,
        bars: [
          { column: 'purpose', counts: [13, 5], missing: 0 },
          { column: 'age', counts: [9, 9, 0], missing: 0 },
        ],
      })
      const missing = await engine.countSelected({ table, where: [{ column: 'age', missing: true }], bars, view: 'a' })
      expect(missing).toMatchObject({ selected: 4, bars: [{ counts: [4, 0] }, { counts: [0, 0, 0], missing: 4 }] })
      const page = await engine.rows({ table, where: young, search: 'car', offset: 1, limit: 2 })
      expect(page).toMatchObject({
        total: 5,
        rows: [
          [4, 'car'],
          [8, 'car'],
        ],
        numbers: [4, 8],
      })
      const older = engine.countSelected({ table, where: [], bars, view: 'b' })
      const newer = engine.countSelected({ table, where: young, bars: [], view: 'b' })
      await expect(older).rejects.toMatchObject({ code: 'cancelled' })
      expect((await newer).selected).toBe(18)
      await expect(engine.countSelected({ table, where: [{ column: 'gone' }], bars: [] })).rejects.toMatchObject({
        code: 'column-unknown',
      })
      await rowsByPlace(engine, table, aside)
    } finally {
      await close()
      rmSync(project, { recursive: true, force: true })
    }
  },
)

type OpenEngine = Awaited<ReturnType<(typeof transports)[number][1]>>['engine']

/** Rows that are named by where they stand are counted, paged, and found again in tables made of theirs and before it. */
async function rowsByPlace(engine: OpenEngine, table: Hash, { kept, split }: { kept: Hash; split: Hash }) {
  const where = (of: Hash, places: Stretches): RowPredicate => [{ table: of, places }]
  const cars = where(table, [
    [0, 0],
    [3, 5],
    [8, 9],
  ])
  const bars = [{ column: 'purpose', values: ['home', 'car'] }]
  expect(await engine.countSelected({ table, where: cars, bars })).toEqual({
    selected: 6,
    rows: 40,
    bars: [{ column: 'purpose', counts: [3, 3], missing: 0 }],
  })
  const both: RowPredicate = [...cars, { column: 'purpose', values: ['car'] }]
  const sort = { column: 'age', descending: true }
  const page = await engine.rows({ table, where: both, sort, offset: 0, limit: 9 })
  expect(page).toMatchObject({ total: 3, numbers: [8, 4, 0] })
  expect(await engine.chosenPlaces({ table, where: both })).toEqual([
    [0, 0],
    [4, 4],
    [8, 8],
  ])
  expect(await engine.chosenPlaces({ table, where: cars, among: [3, 4, 7, 8] })).toEqual([
    [3, 4],
    [8, 8],
  ])
  // The kept rows are those with a purpose of car: each fourth.
  expect(await engine.chosenPlaces({ table: kept, where: cars })).toEqual([[0, 2]])
  expect(await engine.chosenPlaces({ table, where: where(kept, [[1, 2]]) })).toEqual([
    [4, 4],
    [8, 8],
  ])
  expect(await engine.chosenPlaces({ table: split, where: cars })).toEqual([
    [0, 0],
    [3, 5],
    [8, 9],
  ])
  const far = where(table, [[39, 40]])
  await expect(engine.countSelected({ table, where: far, bars: [] })).rejects.toMatchObject({ code: 'not-found' })
}

test('outlines and row numbers come back from the file as they were kept', () => {
  const columns: Column[] = ['number', 'date'].map((type) => ({
    name: type,
    type: type as Column['type'],
    nullable: true,
  }))
  const value = fc.oneof(fc.constantFrom(...numbers.slice(0, 5)), fc.double({ min: -1e150, max: 1e150, noNaN: true }))
  const time = fc.integer({ min: -3e14, max: 3e14 })
  const place = fc.tuple(fc.nat(1e6), fc.nat(9)).map(([first, more]) => [first, first + more] as const)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, time), { minLength: 3, maxLength: 30 }),
      fc.array(place, { minLength: 1, maxLength: 30 }),
      (corners, places) => {
        const { areas } = formAreas([{ area: ['number', 'date'], corners }], columns)
        const [{ outline }] = areas as unknown as [{ outline: string }]
        const zero = (at: number) => at + 0
        expect(parseOutline(outline)).toEqual(corners.map(([x, y]) => [zero(x), zero(y)]))
        expect(parseRowNumbers(formPlaces(places, 'a'.repeat(64) as Hash).rowNumbers)).toEqual(places)
      },
    ),
  )
})

test('rows that are alike are told apart by their order, or all of them chosen where some were lost', async () => {
  const tableOf = (values: readonly number[]) => {
    const cells = { kind: 'number' as const, values: Float64Array.from(values) }
    return scratch.context.tables.write({
      rows: values.length,
      columns: [{ name: 'a', type: 'number', nullable: false, cells }],
    })
  }
  const [origin, moved, fewer] = [await tableOf([1, 1, 1, 2]), await tableOf([2, 1, 1, 1]), await tableOf([1, 1, 2])]
  const of = origin.data
  const found = async (table: typeof origin, places: Stretches) => {
    const carried: Carried = new Map([[of, { table: origin, matching: { how: 'by-cells', by: ['a'] } }]])
    return [...(await chosenPlaces(session, scratch.blobs, { where: [{ table: of, places }] }, table, carried))]
  }
  expect(await found(moved, [[1, 1]])).toEqual([2])
  expect(await found(moved, [[2, 3]])).toEqual([0, 3])
  expect(await found(fewer, [[1, 1]])).toEqual([0, 1])
  expect(await found(fewer, [[3, 3]])).toEqual([2])
  expect(await found(fewer, [])).toEqual([])
  const corners = Array.from({ length: mostCorners + 1 }, (_, at) => [at, at] as const)
  const where: RowPredicate = [{ area: ['a', 'a'], corners }]
  await expect(countSelected(session, scratch.blobs, { where, bars: [] }, origin)).rejects.toMatchObject({
    code: 'not-supported',
  })
})

const step = (type: string, params: PipelineDocument['nodes'][string]['params'] = {}) => ({ type, version: 1, params })

/** A table of people, those who want a car, and all of them with a split. */
async function readPeople(engine: OpenEngine): Promise<{ people: Hash; kept: Hash; split: Hash }> {
  const document = {
    format: 1 as const,
    name: 'Views',
    description: '',
    seed: 1,
    nodes: {
      read: step('data/read-file', { path: 'people.csv' }),
      filter: step('prepare/filter-rows', { conditions: [{ column: 'purpose', operator: '=', value: 'car' }] }),
      split: step('data/split', { method: 'random' }),
    },
    edges: [
      { from: 'read.table', to: 'filter.table' },
      { from: 'read.table', to: 'split.table' },
    ],
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
  const ended = Promise.withResolvers<void>()
  engine.subscribe((event) => {
    if (event.type === 'run' && event.status !== 'running') ended.resolve()
  })
  const { id } = await engine.run({ document })
  await ended.promise
  const { steps } = await engine.runDetail({ run: id })
  const tableOf = (node: string) => steps.find((one) => one.node === node)!.outputs['table']!.hash
  return { people: tableOf('read'), kept: tableOf('filter'), split: tableOf('split') }
}
