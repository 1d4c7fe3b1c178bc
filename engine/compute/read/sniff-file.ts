import { statSync } from 'node:fs'
import { type Column, ProblemError } from '#contract'
import { quickNumber } from './parse-cells.ts'
import type { CellFormat, Dialect, Encoding, NumberStyle, ReadOptions } from './reading.ts'
import { firstBytes, type SourceFile } from './resolve-files.ts'
import { RecordScanner } from './scan-records.ts'
import { sniffDialect } from './sniff-dialect.ts'
import { ColumnEvidence, chooseFormat, chooseStyle, forceFormat } from './sniff-types.ts'
import { decodeCell, encodeCell, headBytes, PieceDecoder, sniffEncoding } from './text-pieces.ts'

/** Files up to here are sampled whole; of larger ones the head and windows spread over the rest. */
const wholeBytes = 8 * 1_048_576
const headLimit = 4 * 1_048_576
const dialectChars = 262_144
const windows = 12
const windowBytes = 262_144
const sampledFiles = 8
const point = 46

/** Everything needed to read delimited files, decided once and used for the preview and the reading alike. */
export interface Sniffing {
  readonly encoding: Encoding
  readonly dialect: Dialect
  readonly style: NumberStyle
  readonly formats: readonly CellFormat[]
  readonly columns: readonly Column[]
  /** What could not be decided, in sentences. */
  readonly notes: readonly string[]
  /** Whether all cells were looked at. */
  readonly whole: boolean
}

function sampleText(file: SourceFile, bytes: Buffer, whole: boolean, encoding: Encoding): string {
  if (bytes.length === 0)
    throw new ProblemError({
      code: 'file-format',
      message: `${file.name} is empty.`,
      path: ['params', 'path'],
      fix: 'Choose a file with at least a header line',
    })
  const text = new PieceDecoder(encoding).decode(whole ? bytes : bytes.subarray(0, bytes.length - (bytes.length % 2)))
  if (!encoding.startsWith('utf-16') && text.slice(0, 4_096).includes('\0'))
    throw new ProblemError({
      code: 'file-format',
      message: `${file.name} is not a text file.`,
      path: ['params', 'path'],
      fix: 'Choose a CSV, TSV or Parquet file',
    })
  return text
}

/** Shows the cells of every record of the right width to the columns' evidence. */
function gather(
  text: string,
  whole: boolean,
  dialect: Dialect,
  skip: number,
  evidence: readonly ColumnEvidence[],
  missing: ReadonlySet<string>,
): void {
  let seen = 0
  const hidesNumbers = [...missing].some((spelling) => !Number.isNaN(quickNumber(spelling, 0, spelling.length, point)))
  new RecordScanner(dialect.delimiter, dialect.quote).scan(text, whole, (record) => {
    if (record.isBlank || seen++ < skip || record.fault !== '' || record.fields < evidence.length) return undefined
    if (record.fields > evidence.length + 1) return undefined
    for (let index = 0; index < evidence.length; index++) {
      const start = record.startOf(index)
      const end = record.endOf(index)
      if (start === end || (!hidesNumbers && evidence[index]!.seeAt(text, start, end))) continue
      const cell = record.field(index)
      if (!missing.has(cell)) evidence[index]!.see(cell)
    }
    return undefined
  })
}

/** Windows spread over the part of a plain file behind its head, each from its first line end on. */
function windowTexts(file: SourceFile, encoding: Encoding): string[] {
  if (file.packing !== 'none' || encoding.startsWith('utf-16')) return []
  const { size } = statSync(file.path)
  const texts: string[] = []
  for (let index = 0; index < windows; index++) {
    const position = Math.floor(headLimit + ((size - headLimit - windowBytes) * index) / (windows - 1))
    if (position < headLimit) continue
    const text = new PieceDecoder(encoding).decode(firstBytes(file.path, windowBytes, position))
    const start = text.indexOf('\n')
    if (start >= 0) texts.push(text.slice(start + 1))
  }
  return texts
}

function skipComments(text: string, lines: number): string {
  let at = 0
  for (let line = 0; line < lines; line++) at = text.indexOf('\n', at) + 1
  return text.slice(at)
}

async function readSample(file: SourceFile) {
  const probe = await headBytes(file, wholeBytes)
  return probe.whole ? probe : { bytes: probe.bytes.subarray(0, headLimit), whole: false }
}

function columnNames(dialect: Dialect): string[] {
  return dialect.names.map((name) => decodeCell(name) ?? Buffer.from(name, 'latin1').toString('utf8'))
}

function checkTypes(types: ReadOptions['types'], names: readonly string[], file: SourceFile): void {
  const unknown = Object.keys(types).filter((name) => !names.includes(name))
  if (unknown.length === 0) return
  throw new ProblemError({
    code: 'column-unknown',
    message: `${file.name} has no column ${unknown.map((name) => `"${name}"`).join(', ')}; types were chosen for ${unknown.length === 1 ? 'it' : 'them'}.`,
    path: ['params', 'types'],
    columns: unknown.slice(0, 20),
    fix: 'Remove the types of columns that the file does not have',
  })
}

async function sniff(files: readonly SourceFile[], options: ReadOptions): Promise<Sniffing> {
  const missing = new Set(options.missing.map(encodeCell))
  const first = files[0]!
  const sample = await readSample(first)
  const encoding = options.encoding === 'auto' ? sniffEncoding(sample.bytes, sample.whole) : options.encoding
  const text = sampleText(first, sample.bytes, sample.whole, encoding)
  const short = text.length <= dialectChars
  const dialect = sniffDialect(text.slice(0, dialectChars), short && sample.whole, options, missing)
  const evidence = dialect.names.map(() => new ColumnEvidence())
  const headerRows = dialect.header ? 1 : 0
  gather(skipComments(text, dialect.skippedLines), sample.whole, dialect, headerRows, evidence, missing)
  if (!sample.whole)
    for (const window of windowTexts(first, encoding)) gather(window, false, dialect, 0, evidence, missing)
  const others = files.slice(1)
  const step = Math.max(1, Math.ceil(others.length / sampledFiles))
  for (let index = 0; index < others.length; index += step) {
    const { bytes, whole } = await readSample(others[index]!)
    gather(sampleText(others[index]!, bytes, whole, encoding), whole, dialect, headerRows, evidence, missing)
  }
  const style = chooseStyle(evidence, dialect.delimiter, options)
  const names = columnNames(dialect)
  checkTypes(options.types, names, first)
  const notes: string[] = []
  const formats = names.map((name, index): CellFormat => {
    const forced = options.types[name]
    if (forced !== undefined) return forceFormat(forced, evidence[index]!, options)
    const { note, ...format } = chooseFormat(evidence[index]!, style, options)
    if (note !== undefined) notes.push(`${name}: ${note}, so it stays text; choose the order of dates to read it.`)
    return format
  })
  const columns = names.map((name, index): Column => ({ name, type: formats[index]!.type, nullable: true }))
  return { encoding, dialect, style, formats, columns, notes, whole: sample.whole && files.length === 1 }
}

const remembered = new Map<string, Promise<Sniffing>>()
const rememberedFiles = 32

/** Sniffs files once as long as they and the options stay as they are. */
export function sniffFiles(files: readonly SourceFile[], options: ReadOptions): Promise<Sniffing> {
  const stamps = files.map((file) => {
    const { size, mtimeMs } = statSync(file.path)
    return [file.path, size, mtimeMs]
  })
  const key = JSON.stringify([stamps, { ...options, rows: 0 }])
  const known = remembered.get(key)
  if (known) return known
  const fresh = sniff(files, options)
  remembered.set(key, fresh)
  fresh.catch(() => remembered.delete(key))
  if (remembered.size > rememberedFiles) remembered.delete(remembered.keys().next().value!)
  return fresh
}
