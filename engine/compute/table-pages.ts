import type { DuckDBResult } from '@duckdb/node-api'
import type { Column, ColumnSummary, FrameColumn, Table, TablePage, TableQuery } from '#contract'
import { histogram } from '#ml/profile/histogram'
import { levelCounts } from '#ml/profile/level-counts'
import { distinctSorted } from '#ml/profile/profile-column'
import { type BlobFiles, checkedPath } from './blob-files.ts'
import { isTextual } from './cell-builders.ts'
import { cellValue, dateText } from './cell-value.ts'
import { type DuckSession, openSession, quoteName, quoteText } from './duckdb-session.ts'
import { openParquet, type ParquetFile } from './parquet/read-parquet.ts'
import { createViews } from './query-table.ts'
import { readFrame, unknownColumn } from './read-frame.ts'
import { builderFor, pushVector, resultColumns } from './result-columns.ts'

type Cell = string | number | boolean | null

/** Rows of stored tables for a viewer. A page in the table's own order reads its row groups and nothing else. */
export interface TablePages {
  page(query: TableQuery, table: Table): Promise<TablePage>
  summarize(table: Table): Promise<ColumnSummary[]>
  close(): void
}

const pageLimit = 1_000
const bars = 12
/** Row groups kept decoded, so that scrolling doesn't unpack the same group again and again. */
const keptGroups = 8

/** Decoded columns of the row groups that were looked at last. */
class GroupCache {
  readonly #kept = new Map<string, readonly FrameColumn[]>()

  read(file: ParquetFile, table: Table, group: number): readonly FrameColumn[] {
    const key = `${table.data} ${group}`
    const known = this.#kept.get(key)
    const columns = known ?? table.columns.map((column) => ({ ...column, cells: file.readGroup(group, column) }))
    this.#kept.delete(key)
    this.#kept.set(key, columns)
    if (this.#kept.size > keptGroups) this.#kept.delete(this.#kept.keys().next().value!)
    return columns
  }
}

function readRange(cache: GroupCache, path: string, table: Table, offset: number, limit: number): Cell[][] {
  const file = openParquet(path)
  try {
    const rows: Cell[][] = []
    file.groups.forEach(({ start, rows: size }, group) => {
      if (start + size <= offset || start >= offset + limit) return
      const columns = cache.read(file, table, group)
      const to = Math.min(size, offset + limit - start)
      for (let row = Math.max(0, offset - start); row < to; row++)
        rows.push(columns.map((column) => cellValue(column, row)))
    })
    return rows
  } finally {
    file.close()
  }
}

/** A condition that holds where any cell, as the viewer shows it, contains the text in any case. */
export function searchSql(columns: readonly Column[], search: string): string {
  const wanted = quoteText(search.toLowerCase())
  const cells = columns.map((column) => {
    const name = quoteName(column.name)
    return `contains(lower(${isTextual(column) ? name : `CAST(${name} AS VARCHAR)`}), ${wanted})`
  })
  return cells.length === 0 ? 'false' : cells.map((cell) => `coalesce(${cell}, false)`).join(' OR ')
}

export function orderSql(sort: TableQuery['sort']): string {
  if (!sort) return 'ORDER BY __row'
  return `ORDER BY ${quoteName(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST, __row`
}

/** A sorted or searched page, and how many rows the search leaves. */
async function choosePage(session: DuckSession, query: TableQuery, table: Table) {
  const where = query.search ? `WHERE ${searchSql(table.columns, query.search)}` : ''
  const page = `LIMIT ${query.limit} OFFSET ${query.offset}`
  const found = await session.query(
    `SELECT *, __row AS __place FROM page ${where} ${orderSql(query.sort)} ${page}`,
    (result) => readCells(result, table),
  )
  if (!query.search) return { ...found, total: table.rows }
  const total = await session.query(`SELECT count(*) FROM page ${where}`, async (result) =>
    Number((await result.getRowsJS())[0]![0]),
  )
  return { ...found, total }
}

/** Cells of a result whose columns are the table's, in its order, and the numbers of its rows, which come last. */
export async function readCells(result: DuckDBResult, table: Table): Promise<{ rows: Cell[][]; numbers: number[] }> {
  const found = resultColumns(result)
  const builders = found.map(builderFor)
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
    for (const [index, column] of found.entries())
      pushVector(builders[index]!, chunk, column.index, column.type, 0, chunk.rowCount)
  const columns = table.columns.map((column, index) => ({ ...column, cells: builders[index]!.take() }))
  const places = builders[table.columns.length]!.take()
  const numbers = places.kind === 'number' ? [...places.values] : []
  return { rows: numbers.map((_, row) => columns.map((column) => cellValue(column, row))), numbers }
}

function summarizeNumbers(column: FrameColumn, values: Float64Array): ColumnSummary {
  const known = values.filter((value) => !Number.isNaN(value))
  const sorted = known.slice().sort()
  const { edges, counts } = histogram(known, bars)
  const label = (value: number) =>
    column.type === 'date' ? dateText(Math.round(value)).slice(0, 10) : shortNumber(value)
  const pairs = counts.map((count, bin) => ({ label: `${label(edges[bin]!)} – ${label(edges[bin + 1]!)}`, count }))
  const flags = () => {
    const yes = known.filter((value) => value !== 0).length
    return [
      { label: 'true', count: yes },
      { label: 'false', count: known.length - yes },
    ]
  }
  return {
    name: column.name,
    missing: values.length - known.length,
    distinct: distinctSorted(sorted),
    bars: column.type === 'boolean' && known.length > 0 ? flags() : pairs,
    ...(column.type !== 'boolean' && { edges }),
  }
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function summarizeColumn(column: FrameColumn): ColumnSummary {
  if (column.cells.kind === 'number') return summarizeNumbers(column, column.cells.values)
  const levels = levelCounts(column.cells)
  const known = levels.reduce((sum, { count }) => sum + count, 0)
  return {
    name: column.name,
    missing: column.cells.codes.length - known,
    distinct: levels.length,
    bars: levels.slice(0, bars).map(({ level, count }) => ({ label: level, count })),
  }
}

export function createTablePages(e: { blobs: BlobFiles; temporary: string }): TablePages {
  const cache = new GroupCache()
  let session: Promise<DuckSession> | undefined
  const openOnce = () => {
    session ??= openSession({ temporary: e.temporary, threads: 2, bytes: 1_073_741_824, cancelled: () => false })
    return session
  }
  /** Calls come one after the other, since they share one view and one connection. */
  let turn: Promise<unknown> = Promise.resolve()
  async function chosenPage(query: TableQuery, table: Table): Promise<TablePage> {
    const duck = await openOnce()
    await createViews(duck, e.blobs, { page: table })
    return { columns: table.columns, offset: query.offset, ...(await choosePage(duck, query, table)) }
  }
  return {
    async page(asked, table) {
      const limit = Math.max(0, Math.min(pageLimit, Math.floor(asked.limit)))
      const query = { ...asked, limit, offset: Math.max(0, Math.floor(asked.offset)) }
      const sorted = query.sort?.column
      if (sorted !== undefined && !table.columns.some(({ name }) => name === sorted)) throw unknownColumn(sorted, table)
      if (query.sort || query.search) {
        const result = turn.then(() => chosenPage(query, table))
        turn = result.catch(() => undefined)
        return result
      }
      const rows = readRange(cache, checkedPath(e.blobs, table.data), table, query.offset, limit)
      return { columns: table.columns, total: table.rows, offset: query.offset, rows }
    },
    async summarize(table) {
      const summaries: ColumnSummary[] = []
      for (const { name } of table.columns) {
        const { columns } = await readFrame(e.blobs, table, [name])
        summaries.push(summarizeColumn(columns[0]!))
      }
      return summaries
    },
    close() {
      void session?.then((duck) => duck.close())
    },
  }
}
