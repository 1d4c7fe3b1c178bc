import { closeSync, openSync, writeSync } from 'node:fs'
import { constants, zstdCompressSync } from 'node:zlib'
import { type Column, type Frame, type FrameColumn, type NumberCells, ProblemError, type TextCells } from '#contract'
import { bitWidth, encodePacked, encodeRun } from './bit-pack.ts'
import { encodeStruct, flag, i32, i64, list, struct, type ThriftField, text, binary as thriftBinary } from './thrift.ts'

/**
 * Writes Parquet files whose bytes depend on their cells alone: fixed row groups, one data page (version 1) a column
 * chunk, zstd, text through dictionaries sorted by code unit. https://parquet.apache.org/docs/file-format/
 */
export const rowGroupRows = 131_072

const physical = { boolean: 0, int64: 2, double: 5, bytes: 6 } as const
const encodings = { plain: 0, rle: 3, dictionary: 8 } as const
const zstdCodec = 6

/** A column chunk's place and figures in the file. */
interface Chunk {
  readonly column: Column
  readonly rows: number
  readonly start: number
  readonly dataStart: number
  readonly compressed: number
  readonly uncompressed: number
  readonly statistics: ThriftField
}

interface Page {
  readonly header: Uint8Array
  readonly body: Uint8Array
  readonly plainBytes: number
}

interface EncodedColumn {
  readonly pages: readonly Page[]
  readonly statistics: ThriftField
}

function physicalType(column: Column): number {
  if (column.type === 'boolean') return physical.boolean
  if (column.type === 'integer' || column.type === 'date') return physical.int64
  return column.type === 'number' ? physical.double : physical.bytes
}

/** Text is STRING; a date is a local TIMESTAMP in milliseconds, so that SQL sees it without a time zone. */
function logicalType(column: Column): ThriftField | undefined {
  if (column.type === 'text' || column.type === 'image') return struct({ 1: struct({}) })
  if (column.type === 'date') return struct({ 8: struct({ 1: flag(false), 2: struct({ 1: struct({}) }) }) })
  return undefined
}

function schemaElement(column: Column): ThriftField {
  const isText = column.type === 'text' || column.type === 'image'
  return struct({
    1: i32(physicalType(column)),
    3: i32(1),
    4: text(column.name),
    6: isText ? i32(0) : undefined,
    10: logicalType(column),
  })
}

/** The content check of a page: gzip's CRC would cost more than it finds, since every artifact is named by its hash. */
function makePage(type: 'data' | 'dictionary', plain: Uint8Array, values: number, encoding: number): Page {
  const body = zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })
  const header = encodeStruct({
    1: i32(type === 'data' ? 0 : 2),
    2: i32(plain.length),
    3: i32(body.length),
    5:
      type === 'data'
        ? struct({ 1: i32(values), 2: i32(encoding), 3: i32(encodings.rle), 4: i32(encodings.rle) })
        : undefined,
    7: type === 'dictionary' ? struct({ 1: i32(values), 2: i32(encodings.plain) }) : undefined,
  })
  return { header, body, plainBytes: plain.length }
}

/** Definition levels (0 missing, 1 present) with their length in front, then the values. */
function dataBytes(present: Uint8Array, missing: number, values: Uint8Array): Uint8Array {
  const levels = missing === 0 ? encodeRun(present.length, 1, 1) : encodePacked(present, 1)
  const out = new Uint8Array(4 + levels.length + values.length)
  new DataView(out.buffer).setUint32(0, levels.length, true)
  out.set(levels, 4)
  out.set(values, 4 + levels.length)
  return out
}

function eightBytes(column: Column, value: number): Uint8Array {
  const out = new Uint8Array(8)
  const view = new DataView(out.buffer)
  if (column.type === 'number') view.setFloat64(0, value, true)
  else view.setBigInt64(0, BigInt(value), true)
  return out
}

/** Null count, and the extremes that let a reader skip a row group; DuckDB counts -0 below 0, so zeros get both signs. */
function numberStatistics(column: Column, values: Float64Array, missing: number): ThriftField {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (column.type === 'boolean' || values.length === missing) return struct({ 3: i64(missing) })
  const isNumber = column.type === 'number'
  return struct({
    3: i64(missing),
    5: thriftBinary(eightBytes(column, isNumber && high === 0 ? 0 : high)),
    6: thriftBinary(eightBytes(column, isNumber && low === 0 ? -0 : low)),
  })
}

function plainNumbers(column: Column, values: Float64Array, count: number): Uint8Array {
  const dense = new Float64Array(count)
  let at = 0
  for (const value of values) if (!Number.isNaN(value)) dense[at++] = value
  if (column.type === 'boolean') return encodePacked(dense, 1).subarray(encodePackedHeader(count))
  if (column.type === 'number') return new Uint8Array(dense.buffer)
  const words = new Int32Array(count * 2)
  for (let index = 0; index < count; index++) {
    const value = dense[index]!
    if (!Number.isSafeInteger(value)) throw notWhole(column, value)
    words[index * 2] = value | 0
    words[index * 2 + 1] = Math.floor(value / 0x100000000)
  }
  return new Uint8Array(words.buffer)
}

function notWhole(column: Column, value: number): ProblemError {
  return new ProblemError({
    code: 'data-bad',
    message: Number.isInteger(value)
      ? `${column.name} holds ${value}; whole numbers beyond 2^53 are not exact.`
      : `${column.name} holds ${value}, which its type ${column.type} can not keep.`,
    fix: 'Make the column a number or a text in the step before',
    columns: [column.name],
  })
}

/** PLAIN booleans are the packed bits without the run's header. */
const encodePackedHeader = (count: number) => encodeRun(Math.ceil(count / 8), 0, 0).length

function encodeNumbers(column: Column, cells: NumberCells, from: number, to: number): EncodedColumn {
  const values = cells.values.subarray(from, to)
  const present = new Uint8Array(values.length)
  let missing = 0
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row]!)) missing++
    else present[row] = 1
  }
  const plain = dataBytes(present, missing, plainNumbers(column, values, values.length - missing))
  return {
    pages: [makePage('data', plain, values.length, encodings.plain)],
    statistics: numberStatistics(column, values, missing),
  }
}

/** The levels that occur, in order, and where each old code went. */
function usedLevels(cells: TextCells, codes: Int32Array): { readonly used: string[]; readonly local: Int32Array } {
  const local = new Int32Array(cells.levels.length).fill(-1)
  for (const code of codes) if (code >= 0) local[code] = 0
  const used: string[] = []
  for (let code = 0; code < local.length; code++) {
    if (local[code] !== 0) continue
    local[code] = used.length
    used.push(cells.levels[code]!)
  }
  return { used, local }
}

function plainTexts(levels: readonly string[]): Uint8Array {
  let size = 0
  for (const level of levels) size += 4 + Buffer.byteLength(level)
  const out = Buffer.alloc(size)
  let at = 0
  for (const level of levels) {
    const length = out.write(level, at + 4)
    out.writeUInt32LE(length, at)
    at += 4 + length
  }
  return out
}

function encodeTexts(cells: TextCells, from: number, to: number): EncodedColumn {
  const codes = cells.codes.subarray(from, to)
  const { used, local } = usedLevels(cells, codes)
  const present = new Uint8Array(codes.length)
  const dense = new Int32Array(codes.length)
  let count = 0
  for (let row = 0; row < codes.length; row++) {
    if (codes[row]! < 0) continue
    present[row] = 1
    dense[count++] = local[codes[row]!]!
  }
  const width = Math.max(1, bitWidth(used.length - 1))
  const packed = encodePacked(dense.subarray(0, count), width)
  const values = new Uint8Array(1 + packed.length)
  values[0] = width
  values.set(packed, 1)
  const missing = codes.length - count
  return {
    pages: [
      makePage('dictionary', plainTexts(used), used.length, encodings.plain),
      makePage('data', dataBytes(present, missing, values), codes.length, encodings.dictionary),
    ],
    statistics: struct({ 3: i64(missing) }),
  }
}

function columnMetadata(chunk: Chunk): ThriftField {
  const isText = physicalType(chunk.column) === physical.bytes
  return struct({
    1: i32(physicalType(chunk.column)),
    2: list(
      'i32',
      [encodings.rle, isText ? encodings.dictionary : encodings.plain].map((encoding) => i32(encoding)),
    ),
    3: list('binary', [text(chunk.column.name)]),
    4: i32(zstdCodec),
    5: i64(chunk.rows),
    6: i64(chunk.uncompressed),
    7: i64(chunk.compressed),
    9: i64(chunk.dataStart),
    11: isText ? i64(chunk.start) : undefined,
    12: chunk.statistics,
  })
}

function rowGroup(chunks: readonly Chunk[]): ThriftField {
  return struct({
    1: list(
      'struct',
      chunks.map((chunk) => struct({ 2: i64(chunk.start), 3: columnMetadata(chunk) })),
    ),
    2: i64(chunks.reduce((sum, chunk) => sum + chunk.uncompressed, 0)),
    3: i64(chunks[0]?.rows ?? 0),
  })
}

/** Takes frames of any length in order and cuts them into equal row groups only when each is a multiple of `rowGroupRows`. */
export class ParquetWriter {
  readonly #descriptor: number
  readonly #columns: readonly Column[]
  readonly #groups: Chunk[][] = []
  #position = 0
  #rows = 0

  constructor(file: string, columns: readonly Column[]) {
    this.#descriptor = openSync(file, 'w')
    this.#columns = columns
    this.#write(Buffer.from('PAR1'))
  }

  get rows(): number {
    return this.#rows
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at)
    this.#position += bytes.length
  }

  #writeColumn(column: FrameColumn, from: number, to: number): Chunk {
    const { cells } = column
    const encoded = cells.kind === 'text' ? encodeTexts(cells, from, to) : encodeNumbers(column, cells, from, to)
    const start = this.#position
    let dataStart = start
    let uncompressed = 0
    for (const page of encoded.pages) {
      dataStart = this.#position
      this.#write(page.header)
      this.#write(page.body)
      uncompressed += page.header.length + page.plainBytes
    }
    const compressed = this.#position - start
    return { column, rows: to - from, start, dataStart, compressed, uncompressed, statistics: encoded.statistics }
  }

  /** Appends rows [from, to) of the frame as one row group. */
  writeGroup(frame: Frame, from = 0, to = frame.rows): void {
    if (to === from) return
    this.#groups.push(frame.columns.map((column) => this.#writeColumn(column, from, to)))
    this.#rows += to - from
  }

  close(): void {
    const root = struct({ 4: text('schema'), 5: i32(this.#columns.length) })
    const footer = encodeStruct({
      1: i32(1),
      2: list('struct', [root, ...this.#columns.map(schemaElement)]),
      3: i64(this.#rows),
      4: list('struct', this.#groups.map(rowGroup)),
      6: text('plumbline version 1'),
    })
    this.#write(footer)
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(footer.length, 0)
    tail.write('PAR1', 4)
    this.#write(tail)
    closeSync(this.#descriptor)
  }

  /** Gives up: closes the file without a footer. */
  abandon(): void {
    closeSync(this.#descriptor)
  }
}
