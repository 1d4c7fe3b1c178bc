import type { DuckDBResult } from '@duckdb/node-api'
import type { Column, JsonValue, Table } from '#contract'
import { type BlobFiles, checkedPath } from './blob-files.ts'
import { takeFrame } from './cell-builders.ts'
import { cellValue } from './cell-value.ts'
import { type DuckSession, quoteName, quoteText } from './duckdb-session.ts'
import { type ParquetWriter, rowGroupRows } from './parquet/write-parquet.ts'
import { builderFor, pushVector, type ResultColumn, resultColumns } from './result-columns.ts'
import { writeTable } from './write-frame.ts'

type Tables = Readonly<Record<string, Table>>

/** Each table as a view of its Parquet file with `__row`. */
export async function createViews(session: DuckSession, blobs: BlobFiles, tables: Tables): Promise<void> {
  for (const [name, table] of Object.entries(tables)) {
    const file = quoteText(checkedPath(blobs, table.data))
    await session.run(
      `CREATE OR REPLACE TEMP VIEW ${quoteName(name)} AS
       SELECT * EXCLUDE (file_row_number), file_row_number AS __row
       FROM read_parquet(${file}, file_row_number = true)`,
    )
  }
}

/** Roles (and the type image) stay with a column of the same name when all inputs that have it agree. */
export function carryRoles(columns: readonly Column[], tables: Readonly<Record<string, readonly Column[]>>): Column[] {
  return columns.map((column) => {
    const origins = Object.values(tables).flatMap((table) => table.filter((other) => other.name === column.name))
    const origin = origins[0]
    const agrees = origins.every((other) => other.role === origin?.role && other.type === origin?.type)
    if (!origin || !agrees) return column
    const type = origin.type === 'image' && column.type === 'text' ? 'image' : column.type
    if (type !== origin.type) return column
    const { role, image } = origin
    return { ...column, type, ...(role !== undefined && { role }), ...(image && { image }) }
  })
}

/** DuckDB adds floats and orders groups as its threads happen to finish: such queries run on one thread. */
async function settleThreads(session: DuckSession, sql: string, threads: number): Promise<void> {
  const plan = await session.query(`EXPLAIN (FORMAT JSON) ${sql}`, async (result) =>
    JSON.stringify(await result.getRowsJson()),
  )
  const one = /AGGREGATE|GROUP_BY|WINDOW|DISTINCT|JOIN|UNION|LIMIT|SAMPLE/i.test(plan)
  await session.run(`SET threads = ${one ? 1 : Math.max(1, threads)}`)
}

export async function writeResult(
  result: DuckDBResult,
  columns: readonly ResultColumn[],
  writer: ParquetWriter,
): Promise<void> {
  const described = columns.map(({ column }) => column)
  const builders = columns.map(builderFor)
  let held = 0
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (let from = 0; from < chunk.rowCount; ) {
      const to = Math.min(chunk.rowCount, from + rowGroupRows - held)
      for (const [index, { type, index: source }] of columns.entries())
        pushVector(builders[index]!, chunk, source, type, from, to)
      held += to - from
      from = to
      if (held < rowGroupRows) continue
      writer.writeGroup(takeFrame(described, builders))
      held = 0
    }
  }
  if (held > 0) writer.writeGroup(takeFrame(described, builders))
}

export interface QueryContext {
  /** A session whose queries reach these files and nothing else. */
  session(files: readonly string[]): Promise<DuckSession>
  readonly blobs: BlobFiles
  readonly temporary: string
  readonly threads: number
}

/** A session that reaches the tables alone, ready for the query. SQL may come from a pipeline that a stranger wrote. */
async function openTables(context: QueryContext, sql: string, tables: Tables): Promise<DuckSession> {
  const files = Object.values(tables).map((table) => checkedPath(context.blobs, table.data))
  const session = await context.session(files)
  await createViews(session, context.blobs, tables)
  await settleThreads(session, sql, context.threads)
  return session
}

/** A query over stored tables, written as a new table. */
export async function queryTable(context: QueryContext, sql: string, tables: Tables): Promise<Table> {
  const session = await openTables(context, sql, tables)
  return session.query(sql, (result) => {
    const columns = resultColumns(result)
    const inputs = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.columns]))
    const described = carryRoles(
      columns.map(({ column }) => column),
      inputs,
    )
    return writeTable(context.blobs, context.temporary, described, (writer) => writeResult(result, columns, writer))
  })
}

/** A query's few rows as JSON values: dates as ISO text, numbers that JSON can not hold as null. */
export async function queryRows(
  context: QueryContext,
  sql: string,
  tables: Tables,
): Promise<Readonly<Record<string, JsonValue>>[]> {
  const session = await openTables(context, sql, tables)
  return session.query(sql, readRows)
}

/** Rows of a result as objects keyed by column. */
export async function readRows(result: DuckDBResult): Promise<Readonly<Record<string, JsonValue>>[]> {
  const columns = resultColumns(result)
  const rows: Readonly<Record<string, JsonValue>>[] = []
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const cells = columns.map((column) => {
      const builder = builderFor(column)
      pushVector(builder, chunk, column.index, column.type, 0, chunk.rowCount)
      return { ...column.column, cells: builder.take() }
    })
    for (let row = 0; row < chunk.rowCount; row++)
      rows.push(Object.fromEntries(cells.map((column) => [column.name, cellValue(column, row)])))
  }
  return rows
}
