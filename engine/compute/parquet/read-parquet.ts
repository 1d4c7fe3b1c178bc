import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import type { Cells, Column, NumberCells, TextCells } from '#contract'
import { decodeHybrid } from './bit-pack.ts'
import { type ColumnChunk, levelAt, levelStarts, numberChunk, textChunk } from './column-chunk.ts'
import { decodeStruct, type ThriftStruct, type ThriftValue, textOf } from './thrift.ts'

/** Reads the Parquet files of `ParquetWriter`, whole columns or single row groups, without going through SQL. */
export interface ParquetFile {
  readonly rows: number
  readonly names: readonly string[]
  /** First row and rows of each row group. */
  readonly groups: readonly { readonly start: number; readonly rows: number }[]
  /** Cells of a column in one row group. Text levels are those of the group, sorted. */
  readGroup(group: number, column: Column): Cells
  /** The same unpacked but not decoded, for readers of few of its rows. */
  readChunk(group: number, column: Column): ColumnChunk
  /** What the footer says of a column in one row group; nothing else is read. */
  statistics(group: number, column: Column): ChunkStatistics
  /** Where a column chunk lies in the file, in bytes. */
  chunkPlace(group: number, column: Column): { readonly start: number; readonly length: number }
  close(): void
}

export interface ChunkStatistics {
  readonly missing: number
  /** Of numbers, integers and dates that have a value. */
  readonly min?: number
  readonly max?: number
}

const at = (struct: ThriftStruct, id: number) => struct.get(id)
const structAt = (struct: ThriftStruct, id: number) => struct.get(id) as ThriftStruct
const listAt = (struct: ThriftStruct, id: number) => (struct.get(id) ?? []) as readonly ThriftValue[]
const numberAt = (struct: ThriftStruct, id: number) => struct.get(id) as number

class DamagedParquet extends Error {}

function readBytes(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, position + filled)
    if (count === 0) throw new DamagedParquet('the file ends early')
    filled += count
  }
  return bytes
}

/** Column chunks lie in row groups in the footer; wide tables have tens of thousands, and each is read when it is needed. */
const chunkDepth = 2

function readFooter(descriptor: number, size: number): { bytes: Buffer; value: ThriftStruct } {
  const tail = readBytes(descriptor, Math.max(0, size - 8), Math.min(8, size))
  if (tail.length < 8 || tail.toString('latin1', 4) !== 'PAR1') throw new DamagedParquet('no Parquet footer')
  const length = tail.readUInt32LE(0)
  const bytes = readBytes(descriptor, size - 8 - length, length)
  return { bytes, value: decodeStruct(bytes, 0, chunkDepth).value }
}

export interface Page {
  readonly kind: number
  readonly values: number
  /** Its bytes, unpacked when they are first looked at. */
  readonly plain: Buffer
}

function readPages(bytes: Buffer): Page[] {
  const pages: Page[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const { value: header, end } = decodeStruct(bytes, offset)
    const compressed = numberAt(header, 3)
    const packed = bytes.subarray(end, end + compressed)
    const kind = numberAt(header, 1)
    const values = numberAt(structAt(header, kind === 2 ? 7 : 5), 1)
    const chunkSize = Math.max(64, numberAt(header, 2))
    let plain: Buffer | undefined
    pages.push({
      kind,
      values,
      get plain() {
        plain ??= zstdDecompressSync(packed, { chunkSize })
        return plain
      },
    })
    offset = end + compressed
  }
  return pages
}

function numbersOf(column: Column, page: Page): NumberCells {
  const { plain, values: rows } = page
  const levelBytes = plain.readUInt32LE(0)
  const present = decodeHybrid(plain, 4, 1, rows)
  const data = plain.subarray(4 + levelBytes)
  const values = new Float64Array(rows)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let next = 0
  for (let row = 0; row < rows; row++) {
    if (present[row] === 0) values[row] = Number.NaN
    else if (column.type === 'boolean') {
      values[row] = (data[next >> 3]! >> (next & 7)) & 1
      next++
    } else if (column.type === 'number') values[row] = view.getFloat64(8 * next++, true)
    else {
      values[row] = view.getUint32(8 * next, true) + view.getInt32(8 * next + 4, true) * 0x100000000
      next++
    }
  }
  return { kind: 'number', values }
}

function textsOf(dictionary: Page, page: Page): TextCells {
  const { plain, values: rows } = page
  const levelBytes = plain.readUInt32LE(0)
  const present = decodeHybrid(plain, 4, 1, rows)
  let count = 0
  for (let row = 0; row < rows; row++) count += present[row]!
  const start = 4 + levelBytes
  const dense = decodeHybrid(plain, start + 1, plain[start]!, count)
  const codes = new Int32Array(rows)
  let next = 0
  for (let row = 0; row < rows; row++) codes[row] = present[row] === 0 ? -1 : dense[next++]!
  const starts = levelStarts(dictionary)
  return {
    kind: 'text',
    codes,
    levels: Array.from({ length: dictionary.values }, (_, code) => levelAt(dictionary, starts, code)),
  }
}

function statisticsOf(metadata: ThriftStruct, column: Column): ChunkStatistics {
  const statistics = structAt(metadata, 12)
  const extreme = (id: number) => {
    const bytes = at(statistics, id) as Uint8Array | undefined
    if (!bytes) return undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return column.type === 'number' ? view.getFloat64(0, true) : Number(view.getBigInt64(0, true))
  }
  const [max, min] = [extreme(5), extreme(6)]
  return { missing: numberAt(statistics, 3), ...(min !== undefined && max !== undefined && { min, max }) }
}

/** Opens a file of `ParquetWriter`; throws when it is none. The caller closes it. */
export function openParquet(path: string): ParquetFile {
  const descriptor = openSync(path, 'r')
  const { bytes: footerBytes, value: footer } = readFooter(descriptor, statSync(path).size)
  const names = listAt(footer, 2)
    .slice(1)
    .map((element) => textOf(at(element as ThriftStruct, 4)))
  const place = new Map(names.map((name, index) => [name, index]))
  const rowGroups = listAt(footer, 4) as readonly ThriftStruct[]
  const groups: { start: number; rows: number }[] = []
  let start = 0
  for (const group of rowGroups) {
    groups.push({ start, rows: numberAt(group, 3) })
    start += numberAt(group, 3)
  }
  const chunkOf = (group: number, column: Column): ThriftStruct => {
    const offset = listAt(rowGroups[group]!, 1)[place.get(column.name) ?? -1] as number | undefined
    if (offset === undefined) throw new RangeError(`no column ${column.name}`)
    return decodeStruct(footerBytes, offset).value
  }
  const chunkPlace = (group: number, column: Column) => {
    const chunk = chunkOf(group, column)
    return { start: numberAt(chunk, 2), length: numberAt(structAt(chunk, 3), 7) }
  }
  const pagesOf = (group: number, column: Column): Page[] => {
    const { start, length } = chunkPlace(group, column)
    return readPages(readBytes(descriptor, start, length))
  }
  return {
    rows: numberAt(footer, 3),
    names,
    groups,
    readGroup(group, column) {
      const pages = pagesOf(group, column)
      return pages.length === 2 ? textsOf(pages[0]!, pages[1]!) : numbersOf(column, pages[0]!)
    },
    readChunk(group, column) {
      const { missing } = statisticsOf(structAt(chunkOf(group, column), 3), column)
      const pages = pagesOf(group, column)
      return pages.length === 2 ? textChunk(pages[0]!, pages[1]!, missing) : numberChunk(column, pages[0]!, missing)
    },
    chunkPlace,
    statistics: (group, column) => statisticsOf(structAt(chunkOf(group, column), 3), column),
    close: () => closeSync(descriptor),
  }
}
