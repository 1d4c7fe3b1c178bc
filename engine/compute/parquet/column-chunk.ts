import type { Column } from '#contract'
import { viewHybrid } from './bit-pack.ts'
import type { Page } from './read-parquet.ts'

/** Cells of one column in one row group, each decoded when asked for. Rows count from 0 in the group. */
export type ColumnChunk = NumberChunk | TextChunk

interface Chunk {
  readonly rows: number
  /** Memory it holds, about. */
  readonly bytes: number
}
export interface NumberChunk extends Chunk {
  readonly kind: 'number'
  /** NaN where it is missing, as in `NumberCells`. */
  at(row: number): number
}
export interface TextChunk extends Chunk {
  readonly kind: 'text'
  readonly levels: number
  /** All levels one after the other in UTF-8, the length of each before it in four bytes. */
  readonly words: Buffer
  /** -1 where it is missing. */
  code(row: number): number
  level(code: number): string
  at(row: number): string | null
}

interface Places {
  /** Where the values begin in the page. */
  readonly start: number
  /** How many rows have a value. */
  readonly count: number
  /** Place of a row's value among those that are there, or -1; undefined where every row has one. */
  readonly of: ((row: number) => number) | undefined
}

/** Rows between two places that are remembered. */
const blockRows = 256

function placesOf({ plain, values: rows }: Page, missing: number): Places {
  const start = 4 + plain.readUInt32LE(0)
  if (missing === 0) return { start, count: rows, of: undefined }
  const present = viewHybrid(plain, 4, 1, rows)
  const before = new Uint32Array(Math.ceil(rows / blockRows) + 1)
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (row % blockRows === 0) before[row / blockRows] = count
    count += present(row)
  }
  // where the row asked for last lies, since rows are mostly asked for one after the other
  let lastRow = 0
  let lastPlace = 0
  return {
    start,
    count,
    of(row) {
      if (row < lastRow || row - lastRow > blockRows) {
        const block = Math.floor(row / blockRows)
        lastRow = block * blockRows
        lastPlace = before[block]!
      }
      for (; lastRow < row; lastRow++) lastPlace += present(lastRow)
      return present(row) === 0 ? -1 : lastPlace
    },
  }
}

/** Of a page with plain numbers; `missing` as the footer says. */
export function numberChunk(column: Column, page: Page, missing: number): NumberChunk {
  const { plain, values: rows } = page
  const places = placesOf(page, missing)
  const view = new DataView(plain.buffer, plain.byteOffset + places.start, plain.byteLength - places.start)
  const decode: (place: number) => number =
    column.type === 'boolean'
      ? (place) => (view.getUint8(place >> 3) >> (place & 7)) & 1
      : column.type === 'number'
        ? (place) => view.getFloat64(8 * place, true)
        : (place) => view.getUint32(8 * place, true) + view.getInt32(8 * place + 4, true) * 0x100000000
  return {
    kind: 'number',
    rows,
    bytes: plain.length,
    at(row) {
      const place = places.of ? places.of(row) : row
      return place < 0 ? Number.NaN : decode(place)
    },
  }
}

/** Of a dictionary and a page of codes into it, which is unpacked when the first code is asked for. */
export function textChunk(dictionary: Page, page: Page, missing: number): TextChunk {
  const words = dictionary.plain
  const starts = levelStarts(dictionary)
  let codeAt: ((row: number) => number) | undefined
  const code = (row: number) => {
    codeAt ??= codesOf(page, missing)
    return codeAt(row)
  }
  const level = (of: number) => levelAt(dictionary, starts, of)
  return {
    kind: 'text',
    rows: page.values,
    bytes: words.length + 2 * page.values + starts.byteLength,
    levels: dictionary.values,
    words,
    code,
    level,
    at(row) {
      const found = code(row)
      return found < 0 ? null : level(found)
    },
  }
}

function codesOf(page: Page, missing: number): (row: number) => number {
  const { plain } = page
  const places = placesOf(page, missing)
  const at = viewHybrid(plain, places.start + 1, plain[places.start]!, places.count)
  const { of } = places
  if (!of) return at
  return (row) => {
    const place = of(row)
    return place < 0 ? -1 : at(place)
  }
}

/** Where each level's length stands, and the end. */
export function levelStarts({ plain, values }: Page): Uint32Array {
  const starts = new Uint32Array(values + 1)
  for (let index = 0; index < values; index++)
    starts[index + 1] = starts[index]! + 4 + plain.readUInt32LE(starts[index]!)
  return starts
}

export function levelAt({ plain }: Page, starts: Uint32Array, code: number): string {
  return plain.toString('utf8', starts[code]! + 4, starts[code + 1]!)
}
