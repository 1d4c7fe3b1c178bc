import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Column, Frame } from '#contract'
import { checkedPath } from '../blob-files.ts'
import { openParquet, type ParquetFile } from '../parquet/read-parquet.ts'
import { openScratch, type Scratch } from '../scratch.ts'
import { writeTable } from '../write-frame.ts'
import { rowOrder } from './row-order.ts'
import { topRows } from './top-rows.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
})
afterAll(() => scratch.close())

const number: Column = { name: 'number', type: 'number', nullable: true }
const word: Column = { name: 'word', type: 'text', nullable: true }
const levels = ['', ' a', 'A', 'a', 'aa', 'z', 'é', '\ue000', '\u{1f600}'].sort()

/** Few values, so that many rows are alike; the row groups are cut where the property says. */
const tables = fc.record({
  cells: fc.array(
    fc.record({
      value: fc.constantFrom(
        Number.NaN,
        0,
        -0,
        1,
        -1,
        0.1,
        1e300,
        -1e300,
        5e-324,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        2 ** 53,
      ),
      code: fc.integer({ min: -1, max: levels.length - 1 }),
    }),
    { minLength: 1, maxLength: 60 },
  ),
  groupRows: fc.integer({ min: 1, max: 25 }),
})

async function stored({ cells, groupRows }: { cells: { value: number; code: number }[]; groupRows: number }) {
  const frame: Frame = {
    rows: cells.length,
    columns: [
      { ...number, cells: { kind: 'number', values: Float64Array.from(cells, ({ value }) => value) } },
      { ...word, cells: { kind: 'text', codes: Int32Array.from(cells, ({ code }) => code), levels } },
    ],
  }
  const table = await writeTable(scratch.blobs, scratch.folder, frame.columns, (writer) => {
    for (let from = 0; from < frame.rows; from += groupRows)
      writer.writeGroup(frame, from, Math.min(frame.rows, from + groupRows))
  })
  return openParquet(checkedPath(scratch.blobs, table.data))
}

/** As a sort by comparison orders them. */
function expected(values: readonly (number | string | null)[], descending: boolean): number[] {
  const sign = descending ? -1 : 1
  return values
    .map((value, row) => ({ value, row }))
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null) || a.row - b.row
      return sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0) || a.row - b.row
    })
    .map(({ row }) => row)
}

test('rows alike keep their order, missing ones come last either way, and the first are known ahead', async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), fc.integer({ min: 1, max: 20 }), async (given, descending, count) => {
      const file: ParquetFile = await stored(given)
      const numbers = given.cells.map(({ value }) => (Number.isNaN(value) ? null : value))
      const words = given.cells.map(({ code }) => (code < 0 ? null : levels[code]!))
      for (const [column, values] of [
        [number, numbers],
        [word, words],
      ] as const) {
        const wanted = expected(values, descending)
        const step = () => {}
        expect([...rowOrder({ file, column, descending, step })]).toEqual(wanted)
        expect([...topRows(file, column, descending, count, step)]).toEqual(wanted.slice(0, count))
        const rows = Uint32Array.from(values.keys()).filter((row) => row % 3 !== 1)
        const kept = new Set(rows)
        expect([...rowOrder({ file, column, descending, rows, step })]).toEqual(wanted.filter((row) => kept.has(row)))
      }
      file.close()
    }),
    { numRuns: 150 },
  )
})
