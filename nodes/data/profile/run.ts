import type { Column, Frame, RunContext, Table } from '#contract'
import { type ColumnProfile, profileColumn } from '#ml/profile/profile-column'
import { countRepeatedRows } from '#ml/profile/repeated-rows'

export interface TableProfile {
  readonly rows: number
  readonly columns: readonly { readonly column: Column; readonly profile: ColumnProfile }[]
  /** Rows equal to an earlier one in every profiled column. */
  readonly repeated: number
}

export async function profileTable(table: Table, names: readonly string[], context: RunContext): Promise<TableProfile> {
  context.progress(0, 'reading')
  const frame: Frame = await context.tables.read(table, names.length > 0 ? names : undefined)
  const columns = frame.columns.map(({ cells, ...column }, index) => {
    context.progress((0.8 * (index + 1)) / frame.columns.length, column.name)
    return { column, profile: profileColumn({ ...column, cells }) }
  })
  const repeated = countRepeatedRows(frame)
  context.progress(1)
  return { rows: frame.rows, columns, repeated }
}
