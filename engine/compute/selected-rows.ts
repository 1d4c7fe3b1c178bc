import {
  besideRow,
  type Column,
  type ColumnBars,
  mostStretches,
  ProblemError,
  type RowPredicate,
  type SelectionCounts,
  type SelectionQuery,
  type Stretches,
  type Table,
} from '#contract'
import { barSql } from '#ml/choose/predicate-sql'
import type { BlobFiles } from './blob-files.ts'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { type Carried, predicateHolds } from './predicate-holds.ts'
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

/** How the rows of a view for which `holds` is true fall into bars over a column. */
async function countBars(
  session: DuckSession,
  from: { view: string; holds: string },
  bars: ColumnBars,
  column: Column,
) {
  const { cell, bar } = barSql(bars, column)
  const sql = `SELECT bar, count(*) FROM (SELECT ${bar} AS bar FROM (SELECT ${cell} AS v FROM ${from.view} WHERE ${from.holds}))
    WHERE bar IS NOT NULL GROUP BY bar`
  const found = new Map((await readRows(session, sql)).map(([at, count]) => [at!, count!]))
  const listed = bars.values?.length ?? bars.ranges?.length ?? 0
  const length = bars.edges ? Math.max(0, bars.edges.length - 1) : listed
  const counts = Array.from({ length }, (_, at) => found.get(at) ?? 0)
  return { column: column.name, counts, missing: found.get(-1) ?? 0 }
}

/** Counts the rows that a predicate chooses, and how they fall into bars; each column is passed over once. */
export async function countSelected(
  session: DuckSession,
  blobs: BlobFiles,
  { where, bars, beside }: Pick<SelectionQuery, 'where' | 'bars' | 'beside'>,
  table: Table,
  carried: Carried = new Map(),
): Promise<SelectionCounts> {
  const asked = bars.map((one) => ({ bars: one, column: columnOf(one.column, beside ?? table) }))
  const holds = await predicateHolds(session, blobs, where, table, carried)
  const [selected] = await readRows(session, `SELECT count(*) FROM chosen WHERE ${holds}`)
  if (beside) await createViews(session, blobs, { beside })
  const from = beside
    ? { view: 'beside', holds: `${quoteName(besideRow)} IN (SELECT __row FROM chosen WHERE ${holds})` }
    : { view: 'chosen', holds }
  const counted: SelectionCounts['bars'][number][] = []
  for (const one of asked) counted.push(await countBars(session, from, one.bars, one.column))
  return { selected: selected![0]!, rows: table.rows, bars: counted }
}

/** Where the chosen rows stand, in order; of those named by `among` only, when they are given. */
export async function chosenPlaces(
  session: DuckSession,
  blobs: BlobFiles,
  { where, among }: { readonly where: RowPredicate; readonly among?: readonly number[] },
  table: Table,
  carried: Carried,
): Promise<Uint32Array> {
  const holds = await predicateHolds(session, blobs, where, table, carried)
  const asked = among ? ` AND __row IN (${among.map((place) => Math.floor(place)).join(', ')})` : ''
  if (among?.length === 0) return new Uint32Array(0)
  return session.query(`SELECT __row FROM chosen WHERE ${holds}${asked} ORDER BY __row`, async (result) => {
    const parts: number[] = []
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
      for (const value of chunk.getColumnValues(0)) parts.push(Number(value))
    return Uint32Array.from(parts)
  })
}

/** Places in order as stretches; refused where there are more than can travel. */
export function stretchesOf(places: Uint32Array): Stretches {
  const stretches: [number, number][] = []
  for (const place of places) {
    const last = stretches.at(-1)
    if (last && place === last[1] + 1) last[1] = place
    else stretches.push([place, place])
    if (stretches.length > mostStretches)
      throw new ProblemError({
        code: 'not-supported',
        message: `The ${places.length} chosen rows lie in more than ${mostStretches} places of the table, which are too many to name one by one.`,
        fix: 'Choose fewer rows, or look at only these in a table and save them.',
      })
  }
  return stretches
}
