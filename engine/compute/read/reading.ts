import { type ColumnType, columnTypes, type JsonValue, ProblemError } from '#contract'

/** How a file is read: what the user said; `auto` is left to the sniffer. */
export interface ReadOptions {
  readonly format: 'auto' | 'csv' | 'parquet'
  readonly delimiter: string
  readonly quote: string
  readonly encoding: 'auto' | Encoding
  readonly header: 'auto' | 'yes' | 'no'
  readonly decimal: 'auto' | '.' | ','
  readonly thousands: 'auto' | 'none' | ',' | '.' | ' ' | "'"
  readonly dates: 'auto' | 'year-first' | 'day-first' | 'month-first' | 'off'
  /** Spellings of a missing cell; an empty one always is. */
  readonly missing: readonly string[]
  readonly types: Readonly<Record<string, ColumnType>>
  /** Most rows to read; 0 is all. */
  readonly rows: number
  /** Name of a column to be added that holds the line each row begins on; '' for none. */
  readonly lines: string
}

export const encodings = ['utf-8', 'latin-1', 'utf-16le', 'utf-16be'] as const
export type Encoding = (typeof encodings)[number]

export const defaultMissing = ['NA', 'N/A', 'n/a', 'NULL', 'null', 'NaN', 'nan', '#N/A', '?'] as const

/** What a delimited file turned out to be; the report shows it and every part can be overridden. */
export interface Dialect {
  readonly delimiter: string
  readonly quote: string
  readonly header: boolean
  /** Comment lines before the header. */
  readonly skippedLines: number
  readonly names: readonly string[]
}

export interface NumberStyle {
  readonly decimal: '.' | ','
  readonly thousands: 'none' | ',' | '.' | ' ' | "'"
}

export type DateOrder = 'year-first' | 'day-first' | 'month-first'

/** Type of a column of a delimited file, with what its cells need to be read. */
export interface CellFormat {
  readonly type: ColumnType
  readonly dateOrder?: DateOrder
}

const choices = {
  format: ['auto', 'csv', 'parquet'],
  encoding: ['auto', ...encodings],
  header: ['auto', 'yes', 'no'],
  decimal: ['auto', '.', ','],
  thousands: ['auto', 'none', ',', '.', ' ', "'"],
  dates: ['auto', 'year-first', 'day-first', 'month-first', 'off'],
} as const

function refuse(name: string, fix: string): never {
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The parameter ${name} has a value that reading files does not know.`,
    path: ['params', name],
    fix,
  })
}

function pick<K extends keyof typeof choices>(options: Readonly<Record<string, JsonValue>>, name: K) {
  const value = options[name] ?? 'auto'
  const known = choices[name] as readonly JsonValue[]
  if (!known.includes(value)) refuse(name, `Choose one of ${known.join(', ')}`)
  return value as (typeof choices)[K][number]
}

function typesOf(value: JsonValue | undefined): Record<string, ColumnType> {
  const pairs = Array.isArray(value)
    ? value.map((row) => [(row as { column: string }).column, (row as { type: string }).type] as const)
    : Object.entries((value ?? {}) as Record<string, string>)
  for (const [, type] of pairs)
    if (!(columnTypes as readonly string[]).includes(type)) refuse('types', `Choose one of ${columnTypes.join(', ')}`)
  return Object.fromEntries(pairs) as Record<string, ColumnType>
}

const namedDelimiters: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', space: ' ' }

/** Reads the options of a node's parameters; what is absent is sniffed. */
export function readOptions(options: Readonly<Record<string, JsonValue>>): ReadOptions {
  const delimiter = String(options['delimiter'] ?? 'auto') || 'auto'
  const quote = String(options['quote'] ?? 'auto') || 'auto'
  const named = namedDelimiters[delimiter] ?? delimiter
  if (named !== 'auto' && named.length !== 1) refuse('delimiter', 'Give a single character, or "tab"')
  if (quote !== 'auto' && quote !== 'none' && quote.length !== 1) refuse('quote', 'Give a single character, or "none"')
  const missing = options['missing']
  return {
    format: pick(options, 'format'),
    delimiter: named,
    quote,
    encoding: pick(options, 'encoding'),
    header: pick(options, 'header'),
    decimal: pick(options, 'decimal'),
    thousands: pick(options, 'thousands'),
    dates: pick(options, 'dates'),
    missing: Array.isArray(missing) ? missing.map(String) : defaultMissing,
    types: typesOf(options['types']),
    rows: Number(options['rows'] ?? 0),
    lines: String(options['lines'] ?? ''),
  }
}
