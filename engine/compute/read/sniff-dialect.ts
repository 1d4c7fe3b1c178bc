import { parseBoolean, parseDate, parseNumber, quickNumber } from './parse-cells.ts'
import type { Dialect, ReadOptions } from './reading.ts'
import { RecordScanner } from './scan-records.ts'

/** Finds delimiter, quote, comment lines and header of delimited text from its head. */
const candidates = [',', ';', '\t', '|'] as const
const point = 46
const nine = 57
const sampleRecords = 1_000
/** So many of them, the first included, tell whether there is a header. */
const headerRecords = 201

interface SampleRecord {
  readonly fields: number
  readonly fault: string
  /** Unquoted cells that hold another delimiter. */
  readonly suspicious: number
  /** Empty behind those that tell of a header. */
  readonly cells: readonly string[]
}

function cutSample(text: string, whole: boolean, delimiter: string, quote: string): SampleRecord[] {
  const others = candidates.filter((other) => other !== delimiter && other !== ',' && text.includes(other))
  const records: SampleRecord[] = []
  new RecordScanner(delimiter, quote).scan(text, whole, (record) => {
    if (record.isBlank) return true
    records.push({
      fields: record.fields,
      fault: record.fault,
      suspicious: others.length > 0 ? suspiciousCells(record, others) : 0,
      cells: records.length < headerRecords ? cellsOf(record) : [],
    })
    return records.length < sampleRecords
  })
  return records
}

function cellsOf(record: RecordScanner): string[] {
  return Array.from({ length: record.fields }, (_, index) => record.field(index))
}

function suspiciousCells(record: RecordScanner, others: readonly string[]): number {
  return cellsOf(record).filter(
    (cell, index) => !record.isQuoted(index) && others.some((other) => cell.includes(other)),
  ).length
}

function chooseQuote(text: string): string {
  if (text.includes('"') || !text.includes("'")) return '"'
  const single = text.match(/(^|[,;\t|\n])'[^'\n]*'(?=[,;\t|\r\n]|$)/g)
  return single && single.length >= 2 ? "'" : '"'
}

/** Comment lines in front: `#` and no more. */
function leadingComments(text: string): { readonly lines: number; readonly length: number } {
  let length = 0
  let lines = 0
  while (text[length] === '#') {
    const end = text.indexOf('\n', length)
    if (end < 0) break
    length = end + 1
    lines++
  }
  return { lines, length }
}

function expectedFields(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields, (counts.get(fields) ?? 0) + 1)
  const [mode, times] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])
  return times * 2 > records.length ? mode : (records[0]?.fields ?? 0)
}

/** Share of records with the expected number of fields, less for cells that hold another delimiter. */
function delimiterScore(records: readonly SampleRecord[]): number {
  const expected = expectedFields(records)
  if (expected < 2) return 0
  let fits = 0
  let cells = 0
  let suspicious = 0
  for (const record of records) {
    if (record.fault === '' && record.fields === expected) fits++
    cells += record.fields
    suspicious += record.suspicious
  }
  return (fits / records.length) * (1 - suspicious / cells)
}

interface CutSample {
  readonly delimiter: string
  readonly records: readonly SampleRecord[]
}

function chooseDelimiter(text: string, whole: boolean, quote: string): CutSample {
  let best: CutSample | undefined
  let highest = 0
  for (const delimiter of candidates) {
    const records = cutSample(text, whole, delimiter, quote)
    const score = delimiterScore(records)
    if (best && score <= highest) continue
    best = { delimiter, records }
    highest = score
    // Every record fits and no cell is suspicious: none of the others can do better.
    if (score === 1) break
  }
  return best!
}

/** The kind of a cell, as far as telling a header needs: codes with leading zeros look like numbers here. */
function cellKind(cell: string): 'number' | 'date' | 'boolean' | 'text' {
  const anyStyle = [
    { decimal: '.', thousands: ',' },
    { decimal: ',', thousands: '.' },
  ] as const
  if (!Number.isNaN(quickNumber(cell, 0, cell.length, point))) return 'number'
  // Numbers and dates begin with a digit, a sign or a mark.
  if (cell.charCodeAt(0) > nine) return Number.isNaN(parseBoolean(cell)) ? 'text' : 'boolean'
  if (/^[+-]?\d+$/.test(cell) || anyStyle.some((style) => !Number.isNaN(parseNumber(cell, style)))) return 'number'
  if (!Number.isNaN(parseBoolean(cell))) return 'boolean'
  const isDate = (['year-first', 'day-first', 'month-first'] as const).some(
    (order) => !Number.isNaN(parseDate(cell, order)),
  )
  return isDate ? 'date' : 'text'
}

/** One column's say: 1 the first cell is a name, -1 it is a value, 0 can not tell. */
function headerVote(first: string, rest: readonly string[]): number {
  if (first === '' || rest.length === 0) return 0
  const times = new Map<string, number>()
  for (const cell of rest) times.set(cell, (times.get(cell) ?? 0) + 1)
  const kinds = new Map<string, number>()
  for (const [cell, count] of times) {
    const kind = cellKind(cell)
    kinds.set(kind, (kinds.get(kind) ?? 0) + count)
  }
  const [kind, most] = [...kinds].reduce((best, entry) => (entry[1] > best[1] ? entry : best))
  if (kind === 'text' || most < rest.length * 0.8) return 0
  return cellKind(first) === kind ? -1 : 1
}

/** Typed columns decide; among texts the first record is data when one of its cells comes again below or stands twice. */
function looksLikeHeader(records: readonly SampleRecord[], missing: ReadonlySet<string>): boolean {
  const first = records[0]!.cells
  const rest = records.slice(1, headerRecords)
  const below = first.map((_, index) =>
    rest.map(({ cells }) => cells[index] ?? '').filter((cell) => cell !== '' && !missing.has(cell)),
  )
  const votes = first.map((cell, index) => (missing.has(cell) ? 0 : headerVote(cell, below[index]!)))
  const names = votes.filter((vote) => vote > 0).length
  const values = votes.filter((vote) => vote < 0).length
  if (names + values > 0) return names >= values
  const named = first.filter((cell) => cell !== '')
  if (rest.length === 0) return named.every((cell) => cellKind(cell) === 'text')
  return !first.some((cell, index) => cell !== '' && below[index]!.includes(cell))
}

/** Names that are there and differ by more than case (SQL ignores it): blanks become `column3`, a second `id` `id_2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const base = name.trim() || `column${index + 1}`
    let unique = base
    for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${base}_${number}`
    taken.add(unique.toLowerCase())
    return unique
  })
}

/** `text` is the head of the file with bytes as characters; `whole` says that it is all of it. */
export function sniffDialect(
  text: string,
  whole: boolean,
  options: Pick<ReadOptions, 'delimiter' | 'quote' | 'header'>,
  missing: ReadonlySet<string>,
): Dialect {
  const comments = leadingComments(text)
  const body = text.slice(comments.length)
  const quote = options.quote === 'auto' ? chooseQuote(body) : options.quote
  const { delimiter, records } =
    options.delimiter === 'auto'
      ? chooseDelimiter(body, whole, quote)
      : { delimiter: options.delimiter, records: cutSample(body, whole, options.delimiter, quote) }
  const width = expectedFields(records)
  const first = records[0]?.cells ?? []
  const header =
    records.length > 0 && (options.header === 'auto' ? looksLikeHeader(records, missing) : options.header === 'yes')
  // A header one short is R's: the row names in front have none.
  const given = header && first.length === width - 1 ? ['', ...first] : header ? first : []
  const names = uniqueNames(Array.from({ length: header ? given.length : width }, (_, index) => given[index] ?? ''))
  return { delimiter, quote, header, skippedLines: comments.lines, names }
}
