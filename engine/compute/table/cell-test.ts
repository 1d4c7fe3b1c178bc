import type { Column, ColumnCondition } from '#contract'
import type { ColumnChunk, TextChunk } from '../parquet/column-chunk.ts'
import type { ChunkStatistics } from '../parquet/read-parquet.ts'
import { canContain } from './cell-text.ts'
import { numberContains } from './number-contains.ts'

/** Tells which rows of a row group pass, reading a column's cells only where the footer leaves it open. */
export interface CellTest {
  readonly column: Column
  /** True or false where that is so for every row of the group. */
  known(statistics: ChunkStatistics, rows: number): boolean | undefined
  rows(chunk: ColumnChunk): (row: number) => boolean
}

/** Whether a cell contains the text; undefined where no cell of the column can. */
export function searchTest(column: Column, wanted: string): CellTest | undefined {
  if (!canContain(column, wanted)) return undefined
  const inNumber = numberContains(column, wanted)
  return {
    column,
    known: (statistics, rows) =>
      statistics.missing === rows || cannotHold(column, wanted, statistics) ? false : undefined,
    rows: (chunk) =>
      chunk.kind === 'text' && surelyWithout(chunk, wanted)
        ? never
        : byCell(chunk, inNumber, (text) => text.toLowerCase().includes(wanted), false),
  }
}

/** Letters that some letter beyond ASCII becomes when it is made small: the Kelvin sign, the I with a dot. */
const fromBeyond = /[ik]/
const beyondAscii = /[^\0-\x7f]/

/** Looks through a dictionary at once: where the bytes don't hold the text, no level does. */
function surelyWithout({ words }: TextChunk, wanted: string): boolean {
  if (beyondAscii.test(wanted)) return false
  const text = words.toString('latin1').toLowerCase()
  return !text.includes(wanted) && !(fromBeyond.test(wanted) && beyondAscii.test(text))
}

const yearZero = Date.UTC(1, 0, 1)
const year10000 = Date.UTC(10_000, 0, 1)

/** By the extremes of the group: whole numbers have fewer digits than the text, dates never more than four in a row. */
function cannotHold(column: Column, wanted: string, { min, max }: ChunkStatistics): boolean {
  if (min === undefined || max === undefined) return false
  if (column.type === 'date') return /\d{5}/.test(wanted) && min >= yearZero && max < year10000
  if (column.type !== 'integer' || !/^\d+$/.test(wanted)) return false
  return wanted.length > String(Math.max(Math.abs(min), Math.abs(max))).length
}

/** A test of numbers or of a dictionary's levels, asked by row. */
function byCell(
  chunk: ColumnChunk,
  ofNumber: (value: number) => boolean,
  ofText: (text: string) => boolean,
  ofMissing: boolean,
): (row: number) => boolean {
  if (chunk.kind === 'number')
    return (row) => {
      const value = chunk.at(row)
      return Number.isNaN(value) ? ofMissing : ofNumber(value)
    }
  const passing = Uint8Array.from({ length: chunk.levels }, (_, code) => (ofText(chunk.level(code)) ? 1 : 0))
  if (!ofMissing && !passing.includes(1)) return never
  return (row) => {
    const code = chunk.code(row)
    return code < 0 ? ofMissing : passing[code] === 1
  }
}

/** The test that no row passes; whoever sees it need not ask. */
export const never = (): boolean => false

/** Whether a cell meets a condition; missing is also an empty text and a number that is not finite. */
export function conditionTest(column: Column, condition: ColumnCondition): CellTest {
  const { range, values, missing = false } = condition
  const any = !range && !values && !missing
  const texts = new Set(values?.filter((value) => typeof value === 'string'))
  const numbers = new Set(values?.filter((value) => typeof value !== 'string').map(Number))
  const inRange = (value: number) =>
    range !== undefined && value >= range.from && (range.below ? value < range.to : value <= range.to)
  const ofNumber = (value: number) => (Number.isFinite(value) ? any || inRange(value) || numbers.has(value) : missing)
  const ofText = (text: string) => (text === '' ? missing : any || texts.has(text))
  return {
    column,
    known: (statistics, rows) => {
      if (statistics.missing === rows) return missing
      return range && !values && !missing && outside(range, statistics) ? false : undefined
    },
    rows: (chunk) => byCell(chunk, ofNumber, ofText, missing),
  }
}

function outside(range: { readonly from: number; readonly to: number }, { min, max }: ChunkStatistics): boolean {
  return min !== undefined && max !== undefined && (min > range.to || max < range.from)
}
