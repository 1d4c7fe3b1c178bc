import { besideRow, type Explanation, type FrameColumn, type RunContext, type Table } from '#contract'
import { columnOf } from '#ml/frame'
import { type ExplainedRows, pushesOf } from './explained-rows.ts'

/** Columns of the table of pushes, by feature. */
export const valueColumn = (feature: string) => `value of ${feature}`
export const pushColumn = (feature: string) => `push of ${feature}`

const numbers = (name: string, type: FrameColumn['type'], values: Float64Array, nullable: boolean): FrameColumn => ({
  name,
  type,
  nullable,
  cells: { kind: 'number', values },
})

/**
 * Every explained row with what the drawn features pushed it, and their values where these are numbers: rows are chosen by it.
 */
export function writePushes(
  own: ExplainedRows,
  points: NonNullable<Explanation['points']>,
  context: RunContext,
): Promise<Table> {
  const columns = points.flatMap(({ feature }): FrameColumn[] => {
    const { cells, type } = columnOf(own.frame, feature)
    const push = numbers(pushColumn(feature), 'number', pushesOf(own, feature), false)
    const ordered = cells.kind === 'number' && (type === 'number' || type === 'integer')
    return ordered ? [numbers(valueColumn(feature), type, cells.values, true), push] : [push]
  })
  const row = numbers(besideRow, 'integer', Float64Array.from(own.rows), false)
  return context.tables.write({ rows: own.rows.length, columns: [row, ...columns] })
}
