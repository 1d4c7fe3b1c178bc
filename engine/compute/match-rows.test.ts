import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Column, FrameColumn, Table } from '#contract'
import { type DuckSession, openSession } from './duckdb-session.ts'
import { findRow } from './find-row.ts'
import { matchRows } from './match-rows.ts'
import { rowLoss } from './row-loss.ts'
import { openScratch, type Scratch } from './scratch.ts'

let scratch: Scratch
let session: DuckSession
beforeAll(async () => {
  scratch = await openScratch({ seed: 1 })
  session = await openSession({ temporary: scratch.folder, threads: 2, bytes: 1 << 28, cancelled: () => false })
})
afterAll(async () => {
  session.close()
  await scratch.close()
})

type Cell = string | number | null
/** A table of columns by name; numbers or texts. */
async function table(columns: Readonly<Record<string, readonly Cell[]>>, roles: Record<string, Column['role']> = {}) {
  const made = Object.entries(columns).map(([name, cells]): FrameColumn => {
    const role = roles[name]
    const shared = { name, nullable: true, ...(role ? { role } : {}) }
    if (cells.some((cell) => typeof cell === 'string')) {
      const levels = [...new Set(cells.filter((cell) => cell !== null).map(String))].sort()
      const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(String(cell))))
      return { ...shared, type: 'text', cells: { kind: 'text', codes, levels } }
    }
    const values = Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell)))
    return { ...shared, type: 'number', cells: { kind: 'number', values } }
  })
  return scratch.context.tables.write({ rows: Object.values(columns)[0]!.length, columns: made })
}

const match = (before: Table, after: Table) => matchRows(session, scratch.blobs, { before, after })
async function trace(before: Table, after: Table, row: number) {
  const matching = (await match(before, after))!
  return findRow(session, scratch.blobs, { before, after }, { matching, row })
}
async function loss(before: Table, after: Table, groups: readonly string[] = []) {
  const matching = (await match(before, after))!
  return rowLoss(session, scratch.blobs, { before, after }, { matching, groups })
}

describe('how rows are found again', () => {
  test('in place, by the columns that agree', async () => {
    const before = await table({ x: [1, 2, 3, null], y: ['a', 'b', 'a', null] })
    expect(await match(before, { ...before, columns: before.columns.slice(1) })).toEqual({ how: 'same', by: [] })
    const filled = await table({ x: [1, 2, 3, 2], y: ['a', 'b', 'a', null], z: [0, 0, 0, 0] })
    expect(await match(before, filled)).toEqual({ how: 'in-place', by: ['y'] })
    expect(await trace(before, filled, 3)).toEqual({ row: 3, among: 1 })
    expect(await loss(before, filled, ['y'])).toEqual({ lost: 0, added: 0, groups: [] })
  })

  test('rows in another order are not in place, nor are columns of one value a proof', async () => {
    const before = await table({ x: [1, 2, 3], c: [7, 7, 7] })
    const turned = await table({ x: [3, 1, 2], c: [7, 7, 7] })
    expect(await match(before, turned)).toEqual({ how: 'by-cells', by: ['x', 'c'] })
    expect(await trace(before, turned, 0)).toEqual({ row: 2, among: 1 })
    expect(await match(before, await table({ other: [1, 2, 3] }))).toBeUndefined()
  })

  test('totals by group are no rows of what they sum up', async () => {
    const before = await table({ g: ['a', 'b', 'a'], x: [1, 2, 3], y: [4, 5, 6] })
    expect(await match(before, await table({ g: ['a', 'b'], total: [4, 2] }))).toBeUndefined()
    expect(await match(before, await table({ x: [1, 3] }))).toEqual({ how: 'by-cells', by: ['x'] })
  })

  test('by an identifier, though other cells changed', async () => {
    const before = await table({ id: ['p', 'q', 'r'], x: [1, 2, 3] }, { id: 'id' })
    const after = await table({ id: ['r', 'p'], x: [30, 10] })
    expect(await match(before, after)).toEqual({ how: 'by-id', by: ['id'] })
    expect(await trace(before, after, 0)).toEqual({ row: 2, among: 1 })
    expect(await loss(before, after)).toMatchObject({ lost: 1, added: 0 })
  })

  test('rows that are alike are told apart by their order while all of them are there', async () => {
    const before = await table({ x: [1, 2, 1, 5] })
    expect(await trace(before, await table({ x: [1, 1, 5] }), 1)).toEqual({ row: 2, among: 1 })
    expect(await trace(before, await table({ x: [2, 1, 5] }), 1)).toEqual({ row: 0, among: 2 })
    expect(await trace(before, await table({ x: [2, 9] }), 1)).toBeUndefined()
  })
})

describe('who is lost', () => {
  test('by group, those without a value too; missing cells are equal', async () => {
    const before = await table({ x: [1, 2, 3, null, 5], g: ['a', 'a', 'b', 'b', null] })
    const after = await table({ x: [1, null, 9], g: ['a', 'b', null] })
    expect(await loss(before, after, ['g'])).toEqual({
      lost: 3,
      added: 1,
      groups: [
        {
          column: 'g',
          groups: [
            { group: 'a', before: 2, lost: 1 },
            { group: 'b', before: 2, lost: 1 },
            { group: 'missing', before: 1, lost: 1 },
          ],
        },
      ],
    })
  })

  test('numbers of many values fall into four bands, the lowest first; many levels end in others', async () => {
    const numbers = Array.from({ length: 100 }, (_, i) => i)
    const before = await table({ n: numbers, t: numbers.map((n) => `level ${n}`) })
    const after = await table({ n: numbers.slice(25), t: numbers.slice(25).map((n) => `level ${n}`) })
    const { groups } = await loss(before, after, ['n', 't'])
    expect(groups[0]!.groups.map(({ before: all, lost }) => [all, lost])).toEqual([
      [25, 25],
      [25, 0],
      [25, 0],
      [25, 0],
    ])
    expect(groups[1]!.groups).toHaveLength(12)
    expect(groups[1]!.groups.at(-1)).toMatchObject({ group: 'others' })
    expect(groups[1]!.groups.reduce((sum, { lost }) => sum + lost, 0)).toBe(25)
  })
})
