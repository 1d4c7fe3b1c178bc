import type {
  CellCondition,
  Chart,
  ChartRows,
  Column,
  ColumnBars,
  ColumnCondition,
  RowPredicate,
  Stretches,
} from '#contract'
import type { ChartPlaces, PartPlaces } from '#report/chart-places'
import type { Bar, BarCondition } from './bars-of.ts'
import { besideConditions, conditionOn, type RowSelection } from './row-selection.ts'

/** What the parts of a chart choose. */
export type Choice =
  /** Conditions on columns of the table, or of the one beside it, in the place of those about these columns. */
  | { readonly cells: readonly CellCondition[]; readonly about: readonly string[]; readonly beside: boolean }
  /** A whole predicate; empty lets go. */
  | { readonly whole: RowPredicate }
  | { readonly places: Stretches }

/** How parts of a chart that lie beside each other choose rows. */
export interface ChartBrush {
  /** Which of several brushes of a chart it is. */
  readonly along?: string
  readonly parts: PartPlaces
  readonly bars: readonly Bar[]
  /** What is chosen now, as the bars say it. */
  readonly condition: BarCondition | undefined
  /** Into which the engine counts the chosen rows, bar after bar; none where the parts of the chart don't count rows. */
  readonly counted: readonly ColumnBars[]
  /** Only one bar is chosen at a time. */
  readonly single?: true
  /** Cells in a line. */
  readonly across?: number
  choice(condition: BarCondition | undefined): Choice
}

export interface Linked {
  readonly chart: Chart
  readonly rows: ChartRows
  /** Of the table whose rows it shows. */
  readonly columns: readonly Column[]
  readonly places: ChartPlaces
  readonly selection: RowSelection | null
}

/** A column along an axis: of the table itself, or of the one beside it. */
export interface Axis {
  readonly column: Column
  readonly beside: boolean
  /** What is chosen on it now. */
  readonly condition: BarCondition | undefined
}

/** The column of the table itself goes first: what is chosen on it is followed by all tables that have it. */
export function axisOf({ rows, columns, selection }: Linked, own: string | undefined, said: string | undefined) {
  const column = columns.find(({ name }) => name === own)
  const where = selection?.where ?? []
  if (column) return { column, beside: false, condition: bare(conditionOn(where, column.name)) } satisfies Axis
  const { table } = rows.beside ?? {}
  const other = table?.columns.find(({ name }) => name === said)
  if (!table || !other) return undefined
  const condition = bare(conditionOn(besideConditions(where, table), other.name))
  return { column: other, beside: true, condition } satisfies Axis
}

/** A condition without the name of its column. */
export function bare(condition: ColumnCondition | undefined): BarCondition | undefined {
  if (!condition) return undefined
  const { column: _, ...rest } = condition
  return rest
}

/** What a condition on an axis chooses. */
export const onAxis =
  ({ column, beside }: Axis) =>
  (condition: BarCondition | undefined): Choice => ({
    cells: condition ? [{ column: column.name, ...condition }] : [],
    about: [column.name],
    beside,
  })
