import { useMemo } from 'react'
import {
  type Column,
  type ColumnBars,
  type ColumnSummary,
  columnsOfCondition,
  type Engine,
  type Hash,
  isOfCells,
  type Stretches,
} from '#contract'
import { type BarCondition, clicked } from '../selection/bars-of.ts'
import { bare } from '../selection/chart-axis.ts'
import { matchesRow } from '../selection/matches-row.ts'
import { pickedCondition } from '../selection/pick-cells.ts'
import { chosenOneByOne, conditionOn, type RowSelection } from '../selection/row-selection.ts'
import { toggledPlaces } from '../selection/stretches.ts'
import { useAppliedSelection } from '../selection/use-applied-selection.ts'
import { useSelectionCounts } from '../selection/use-selection-counts.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
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
  /** Whether what stands in a row's cells chooses it; places are told by the engine. */
  isChosen(row: Row | undefined): boolean
  /** The part of the selection that the cells of a row don't tell; null where they tell it all. */
  readonly placed: RowSelection | null
  /** Chooses by the cells of an area; a single cell is added to its column, or taken away again. Gives what is to be said. */
  pickArea(area: Area, read: ReadCells): Promise<string>
  /** Chooses rows, or lets them go: a single one by its identifier where there is one, else by their places. */
  pickRows(area: Pick<Area, 'top' | 'bottom'>, read: ReadCells, placesOf: PlacesOf): Promise<string>
}

type PlacesOf = (first: number, last: number) => Promise<Stretches>

const mostPicked = 1_000

export function useRowBrush(engine: Engine, table: Hash, columns: readonly Column[]): RowBrush {
  const { rowSelection } = useWorkbench()
  const selection = useAppliedSelection(engine, table, columns)
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
    const cells = selection?.where.filter(isOfCells) ?? []
    const placed = selection?.where.filter((one) => !isOfCells(one)) ?? []
    const named = cells.flatMap(columnsOfCondition)
    return {
      selection,
      columns: named.map((column) => columns.findIndex(({ name }) => name === column)),
      choose,
      isChosen: (row) => selection !== null && row !== undefined && matchesRow(cells, columns, row),
      placed: selection && placed.length > 0 ? { ...selection, where: placed } : null,
      pickArea,
      async pickRows({ top, bottom }, read, placesOf) {
        const at = columns.findIndex(({ role }) => role === 'id')
        if (at >= 0 && top === bottom) return pickArea({ top, bottom, left: at, right: at }, read)
        const before = chosenOneByOne(rowSelection.getState().selection?.where, table)
        rowSelection.choosePlaces(table, toggledPlaces(before, await placesOf(top, bottom)))
        return ''
      },
    }
  }, [rowSelection, table, columns, selection])
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
