import type { CellCondition, Column, Table } from '#contract'
import type { ParquetFile } from '../parquet/read-parquet.ts'
import { areaTest } from './area-test.ts'
import { type CellTest, conditionTest, never, searchTest } from './cell-test.ts'

/** What is looked for; the text in small letters. */
export interface Wanted {
  readonly search?: string
  readonly where?: readonly CellCondition[]
  /** Only these rows, in order. */
  readonly places?: Uint32Array
}

/** Tells which rows of a row group pass: true or false where it is so for all of them. */
type GroupTest = (group: number, rows: number) => boolean | ((row: number) => boolean)

/**
 * Rows of each row group that meet all conditions and hold the text in some cell, group after group. `step` is called after
 * each column chunk and ends the work by throwing.
 */
export function findRows(
  file: ParquetFile,
  table: Pick<Table, 'columns'>,
  wanted: Wanted,
  take: (rows: Uint32Array, group: number) => void,
  step: () => void,
): void {
  const byName = new Map(table.columns.map((column) => [column.name, column]))
  const conditions = (wanted.where ?? []).map((condition) => groupTest(file, condition, byName))
  const search = wanted.search === undefined ? undefined : searchTests(table, wanted.search)
  file.groups.forEach(({ start, rows }, group) => {
    const passing = wanted.places ? markedPlaces(wanted.places, start, rows) : new Uint8Array(rows).fill(1)
    const left = passing.includes(1) && conditions.every((test) => narrow(test, group, passing, step))
    const found = left && search ? anyOf(file, group, search, passing, step) : passing
    take(left ? placesOf(found, start) : new Uint32Array(0), group)
  })
}

function groupTest(file: ParquetFile, condition: CellCondition, columns: ReadonlyMap<string, Column>): GroupTest {
  if ('area' in condition) {
    const [x, y] = condition.area.map((name) => columns.get(name)!) as [Column, Column]
    return areaTest(file, x, y, condition.corners)
  }
  const test = conditionTest(columns.get(condition.column)!, condition)
  return (group, rows) =>
    test.known(file.statistics(group, test.column), rows) ?? test.rows(file.readChunk(group, test.column))
}

/** Texts first: they are the quickest to look through, and what is typed is mostly found there. */
function searchTests({ columns }: Pick<Table, 'columns'>, text: string): readonly CellTest[] {
  return columns
    .map((column) => searchTest(column, text))
    .filter((test) => test !== undefined)
    .toSorted((a, b) => Number(b.column.type === 'text') - Number(a.column.type === 'text'))
}

/** Takes out the rows that fail; false when none is left. */
function narrow(test: GroupTest, group: number, passing: Uint8Array, step: () => void): boolean {
  const holds = test(group, passing.length)
  if (typeof holds === 'boolean') return holds
  if (holds === never) return false
  let left = false
  for (let row = 0; row < passing.length; row++) {
    if (passing[row] === 0) continue
    if (holds(row)) left = true
    else passing[row] = 0
  }
  step()
  return left
}

/** 1 where a row of the group stands among the places. */
function markedPlaces(places: Uint32Array, start: number, rows: number): Uint8Array {
  const passing = new Uint8Array(rows)
  for (let at = countBefore(places, start); at < places.length && places[at]! < start + rows; at++)
    passing[places[at]! - start] = 1
  return passing
}

function countBefore(places: Uint32Array, start: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (places[middle]! < start) low = middle + 1
    else high = middle
  }
  return low
}
/** Of the passing rows those that some test holds for. */
function anyOf(
  file: ParquetFile,
  group: number,
  tests: readonly CellTest[],
  passing: Uint8Array,
  step: () => void,
): Uint8Array {
  const found = new Uint8Array(passing.length)
  for (const test of tests) {
    if (test.known(file.statistics(group, test.column), passing.length) === false) continue
    const holds = test.rows(file.readChunk(group, test.column))
    if (holds !== never)
      for (let row = 0; row < found.length; row++)
        if (found[row] === 0 && passing[row] === 1 && holds(row)) found[row] = 1
    step()
  }
  return found
}

function placesOf(found: Uint8Array, start: number): Uint32Array {
  let count = 0
  for (const one of found) count += one
  const places = new Uint32Array(count)
  let at = 0
  for (let row = 0; row < found.length; row++) if (found[row] === 1) places[at++] = start + row
  return places
}
