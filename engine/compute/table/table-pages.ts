import { statSync } from 'node:fs'
import {
  type Column,
  type ColumnSummary,
  columnsOfCondition,
  isOfCells,
  type Table,
  type TablePage,
  type TableQuery,
} from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { type BlobFiles, checkedPath, damagedBlob, isChecked, noteChecked } from '../blob-files.ts'
import { openParquet } from '../parquet/read-parquet.ts'
import { unknownColumn } from '../read-frame.ts'
import { CellReader } from './cell-reader.ts'
import { createOpenFiles } from './open-files.ts'
import { createRowLists, type RowList } from './row-lists.ts'
import { createTableThread } from './start-thread.ts'
import type { FindJob } from './table-jobs.ts'

/**
 * Rows of stored tables for a viewer. A page in the table's own order reads the column chunks it lies in and nothing else, how
 * many rows there are stands in the table's value. Searching, sorting and summaries have threads of their own.
 */
export interface TablePages {
  /** `places` are the rows that conditions name by their place, in order. */
  page(query: TableQuery, table: Table, places?: Uint32Array): Promise<TablePage>
  /** Where the rows of a page stand in the table, whatever their number; undefined where it is in the table's own order. */
  numbers(query: TableQuery, table: Table, places?: Uint32Array): Promise<Uint32Array | undefined>
  summarize(table: Table, asked?: SummaryQuery): Promise<ColumnSummary[]>
  close(): void
}
export interface SummaryQuery {
  readonly columns?: readonly string[]
  readonly sample?: boolean
}

const pageLimit = 1_000
/** Bytes of unpacked chunks that are kept. */
const keptBytes = 96 << 20
/** A viewer hears within this time how far a search is. */
const patienceMs = 120
/** Files up to this size are compared with their name before the first page, larger ones while it is shown. */
const checkedAtOnceBytes = 32 << 20
const checkDelayMs = 1_500

export function createTablePages({
  blobs,
  atOnceBytes = checkedAtOnceBytes,
}: {
  readonly blobs: BlobFiles
  readonly atOnceBytes?: number
}): TablePages {
  const reader = new CellReader(keptBytes)
  const files = createOpenFiles(openParquet)
  const [finding, reading, summing] = [createTableThread(), createTableThread(), createTableThread()]
  const lists = createRowLists(finding)
  const summaries = new Map<string, Promise<ColumnSummary>>()
  const pathOf = createSoonChecked(blobs, atOnceBytes)

  async function chosenPage(
    query: TableQuery,
    table: Table,
    columns: readonly Column[],
    places: Uint32Array | undefined,
  ): Promise<TablePage> {
    const { offset, limit, view, search, where } = query
    const path = pathOf(table)
    const list = lists.of(listKey(query, table), () => findJob(query, table, path, places), view)
    const counted = search || (where && where.length > 0)
    const rowsNeeded = counted && view === undefined ? Number.POSITIVE_INFINITY : Math.min(offset + limit, table.rows)
    await list.until(rowsNeeded, view === undefined ? undefined : patienceMs)
    const rows = list.rows(offset, limit)
    const cells = rows.length === 0 ? [] : await reading.ask({ kind: 'cells', path, columns, rows })
    return { columns, offset, rows: cells, numbers: [...rows], ...standing(list, query, table) }
  }

  function summarizeOne(table: Table, column: Column, sample: boolean): Promise<ColumnSummary> {
    const key = `${table.data} ${column.type} ${column.name}`
    const exact = summaries.get(`${key} exact`)
    const known = exact ?? (sample ? summaries.get(`${key} sample`) : undefined)
    if (known) return known
    const place = `${key} ${sample ? 'sample' : 'exact'}`
    const asked = summing.ask({ kind: 'summary', path: pathOf(table), column, sample })
    if (!sample) asked.then(() => summaries.set(place, asked)).catch(() => {})
    else summaries.set(place, asked)
    asked.catch(() => summaries.delete(place))
    return asked
  }

  return {
    async page(asked, table, places) {
      const limit = Math.max(0, Math.min(pageLimit, Math.floor(asked.limit)))
      const query = { ...asked, limit, offset: Math.max(0, Math.floor(asked.offset)) }
      const named = [...(query.sort ? [query.sort.column] : []), ...(query.where ?? []).flatMap(columnsOfCondition)]
      for (const column of named) columnOf(table, column)
      const columns = columnsOf(table, query.columns)
      if (isChosen(query)) return chosenPage(query, table, columns, places)
      const path = pathOf(table)
      const { offset } = query
      const rows = Array.from({ length: Math.max(0, Math.min(limit, table.rows - offset)) }, (_, row) => offset + row)
      return { columns, total: table.rows, offset, rows: reader.read(files.open(path), path, columns, rows) }
    },
    async numbers(query, table, places) {
      if (!isChosen(query)) return undefined
      const list = lists.of(listKey(query, table), () => findJob(query, table, pathOf(table), places))
      await list.until(query.offset + query.limit)
      return list.rows(query.offset, query.limit)
    },
    summarize(table, { columns, sample = false } = {}) {
      const asked = columns ? columns.map((name) => columnOf(table, name)) : table.columns
      return Promise.all(asked.map((column) => summarizeOne(table, column, sample)))
    },
    close() {
      lists.close()
      files.close()
      for (const thread of [finding, reading, summing]) thread.close()
    },
  }
}

/** Whether other rows are asked for than the table's in their own order. */
function isChosen({ sort, search, where = [] }: TableQuery): boolean {
  return sort !== undefined || Boolean(search) || where.length > 0
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((one) => one.name === name)
  if (!column) throw unknownColumn(name, table)
  return column
}

function columnsOf(table: Table, asked: TableQuery['columns']): readonly Column[] {
  return asked ? table.columns.slice(Math.max(0, Math.floor(asked[0])), Math.floor(asked[1]) + 1) : table.columns
}

function listKey({ sort, search, where }: TableQuery, table: Table): string {
  return canonicalJson({ data: table.data, sort, search, where })
}

function findJob(
  { sort, search, where = [] }: TableQuery,
  table: Table,
  path: string,
  places: Uint32Array | undefined,
): FindJob {
  const cells = where.filter(isOfCells)
  const wanted = {
    ...(search && { search: search.toLowerCase() }),
    ...(cells.length > 0 && { where: cells }),
    ...(places && { places }),
  }
  return {
    kind: 'find',
    path,
    columns: table.columns,
    ...(Object.keys(wanted).length > 0 && { wanted }),
    ...(sort && { sort: { column: columnOf(table, sort.column), descending: sort.descending } }),
  }
}

function standing({ found, looking }: RowList, { search, where = [] }: TableQuery, table: Table) {
  return { total: search || where.length > 0 ? found : table.rows, ...(looking !== undefined && { looking }) }
}

/**
 * Paths of tables whose bytes have been compared with their name, or soon will be: reading gigabytes first would keep the
 * first page for seconds. A table found damaged is refused from then on.
 */
function createSoonChecked(blobs: BlobFiles, atOnceBytes: number): (table: Table) => string {
  const checking = new Set<string>()
  const damaged = new Set<string>()
  return ({ data }) => {
    const path = blobs.path(data)
    if (damaged.has(path)) throw damagedBlob(data)
    if (isChecked(path) || checking.has(path)) return path
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size <= atOnceBytes) return checkedPath(blobs, data)
    checking.add(path)
    setTimeout(() => {
      const thread = createTableThread()
      thread
        .ask({ kind: 'check', path, hash: data })
        .then((sound) => (sound ? noteChecked(path) : damaged.add(path)))
        .catch(() => checking.delete(path))
        .finally(() => thread.close())
    }, checkDelayMs).unref()
    return path
  }
}
