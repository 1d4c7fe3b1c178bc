import { type Column, type Engine, type Hash, isOfCells } from '#contract'
import { useAnswer } from '../shell/use-answer.ts'
import { useRowSelection } from '../shell/workbench-context.ts'
import { appliesTo, type RowSelection } from './row-selection.ts'

/** The selection where it means something in a table: its columns are there, and rows named by their place are found again. */
export function useAppliedSelection(engine: Engine, table: Hash, columns: readonly Column[]): RowSelection | null {
  const made = useRowSelection((state) => state.selection)
  const fitting = appliesTo(made, columns) ? made : null
  const foreign = fitting?.where.filter((one) => !isOfCells(one) && one.table !== table) ?? []
  const question = foreign.length > 0 ? JSON.stringify({ table, where: foreign, bars: [] }) : null
  const answer = useAnswer(question, () => engine.countSelected(JSON.parse(question!)))
  return question === null || answer.value ? fitting : null
}
