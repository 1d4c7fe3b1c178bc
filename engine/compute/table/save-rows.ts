import { rmSync } from 'node:fs'
import type { Column, Table } from '#contract'
import type { BlobFiles } from '../blob-files.ts'
import { openSession, quoteName, quoteText } from '../duckdb-session.ts'
import { ParquetWriter, rowGroupRows } from '../parquet/write-parquet.ts'
import { createViews } from '../query-table.ts'
import { temporaryFile } from '../temporary-file.ts'

export interface SavedRows {
  readonly table: Table
  readonly columns: readonly Column[]
  /** Places of the rows in the table, in the order to be written; or a stretch of them in its own order. */
  readonly rows: Uint32Array | { readonly first: number; readonly last: number }
  readonly file: string
  readonly format: 'csv' | 'parquet'
}

const memoryBytes = 1_073_741_824

/** Writes rows of a stored table as a file without holding them in memory: DuckDB streams them, and spills what it sorts. */
export async function saveRows(
  { blobs, temporary }: { readonly blobs: BlobFiles; readonly temporary: string },
  { table, columns, rows, file, format }: SavedRows,
): Promise<void> {
  const session = await openSession({ temporary, threads: 1, bytes: memoryBytes, cancelled: () => false })
  const list = 'first' in rows ? undefined : writeList(temporary, rows)
  try {
    await createViews(session, blobs, { asked: table })
    const names = columns.map(({ name }) => `asked.${quoteName(name)}`).join(', ')
    const chosen =
      'first' in rows
        ? `WHERE asked.__row BETWEEN ${rows.first} AND ${rows.last} ORDER BY asked.__row`
        : `JOIN read_parquet(${quoteText(list!)}) AS chosen ON asked.__row = chosen.at ORDER BY chosen.place`
    const how = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd'
    await session.run(`COPY (SELECT ${names} FROM asked ${chosen}) TO ${quoteText(file)} (${how})`)
  } finally {
    session.close()
    if (list) rmSync(list, { force: true })
  }
}

const listColumns: readonly Column[] = [
  { name: 'place', type: 'integer', nullable: false },
  { name: 'at', type: 'integer', nullable: false },
]

/** Where each row of the file stands in the table. */
function writeList(temporary: string, rows: Uint32Array): string {
  const file = temporaryFile(temporary, 'parquet')
  const writer = new ParquetWriter(file, listColumns)
  for (let from = 0; from < rows.length; from += rowGroupRows) {
    const part = rows.subarray(from, from + rowGroupRows)
    const places = Float64Array.from(part, (_, at) => from + at)
    const cells = [places, Float64Array.from(part)].map((values) => ({ kind: 'number', values }) as const)
    writer.writeGroup({
      rows: part.length,
      columns: listColumns.map((column, at) => ({ ...column, cells: cells[at]! })),
    })
  }
  writer.close()
  return file
}
