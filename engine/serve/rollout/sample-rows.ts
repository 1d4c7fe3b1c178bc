import { cellValue } from '#compute/cell-value'
import { openParquet } from '#compute/parquet/read-parquet'
import type { Model, Table } from '#contract'
import type { ContentFiles } from '#store/content-files'
import { getValue } from '#store/values'

const mostRows = 64

/** The first rows of the table that a model was trained on, as a request has them. */
export async function sampleRows(files: ContentFiles, { training, features }: Model): Promise<readonly unknown[]> {
  const table = (await getValue(files, training.table)) as unknown as Table
  if (!(await files.holds(table.data))) return []
  const names = new Set(features.map(({ name }) => name))
  const file = openParquet(files.path(table.data))
  try {
    const columns = table.columns
      .filter(({ name }) => names.has(name))
      .map((column) => ({ ...column, cells: file.readGroup(0, column) }))
    const rows = Math.min(mostRows, file.groups[0]?.rows ?? 0)
    return Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(columns.map((column) => [column.name, cellValue(column, row)])),
    )
  } finally {
    file.close()
  }
}
