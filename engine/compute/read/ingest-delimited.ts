import { type Column, ProblemError, type Table } from '#contract'
import { NumberBuilder, TextBuilder, takeFrame } from '../cell-builders.ts'
import type { IngestContext } from '../ingest-file.ts'
import { type ParquetWriter, rowGroupRows } from '../parquet/write-parquet.ts'
import { writeTable } from '../write-frame.ts'
import { parseBoolean, parseDate, parseInteger, parseNumber, quickNumber } from './parse-cells.ts'
import type { CellFormat, NumberStyle, ReadOptions } from './reading.ts'
import type { SourceFile } from './resolve-files.ts'
import { RecordScanner } from './scan-records.ts'
import { type Sniffing, sniffFiles } from './sniff-file.ts'
import { decodeCell, encodeCell, textPieces } from './text-pieces.ts'

export const rejectedColumns: readonly Column[] = [
  { name: 'file', type: 'text', nullable: false },
  { name: 'line', type: 'integer', nullable: false },
  { name: 'text', type: 'text', nullable: false },
  { name: 'reason', type: 'text', nullable: false },
]

const rejectedTextLimit = 2_000

interface CellSink {
  readonly builder: NumberBuilder | TextBuilder
  /** Appends the field; false when it is not a cell of this column. */
  take(record: RecordScanner, field: number): boolean
  readonly wanted: string
}

function slowNumber(text: string, format: CellFormat, style: NumberStyle): number {
  if (format.type === 'integer') return parseInteger(text, style)
  if (format.type === 'number') return parseNumber(text, style)
  return format.type === 'boolean' ? parseBoolean(text) : parseDate(text, format.dateOrder ?? 'year-first')
}

function numberSink(format: CellFormat, style: NumberStyle, missing: ReadonlySet<string>): CellSink {
  const builder = new NumberBuilder()
  const decimal = format.type === 'integer' ? -1 : style.decimal.charCodeAt(0)
  const hidesNumbers = [...missing].some((spelling) => !Number.isNaN(slowNumber(spelling, format, style)))
  const isPlain = (format.type === 'integer' || format.type === 'number') && !hidesNumbers
  const wanted = { integer: 'a whole number', number: 'a number', boolean: 'true or false', date: 'a date' }
  return {
    builder,
    wanted: wanted[format.type as keyof typeof wanted],
    take(record, field) {
      const start = record.startOf(field)
      const end = record.endOf(field)
      let value = isPlain ? quickNumber(record.text, start, end, decimal) : Number.NaN
      if (Number.isNaN(value) && start !== end) {
        const text = record.field(field)
        value = missing.has(text) ? Number.NaN : slowNumber(text, format, style)
        if (Number.isNaN(value) && !missing.has(text)) return false
      }
      builder.push(value === 0 ? 0 : value)
      return true
    },
  }
}

function textSink(missing: ReadonlySet<string>): CellSink {
  const builder = new TextBuilder()
  let decoded = new Map<string, string | null | undefined>()
  const decode = (raw: string): string | null | undefined => {
    if (raw === '' || missing.has(raw)) return null
    if (decoded.size > 1_000_000) decoded = new Map()
    const text = decodeCell(raw)
    decoded.set(raw, text)
    return text
  }
  return {
    builder,
    wanted: 'text in this encoding',
    take(record, field) {
      const raw = record.field(field)
      const text = decoded.get(raw) ?? decode(raw)
      if (text === undefined) return false
      builder.push(text)
      return true
    },
  }
}

function readable(raw: string): string {
  return decodeCell(raw) ?? raw
}

class RejectedRows {
  readonly #builders = [new TextBuilder(), new NumberBuilder(), new TextBuilder(), new TextBuilder()] as const
  readonly #writer: ParquetWriter
  count = 0
  first = ''

  constructor(writer: ParquetWriter) {
    this.#writer = writer
  }

  add(file: string, line: number, raw: string, reason: string): void {
    const [files, lines, texts, reasons] = this.#builders
    if (this.count++ === 0) this.first = `line ${line}: ${reason}`
    files.push(file)
    lines.push(line)
    texts.push(readable(raw).slice(0, rejectedTextLimit))
    reasons.push(reason)
    if (files.length === rowGroupRows) this.flush()
  }

  flush(): void {
    if (this.#builders[0].length > 0) this.#writer.writeGroup(takeFrame(rejectedColumns, this.#builders))
  }
}

interface Target {
  readonly sniffing: Sniffing
  readonly sinks: readonly CellSink[]
  readonly writer: ParquetWriter
  readonly rejected: RejectedRows
  readonly limit: number
  /** The table's columns, and where lines are wanted the builder of the last one. */
  readonly columns: readonly Column[]
  readonly lines: NumberBuilder | undefined
  rows: number
}

/** Puts a record's cells into the columns, or takes them back and says why not. */
function takeRecord(record: RecordScanner, target: Target): string {
  const { sinks, sniffing } = target
  const width = sinks.length
  if (record.fault !== '') return record.fault
  const hasTail = record.fields === width + 1 && record.startOf(width) === record.endOf(width)
  if (record.fields !== width && !hasTail)
    return `${record.fields} ${record.fields === 1 ? 'cell' : 'cells'} where ${width} are expected`
  for (let index = 0; index < width; index++) {
    const sink = sinks[index]!
    if (sink.take(record, index)) continue
    for (let back = 0; back < index; back++) sinks[back]!.builder.drop()
    return `${sniffing.columns[index]!.name}: "${readable(record.field(index)).slice(0, 80)}" is not ${sink.wanted}`
  }
  return ''
}

function isEmptyRow(record: RecordScanner): boolean {
  if (record.fields < 2 || record.fault !== '') return false
  for (let index = 0; index < record.fields; index++)
    if (record.startOf(index) !== record.endOf(index) || record.isQuoted(index)) return false
  return true
}

function checkHeader(record: RecordScanner, file: SourceFile, sniffing: Sniffing, firstName: string): void {
  const { names } = sniffing.dialect
  const cells = Array.from({ length: record.fields }, (_, index) => record.field(index).trim())
  const differs = cells.findIndex((cell, index) => cell !== '' && !(names[index] ?? '').startsWith(cell))
  if (cells.length === names.length && differs < 0) return
  throw new ProblemError({
    code: 'file-format',
    message: `${file.name} has other columns than ${firstName}.`,
    path: ['params', 'path'],
    fix: 'Name only files with the same columns in the same order',
  })
}

function flush(target: Target): void {
  const builders = [...target.sinks.map((sink) => sink.builder), ...(target.lines ? [target.lines] : [])]
  if ((builders[0]?.length ?? 0) > 0) target.writer.writeGroup(takeFrame(target.columns, builders))
}

async function readOne(file: SourceFile, first: SourceFile, target: Target, context: IngestContext): Promise<void> {
  const { dialect, encoding } = target.sniffing
  const scanner = new RecordScanner(dialect.delimiter, dialect.quote)
  let headerDue = dialect.header
  let comments = dialect.skippedLines
  const onRecord = (record: RecordScanner): boolean => {
    if (comments > 0 && record.text[record.start] === '#') {
      comments--
      return true
    }
    if (record.isBlank) return true
    if (headerDue) {
      headerDue = false
      if (file !== first) checkHeader(record, file, target.sniffing, first.name)
      return true
    }
    if (target.limit > 0 && target.rows >= target.limit) return false
    const reason = isEmptyRow(record) ? 'all cells are empty' : takeRecord(record, target)
    if (reason !== '') target.rejected.add(file.name, record.line, record.recordText(), reason)
    else {
      target.lines?.push(record.line)
      if (++target.rows % rowGroupRows === 0) flush(target)
    }
    return true
  }
  const isFull = () => target.limit > 0 && target.rows >= target.limit
  let rest = ''
  for await (const piece of textPieces(file, encoding)) {
    context.throwIfCancelled()
    const text = rest + piece
    rest = text.slice(scanner.scan(text, false, onRecord))
    if (isFull()) return
  }
  scanner.scan(rest, true, onRecord)
}

/** Reads delimited files into a table; lines that can not be read become rows of a second one. */
export async function ingestDelimited(
  context: IngestContext,
  files: readonly SourceFile[],
  options: ReadOptions,
): Promise<{ readonly table: Table; readonly rejected: Table; readonly sniffing: Sniffing }> {
  const sniffing = await sniffFiles(files, options)
  const missing = new Set(options.missing.map(encodeCell))
  const { blobs, temporary } = context
  const lines = options.lines === '' ? undefined : new NumberBuilder()
  const columns: readonly Column[] = lines
    ? [...sniffing.columns, { name: options.lines, type: 'integer', nullable: false }]
    : sniffing.columns
  let table: Table | undefined
  const rejected = await writeTable(blobs, temporary, rejectedColumns, async (rejectedWriter) => {
    const rejects = new RejectedRows(rejectedWriter)
    table = await writeTable(blobs, temporary, columns, async (writer) => {
      const sinks = sniffing.formats.map((format) =>
        format.type === 'text' || format.type === 'image'
          ? textSink(missing)
          : numberSink(format, sniffing.style, missing),
      )
      const target: Target = {
        sniffing,
        sinks,
        writer,
        rejected: rejects,
        limit: options.rows,
        columns,
        lines,
        rows: 0,
      }
      for (const file of files) await readOne(file, files[0]!, target, context)
      flush(target)
      if (target.rows === 0 && rejects.count > 0) throw nothingFits(files[0]!, rejects)
    })
    rejects.flush()
  })
  return { table: table!, rejected, sniffing }
}

function nothingFits(file: SourceFile, rejects: RejectedRows): ProblemError {
  return new ProblemError({
    code: 'file-format',
    message: `None of the ${rejects.count} lines of ${file.name} could be read; ${rejects.first}.`,
    path: ['params', 'path'],
    fix: 'Set the delimiter, the quote or the types of the columns',
  })
}
