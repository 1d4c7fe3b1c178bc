import type { Column, ColumnType } from '#contract'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { carryRoles } from './query-table.ts'
import { resultColumns } from './result-columns.ts'

const sqlTypes: Record<ColumnType, string> = {
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  number: 'DOUBLE',
  text: 'VARCHAR',
  image: 'VARCHAR',
  date: 'TIMESTAMP',
}

/** Columns a query over empty tables of these columns gives: the same as `queryTable` finds on real ones. */
export async function describeQuery(
  session: DuckSession,
  sql: string,
  tables: Readonly<Record<string, readonly Column[]>>,
): Promise<readonly Column[]> {
  for (const [name, columns] of Object.entries(tables)) {
    const cells = columns.map((column) => `NULL::${sqlTypes[column.type]} AS ${quoteName(column.name)}`)
    await session.run(
      `CREATE OR REPLACE TEMP VIEW ${quoteName(name)} AS SELECT ${[...cells, '0::BIGINT AS __row'].join(', ')} WHERE false`,
    )
  }
  const columns = await session.query(sql, async (result) => resultColumns(result).map(({ column }) => column))
  return carryRoles(columns, tables)
}
