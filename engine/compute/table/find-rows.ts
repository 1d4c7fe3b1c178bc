import type { ColumnCondition, Table } from '#contract'
import type { ParquetFile } from '../parquet/read-parquet.ts'
import { type CellTest, conditionTest, never, searchTest } from './cell-test.ts'

/** What is looked for; the text in small letters. */
export interface Wanted {
  readonly search?: string
  readonly where?: readonly ColumnCondition[]
}

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
  const conditions = (wanted.where ?? []).map((condition) => conditionTest(byName.get(condition.column)!, condition))
  const search = wanted.search === undefined ? undefined : searchTests(table, wanted.search)
  file.groups.forEach(({ start, rows }, group) => {
    const passing = new Uint8Array(rows).fill(1)
    const left = conditions.every((test) => narrow(file, group, test, passing, step))
    const found = left && search ? anyOf(file, group, search, passing, step) : passing
    take(left ? placesOf(found, start) : new Uint32Array(0), group)
  })
}

/** Texts first: they are the quickest to look through, and what is typed is mostly found there. */
function searchTests({ columns }: Pick<Table, 'columns'>, text: string): readonly CellTest[] {
  return columns
    .map((column) => searchTest(column, text))
    .filter((test) => test !== undefined)
    .toSorted((a, b) => Number(b.column.type === 'text') - Number(a.column.type === 'text'))
}

/** Takes out the rows that fail; false when none is left. */
function narrow(file: ParquetFile, group: number, test: CellTest, passing: Uint8Array, step: () => void): boolean {
  const known = test.known(file.statistics(group, test.column), passing.length)
  if (known !== undefined) return known
  const holds = test.rows(file.readChunk(group, test.column))
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
