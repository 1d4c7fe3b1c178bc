import type { Column, ColumnBars, SelectionCounts, SelectionQuery, Table } from '#contract'
import { barSql, predicateSql } from '#ml/choose/predicate-sql'
import type { BlobFiles } from './blob-files.ts'
import type { DuckSession } from './duckdb-session.ts'
import { createViews } from './query-table.ts'
import { unknownColumn } from './read-frame.ts'

function columnOf(name: string, table: Table): Column {
  const column = table.columns.find((one) => one.name === name)
  if (!column) throw unknownColumn(name, table)
  return column
}

async function readRows(session: DuckSession, sql: string): Promise<readonly (readonly number[])[]> {
  return session.query(sql, async (result) => (await result.getRowsJS()).map((row) => row.map(Number)))
}

/** How the rows of the view `chosen` for which `holds` is true fall into bars over a column. */
async function countBars(session: DuckSession, holds: string, bars: ColumnBars, column: Column) {
  const { cell, bar } = barSql(bars, column)
  const sql = `SELECT bar, count(*) FROM (SELECT ${bar} AS bar FROM (SELECT ${cell} AS v FROM chosen WHERE ${holds}))
    WHERE bar IS NOT NULL GROUP BY bar`
  const found = new Map((await readRows(session, sql)).map(([at, count]) => [at!, count!]))
  const length = bars.edges ? Math.max(0, bars.edges.length - 1) : (bars.values?.length ?? 0)
  const counts = Array.from({ length }, (_, at) => found.get(at) ?? 0)
  return { column: column.name, counts, missing: found.get(-1) ?? 0 }
}

/** Counts the rows that a predicate chooses, and how they fall into bars; each column is passed over once. */
export async function countSelected(
  session: DuckSession,
  blobs: BlobFiles,
  { where, bars }: Pick<SelectionQuery, 'where' | 'bars'>,
  table: Table,
): Promise<SelectionCounts> {
  for (const { column } of where) columnOf(column, table)
  const asked = bars.map((one) => ({ bars: one, column: columnOf(one.column, table) }))
  await createViews(session, blobs, { chosen: table })
  const holds = predicateSql(where, table.columns)
  const [selected] = await readRows(session, `SELECT count(*) FROM chosen WHERE ${holds}`)
  const counted: SelectionCounts['bars'][number][] = []
  for (const one of asked) counted.push(await countBars(session, holds, one.bars, one.column))
  return { selected: selected![0]!, rows: table.rows, bars: counted }
}
