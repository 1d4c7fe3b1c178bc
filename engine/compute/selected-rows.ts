import type { Column, SelectionCounts, SelectionQuery, Table, TablePage, TableQuery } from '#contract'
import { barConditions, missingSql, predicateSql } from '#ml/choose/predicate-sql'
import type { BlobFiles } from './blob-files.ts'
import type { DuckSession } from './duckdb-session.ts'
import { createViews } from './query-table.ts'
import { unknownColumn } from './read-frame.ts'
import { orderSql, readCells, searchSql } from './table-pages.ts'

const pageLimit = 1_000

function columnOf(name: string, table: Table): Column {
  const column = table.columns.find((one) => one.name === name)
  if (!column) throw unknownColumn(name, table)
  return column
}

async function firstRow(session: DuckSession, sql: string): Promise<number[]> {
  return session.query(sql, async (result) => (await result.getRowsJS())[0]!.map(Number))
}

/** Counts the rows that a predicate chooses, and how they fall into bars, in one pass over the columns concerned. */
export async function countSelected(
  session: DuckSession,
  blobs: BlobFiles,
  { where, bars }: Pick<SelectionQuery, 'where' | 'bars'>,
  table: Table,
): Promise<SelectionCounts> {
  for (const { column } of where) columnOf(column, table)
  const asked = bars.map((bar) => {
    const column = columnOf(bar.column, table)
    return { column: column.name, conditions: [missingSql(column), ...barConditions(bar, column)] }
  })
  const counts = asked.flatMap(({ conditions }) => conditions.map((condition) => `count(*) FILTER (${condition})`))
  await createViews(session, blobs, { chosen: table })
  const sql = `SELECT ${['count(*)', ...counts].join(', ')} FROM chosen WHERE ${predicateSql(where, table.columns)}`
  const [selected = 0, ...found] = await firstRow(session, sql)
  let at = 0
  return {
    selected,
    rows: table.rows,
    bars: asked.map(({ column, conditions }) => {
      const [missing = 0, ...inBars] = found.slice(at, at + conditions.length)
      at += conditions.length
      return { column, counts: inBars, missing }
    }),
  }
}

/** A page of the rows that a predicate chooses, sorted and searched like any other. */
export async function selectedPage(
  session: DuckSession,
  blobs: BlobFiles,
  asked: TableQuery,
  table: Table,
): Promise<TablePage> {
  const { where = [], sort, search } = asked
  for (const column of [...where.map((condition) => condition.column), ...(sort ? [sort.column] : [])])
    columnOf(column, table)
  const limit = Math.max(0, Math.min(pageLimit, Math.floor(asked.limit)))
  const offset = Math.max(0, Math.floor(asked.offset))
  await createViews(session, blobs, { chosen: table })
  const holds = `(${predicateSql(where, table.columns)})${search ? ` AND (${searchSql(table.columns, search)})` : ''}`
  const sql = `SELECT *, __row AS __place FROM chosen WHERE ${holds} ${orderSql(sort)} LIMIT ${limit} OFFSET ${offset}`
  const found = await session.query(sql, (result) => readCells(result, table))
  const [total = 0] = await firstRow(session, `SELECT count(*) FROM chosen WHERE ${holds}`)
  return { columns: table.columns, offset, total, ...found }
}
