import type { Column } from '#contract'
import { decodeHybrid } from './bit-pack.ts'
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
  /** -1 where it is missing. */
  code(row: number): number
  level(code: number): string
  at(row: number): string | null
}

interface Places {
  /** Where the values begin in the page. */
  readonly start: number
  readonly count: number
  /** Place of a row's value among those that are there, or -1; undefined where every row has one. */
  readonly of: Int32Array | undefined
}

function placesOf(page: Page): Places {
  const start = 4 + page.plain.readUInt32LE(0)
  const present = decodeHybrid(page.plain, 4, 1, page.values)
  let count = 0
  for (let row = 0; row < present.length; row++) present[row] = present[row] === 1 ? count++ : -1
  return { start, count, of: count === present.length ? undefined : present }
}

/** Of a page with plain numbers. */
export function numberChunk(column: Column, page: Page): NumberChunk {
  const { plain, values: rows } = page
  const places = placesOf(page)
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
    bytes: plain.length + (places.of?.byteLength ?? 0),
    at(row) {
      const place = places.of ? places.of[row]! : row
      return place < 0 ? Number.NaN : decode(place)
    },
  }
}

/** Of a dictionary and a page of codes into it. */
export function textChunk(dictionary: Page, page: Page): TextChunk {
  const { plain, values: rows } = page
  const places = placesOf(page)
  const codes = decodeHybrid(plain, places.start + 1, plain[places.start]!, places.count)
  const starts = levelStarts(dictionary)
  const words = dictionary.plain
  const code = (row: number) => {
    const place = places.of ? places.of[row]! : row
    return place < 0 ? -1 : codes[place]!
  }
  const level = (of: number) => words.toString('utf8', starts[of]! + 4, starts[of + 1]!)
  return {
    kind: 'text',
    rows,
    bytes: words.length + codes.byteLength + starts.byteLength + (places.of?.byteLength ?? 0),
    levels: dictionary.values,
    code,
    level,
    at(row) {
      const found = code(row)
      return found < 0 ? null : level(found)
    },
  }
}

/** Where each level's length stands, and the end. */
function levelStarts({ plain, values }: Page): Uint32Array {
  const starts = new Uint32Array(values + 1)
  for (let index = 0; index < values; index++)
    starts[index + 1] = starts[index]! + 4 + plain.readUInt32LE(starts[index]!)
  return starts
}
