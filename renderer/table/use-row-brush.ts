import { useMemo } from 'react'
import type { Column, ColumnBars, ColumnSummary, Engine, Hash } from '#contract'
import { type BarCondition, clicked } from '../selection/bars-of.ts'
import { matchesRow } from '../selection/matches-row.ts'
import { pickedCondition } from '../selection/pick-cells.ts'
import { appliesTo, conditionOn, type RowSelection } from '../selection/row-selection.ts'
import { selectionMessages } from '../selection/selection-messages.ts'
import { useSelectionCounts } from '../selection/use-selection-counts.ts'
import { useRowSelection, useWorkbench } from '../shell/workbench-context.ts'
import type { Row } from './page-cache.ts'
import type { Area } from './selection.ts'

type ReadCells = (area: Area, take: (rows: readonly Row[]) => void) => Promise<void>

/** What a table has to do with the rows chosen in some view. */
export interface RowBrush {
  /** The selection, where it means something in this table. */
  readonly selection: RowSelection | null
  /** Where the columns are that tell whether a row is chosen. */
  readonly columns: readonly number[]
  choose(column: Column, condition: BarCondition | undefined): void
  isChosen(row: Row | undefined): boolean
  /** Chooses by the cells of an area; a single cell is added to its column, or taken away again. Gives what is to be said. */
  pickArea(area: Area, read: ReadCells): Promise<string>
  /** Chooses a row, or lets it go, by its identifier; says why not where there is none. */
  pickRow(index: number, read: ReadCells): Promise<string>
}

const mostPicked = 1_000

export function useRowBrush(table: Hash, columns: readonly Column[]): RowBrush {
  const { rowSelection } = useWorkbench()
  const made = useRowSelection((state) => state.selection)
  const selection = appliesTo(made, columns) ? made : null
  return useMemo(() => {
    const choose: RowBrush['choose'] = (column, condition) => rowSelection.choose(table, column, condition)
    /** As it is by now: several columns may change in one go. */
    const conditionNow = (column: Column) => conditionOn(rowSelection.getState().selection?.where, column.name)
    const toggle = (column: Column, condition: BarCondition) =>
      choose(column, clicked(bare(conditionNow(column)), condition, true))
    const pickArea: RowBrush['pickArea'] = async (area, read) => {
      const rows: Row[] = []
      const bottom = Math.min(area.bottom, area.top + mostPicked - 1)
      await read({ ...area, bottom }, (more) => rows.push(...more))
      const single = area.top === area.bottom && area.left === area.right
      for (const [at, column] of columns.slice(area.left, area.right + 1).entries()) {
        const condition = pickedCondition(column, at, rows)
        if (condition) single ? toggle(column, condition) : choose(column, condition)
      }
      return ''
    }
    return {
      selection,
      columns: selection ? selection.where.map(({ column }) => columns.findIndex(({ name }) => name === column)) : [],
      choose,
      isChosen: (row) => selection !== null && row !== undefined && matchesRow(selection.where, columns, row),
      pickArea,
      async pickRow(index, read) {
        const at = columns.findIndex(({ role }) => role === 'id')
        if (at < 0) return selectionMessages.noIdentifier
        return pickArea({ top: index, bottom: index, left: at, right: at }, read)
      },
    }
  }, [rowSelection, table, columns, selection])
}

/** A condition without the name of its column. */
function bare(condition: ReturnType<typeof conditionOn>): BarCondition | undefined {
  if (!condition) return undefined
  const { column: _, ...rest } = condition
  return rest
}

/** The bars over columns as the engine counts into them. */
export function barsAsked(
  columns: readonly Column[],
  summaries: ReadonlyMap<string, ColumnSummary>,
): readonly ColumnBars[] {
  return columns.flatMap(({ name, type }): ColumnBars[] => {
    const summary = summaries.get(name)
    if (!summary || type === 'image') return []
    if (type === 'boolean') return [{ column: name, values: summary.bars.map(({ label }) => label === 'true') }]
    if (type === 'text') return [{ column: name, values: summary.bars.map(({ label }) => label) }]
    return summary.edges ? [{ column: name, edges: summary.edges }] : []
  })
}

/** How the chosen rows fall into the bars over some columns. */
export function useColumnShares(
  engine: Engine,
  table: Hash,
  selection: RowSelection | null,
  columns: readonly Column[],
  summaries: ReadonlyMap<string, ColumnSummary>,
) {
  const bars = useMemo(() => barsAsked(columns, summaries), [columns, summaries])
  return useSelectionCounts(engine, table, selection, bars)
}
