import type { ChartRows, Column } from '#contract'
import { useWorkbench } from '../shell/workbench-context.ts'
import type { Choice } from './chart-axis.ts'

/** Makes what parts of a chart choose the selection of the window, or a part of it. */
export function useChoose(rows: ChartRows, columns: readonly Column[]): (choice: Choice) => void {
  const { rowSelection } = useWorkbench()
  return (choice) => {
    if ('places' in choice) rowSelection.choosePlaces(rows.table, choice.places)
    else if ('cells' in choice) {
      const beside = choice.beside ? rows.beside?.table : undefined
      rowSelection.chooseCells({ table: rows.table, columns, beside }, choice.cells, choice.about)
    } else if (choice.whole.length === 0) rowSelection.clear()
    else rowSelection.chooseAll(rows.table, columns, choice.whole)
  }
}
