import type { DuckDBResult } from '@duckdb/node-api'
import { type Column, type ColumnType, ProblemError, type Table } from '#contract'
import { type DuckSession, quoteName, quoteText } from '../duckdb-session.ts'
import type { IngestContext } from '../ingest-file.ts'
import { readRows, writeResult } from '../query-table.ts'
import { resultColumns } from '../result-columns.ts'
import { writeTable } from '../write-frame.ts'
import type { ReadOptions } from './reading.ts'
import type { SourceFile } from './resolve-files.ts'

const casts: Readonly<Record<ColumnType, string>> = {
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  number: 'DOUBLE',
  text: 'VARCHAR',
  image: 'VARCHAR',
  date: 'TIMESTAMP',
}

const fileList = (files: readonly SourceFile[]) => `[${files.map((file) => quoteText(file.path)).join(', ')}]`

/** Columns whose footers name whole numbers beyond 2^53. */
async function largeIntegers(session: DuckSession, files: readonly SourceFile[]): Promise<Set<string>> {
  const sql = `SELECT DISTINCT path_in_schema AS name FROM parquet_metadata(${fileList(files)})
    WHERE type = 'INT64' AND greatest(abs(try_cast(stats_max_value AS HUGEINT)), abs(try_cast(stats_min_value AS HUGEINT))) > 9007199254740991`
  const rows = await session.query(sql, readRows)
  return new Set(rows.map((row) => String(row['name'])))
}

/** The query that reads the files with the user's types; whole numbers beyond 2^53 become text. */
async function selectSql(session: DuckSession, files: readonly SourceFile[], options: ReadOptions): Promise<string> {
  const source = `read_parquet(${fileList(files)})`
  const found = await session.query(`SELECT * FROM ${source} LIMIT 0`, async (result) => resultColumns(result))
  const unknown = Object.keys(options.types).filter((name) => !found.some(({ column }) => column.name === name))
  if (unknown.length > 0)
    throw new ProblemError({
      code: 'column-unknown',
      message: `${files[0]!.name} has no column ${unknown.join(', ')}.`,
      path: ['params', 'types'],
      columns: unknown.slice(0, 20),
      fix: 'Remove the types of columns that the file does not have',
    })
  const large = await largeIntegers(session, files)
  const cells = found.map(({ column }) => {
    const wanted =
      options.types[column.name] ?? (large.has(column.name) && column.type === 'integer' ? 'text' : undefined)
    const name = quoteName(column.name)
    return wanted === undefined ? name : `CAST(${name} AS ${casts[wanted]}) AS ${name}`
  })
  return `SELECT ${cells.join(', ')} FROM ${source}${options.rows > 0 ? ` LIMIT ${Math.floor(options.rows)}` : ''}`
}

async function guarded<T>(files: readonly SourceFile[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'data-bad') throw error
    throw new ProblemError(
      {
        code: 'file-format',
        message: `${files[0]!.name} could not be read as Parquet: ${error.message.slice(0, 300)}`,
        path: ['params', 'path'],
        fix: 'Choose another file, or other types for its columns',
      },
      { cause: error },
    )
  }
}

function imageTypes(columns: readonly Column[], options: ReadOptions): Column[] {
  return columns.map((column) => (options.types[column.name] === 'image' ? { ...column, type: 'image' } : column))
}

export async function peekParquet(
  session: DuckSession,
  files: readonly SourceFile[],
  options: ReadOptions,
): Promise<{ readonly columns: readonly Column[]; readonly rows: number }> {
  return guarded(files, async () => {
    const sql = await selectSql(session, files, options)
    const columns = await session.query(`SELECT * FROM (${sql}) LIMIT 0`, async (result) =>
      resultColumns(result).map(({ column }) => column),
    )
    const [count] = await session.query(
      `SELECT sum(num_rows) AS rows FROM parquet_file_metadata(${fileList(files)})`,
      readRows,
    )
    const rows = Number(count?.['rows'] ?? 0)
    return { columns: imageTypes(columns, options), rows: options.rows > 0 ? Math.min(rows, options.rows) : rows }
  })
}

export async function ingestParquet(
  context: IngestContext,
  files: readonly SourceFile[],
  options: ReadOptions,
): Promise<Table> {
  const session = await context.session()
  return guarded(files, async () => {
    const sql = await selectSql(session, files, options)
    return session.query(sql, (result: DuckDBResult) => {
      const columns = resultColumns(result)
      const described = imageTypes(
        columns.map(({ column }) => column),
        options,
      )
      return writeTable(context.blobs, context.temporary, described, (writer) => writeResult(result, columns, writer))
    })
  })
}
