import { type CellCondition, type Column, type ColumnCondition, insideArea, type TablePage } from '#contract'

type Cell = TablePage['rows'][number][number]
export type CellValue = NonNullable<ColumnCondition['values']>[number]

/** A cell as conditions compare it, dates as milliseconds UTC; undefined where it is missing. */
export function cellValue(cell: Cell, column: Column): CellValue | undefined {
  if (cell === null || cell === '') return undefined
  if (column.type === 'date' && typeof cell === 'string') {
    const time = /^-?\d+$/.test(cell) ? Number(cell) : Date.parse(cell)
    return Number.isNaN(time) ? undefined : time
  }
  return cell
}

const numberOf = (value: CellValue | undefined) =>
  value === undefined || typeof value === 'string' ? Number.NaN : Number(value)

function holds({ range, values, missing }: ColumnCondition, value: CellValue | undefined): boolean {
  if (value === undefined) return missing === true
  if (!range && !values) return missing !== true
  const number = numberOf(value)
  if (range && number >= range.from && (range.below ? number < range.to : number <= range.to)) return true
  return (
    values?.some((one) =>
      typeof value === 'string' || typeof one === 'string' ? one === value : Number(one) === number,
    ) ?? false
  )
}

/** Whether conditions hold for a row as a page brings it: the same answer as the engine's for the row itself. */
export function matchesRow(
  where: readonly CellCondition[],
  columns: readonly Column[],
  row: readonly (Cell | undefined)[],
): boolean {
  const found = (name: string) => {
    const at = columns.findIndex((column) => column.name === name)
    return at < 0 ? undefined : { value: cellValue(row[at] ?? null, columns[at]!) }
  }
  return where.every((condition) => {
    if ('area' in condition) {
      const [x, y] = condition.area.map((name) => numberOf(found(name)?.value)) as [number, number]
      return insideArea(condition.corners, x, y)
    }
    const cell = found(condition.column)
    return cell !== undefined && holds(condition, cell.value)
  })
}
