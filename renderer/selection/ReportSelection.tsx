import type { Hash, ReportBlock } from '#contract'
import { useWorkbench } from '../shell/workbench-context.ts'
import { SelectionChip } from './SelectionChip.tsx'
import { useAppliedSelection } from './use-applied-selection.ts'
import { useSelectionCounts } from './use-selection-counts.ts'
import { useTableColumns } from './use-table-columns.ts'

/** The table that the charts of a report show rows of; null where none does. */
function tableOf(blocks: readonly ReportBlock[]): Hash | null {
  for (const block of blocks) {
    if (block.block === 'chart' && block.rows) return block.rows.table
    const inner = block.block === 'columns' ? tableOf([...block.left, ...block.right]) : null
    if (inner) return inner
  }
  return null
}

/** What is chosen, above a report whose charts follow it. */
export function ReportSelection({ blocks }: { readonly blocks: readonly ReportBlock[] }) {
  const table = tableOf(blocks)
  return table === null ? null : <ChosenOf table={table} />
}

function ChosenOf({ table }: { readonly table: Hash }) {
  const { engine } = useWorkbench()
  const selection = useAppliedSelection(engine, table, useTableColumns(engine, table))
  const counts = useSelectionCounts(engine, table, selection, noBars)
  return selection && <SelectionChip counts={counts} />
}

const noBars: readonly never[] = []
