import { z } from 'zod'
import { type Column, defineNode, type JsonValue, problemsOf, type Report } from '#contract'
import { formatInteger } from '#report/format-number'
import { readingReport } from './report.ts'

const missingSpellings = ['NA', 'N/A', 'n/a', 'NULL', 'null', 'NaN', 'nan', '#N/A', '?']

const rejectedColumns: readonly Column[] = [
  { name: 'file', type: 'text', nullable: false },
  { name: 'line', type: 'integer', nullable: false },
  { name: 'text', type: 'text', nullable: false },
  { name: 'reason', type: 'text', nullable: false },
]

const delimited = { format: ['auto', 'csv'] }

const params = z.object({
  path: z.string().default('').meta({
    title: 'File',
    description:
      'CSV, TSV or Parquet, also packed with gzip or zstd; * and ? name several files with the same columns.',
    widget: 'file',
    placeholder: 'loans.csv',
  }),
  format: z.enum(['auto', 'csv', 'parquet']).default('auto').meta({
    title: 'Format',
    description: 'Auto looks at the file’s first bytes.',
  }),
  delimiter: z.string().default('auto').meta({
    title: 'Delimiter',
    description: 'The character between cells; auto finds comma, semicolon, tab or bar. Write tab for a tab.',
    when: delimited,
  }),
  header: z.enum(['auto', 'yes', 'no']).default('auto').meta({
    title: 'Header',
    description: 'Whether the first line names the columns; without names they are column1, column2 and so on.',
    when: delimited,
  }),
  encoding: z.enum(['auto', 'utf-8', 'latin-1', 'utf-16le', 'utf-16be']).default('auto').meta({
    title: 'Encoding',
    description: 'How characters are stored.',
    when: delimited,
    advanced: true,
  }),
  quote: z.string().default('auto').meta({
    title: 'Quote',
    description: 'The character around cells that hold delimiters; none when there is no such character.',
    when: delimited,
    advanced: true,
  }),
  decimal: z.enum(['auto', '.', ',']).default('auto').meta({
    title: 'Decimal mark',
    description: 'Auto takes the mark that makes most columns numbers.',
    when: delimited,
  }),
  thousands: z.enum(['auto', 'none', ',', '.', ' ', "'"]).default('auto').meta({
    title: 'Thousands mark',
    description: 'Accepted only between groups of three digits.',
    when: delimited,
    advanced: true,
  }),
  dates: z.enum(['auto', 'year-first', 'day-first', 'month-first', 'off']).default('auto').meta({
    title: 'Order of dates',
    description: 'A column whose day and month can not be told apart stays text under auto.',
    when: delimited,
    advanced: true,
  }),
  missing: z.array(z.string()).default(missingSpellings).meta({
    title: 'Missing values',
    description: 'Spellings that mean no value; an empty cell always does.',
    when: delimited,
    advanced: true,
  }),
  types: z
    .array(
      z.object({
        column: z.string().meta({ title: 'Column', description: 'Its name in the file.' }),
        type: z.enum(['boolean', 'integer', 'number', 'text', 'date', 'image']).meta({
          title: 'Type',
          description: 'What its cells are read as.',
        }),
      }),
    )
    .default([])
    .meta({
      title: 'Types',
      description: 'Columns to read as another type than the one found.',
      widget: 'rows',
    }),
  rows: z.int().min(0).max(4_000_000_000).default(0).meta({
    title: 'Row limit',
    description: 'Reads only the first rows; 0 reads all.',
    unit: 'rows',
    advanced: true,
  }),
})

/** The options as the reader takes them. */
function optionsOf(given: z.output<typeof params>): Readonly<Record<string, JsonValue>> {
  const { path: _, ...options } = given
  return options
}

export default defineNode({
  type: 'data/read-file',
  version: 1,
  title: 'Read file',
  doc: `Reads a CSV, TSV or Parquet file into a table. Everything about a CSV file is found from its content and can be set by hand: delimiter, quote, encoding, header, decimal and thousands marks, missing spellings, the order of dates, the type of each column.

Types are decided before the run from the file's head (all of it up to 8 MB, else its head and windows spread over the rest), so that the steps behind know the columns at once. Lines that do not fit are never dropped silently: they leave by the port **rejected** with file, line, text and reason. Blanks around cells don't count. Codes with leading zeros and whole numbers beyond 2⁵³ stay text; repeated and blank headers get names of their own; times without a zone count as UTC. CSV after RFC 4180, numbers after Clinger (*How to Read Floating Point Numbers Accurately*, 1990); Parquet through DuckDB.`,
  keywords: ['csv', 'tsv', 'parquet', 'import', 'load', 'open', 'delimiter', 'encoding', 'gzip'],
  inputs: {},
  outputs: {
    table: { type: 'table', doc: 'The rows that could be read.' },
    rejected: { type: 'table', doc: 'Lines that could not be read: file, line, text and reason.' },
    reading: { type: 'report', doc: 'How the file was read, and the first rejected lines.' },
  },
  params,
  async infer({ params: given, context }) {
    try {
      const { columns, rows } = await context.peek(given.path, optionsOf(given))
      return {
        table: rows === undefined ? { columns } : { columns, rows },
        rejected: { columns: rejectedColumns },
        reading: {},
      }
    } catch (error) {
      return problemsOf(error)
    }
  },
  sources: ({ path }) => (path === '' ? [] : [path]),
  async run({ params: given, context }) {
    context.progress(0, 'reading')
    const { table, rejected, reading } = await context.tables.ingest(given.path, optionsOf(given))
    context.progress(0.9)
    const lines =
      rejected.rows === 0 ? [] : await context.tables.rows('SELECT * FROM r ORDER BY __row LIMIT 20', { r: rejected })
    if (rejected.rows > 0) context.log(`${rejected.rows} lines could not be read`, 'warning')
    const report: Report = readingReport(given.path, table, rejected, reading, lines)
    context.progress(1)
    return { table, rejected, reading: report }
  },
  card({ outputs }) {
    const { table, rejected, reading } = outputs
    const lost = rejected.rows === 0 ? '' : ` · ${formatInteger(rejected.rows)} rejected`
    const rows = table.rows === 1 ? 'row' : 'rows'
    const text = `**${formatInteger(table.rows)}** ${rows} × ${table.columns.length} · ${reading.subtitle}${lost}`
    return rejected.rows === 0 ? { text } : { text, tone: 'stale' }
  },
  report: async ({ outputs }) => outputs.reading.blocks,
})
