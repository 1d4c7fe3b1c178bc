import type { Table } from '#contract'
import type { BlobFiles } from './blob-files.ts'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { createViews } from './query-table.ts'

/** Figures of one column; null where it has no value, and the last three for anything but numbers. */
export interface ColumnFigures {
  /** Share of all rows without a value; 0 for a table without rows. */
  readonly missing: number
  readonly distinct: number
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
}

const numeric: ReadonlySet<string> = new Set(['integer', 'number', 'boolean'])

/** The mean is summed after Kahan on one thread, so that it is the same each time. */
export async function columnFigures(
  session: DuckSession,
  blobs: BlobFiles,
  table: Table,
  column: string,
): Promise<ColumnFigures> {
  await createViews(session, blobs, { asked: table })
  await session.run('SET threads = 1')
  const name = quoteName(column)
  const type = table.columns.find((one) => one.name === column)?.type ?? 'text'
  const number = `CAST(${name} AS DOUBLE)`
  const sums = numeric.has(type) ? `min(${number}), max(${number}), favg(${number})` : 'NULL, NULL, NULL'
  const [row] = await session.query(
    `SELECT count(*), count(${name}), count(DISTINCT ${name}), ${sums} FROM asked`,
    (result) => result.getRowsJS(),
  )
  const [rows, known, distinct] = row!.slice(0, 3).map(Number) as [number, number, number]
  const [min, max, mean] = row!.slice(3).map((value) => (value === null ? null : Number(value)))
  return { missing: rows === 0 ? 0 : (rows - known) / rows, distinct, min: min!, max: max!, mean: mean! }
}
