import type { Column, SelectionCounts, SelectionQuery, Table } from '#contract'
import { barConditions, missingSql, predicateSql } from '#ml/choose/predicate-sql'
import type { BlobFiles } from './blob-files.ts'
import type { DuckSession } from './duckdb-session.ts'
import { createViews } from './query-table.ts'
import { unknownColumn } from './read-frame.ts'

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
