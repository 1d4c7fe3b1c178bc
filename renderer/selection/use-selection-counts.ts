import { useEffect, useId, useState } from 'react'
import type { ColumnBars, Engine, Hash, SelectionCounts, Table } from '#contract'
import type { RowSelection } from './row-selection.ts'

export interface ShownCounts {
  /** Not of the selection before, while the answer about this one is awaited. */
  readonly current: boolean
  /** The engine could not count them. */
  readonly failed: boolean
  readonly selected: number
  readonly rows: number
  /** In the order they were asked for. */
  readonly counted: SelectionCounts['bars']
  /** By column. */
  readonly bars: ReadonlyMap<string, SelectionCounts['bars'][number]>
}

/** What the engine counts of a selection in a table; the last answer stays until the next one is there. */
export function useSelectionCounts(
  engine: Engine,
  table: Hash,
  selection: RowSelection | null,
  bars: readonly ColumnBars[],
  beside?: Table,
): ShownCounts | null {
  const view = useId()
  const [answered, setAnswered] = useState<{ question: string; counts: Omit<ShownCounts, 'current'> } | null>(null)
  const question = selection && JSON.stringify({ table, where: selection.where, bars, beside })
  useEffect(() => {
    if (question === null) return setAnswered(null)
    let gone = false
    engine.countSelected({ ...JSON.parse(question), view }).then(
      (answer) => {
        if (gone) return
        const byColumn = new Map(answer.bars.map((one) => [one.column, one]))
        setAnswered({ question, counts: { ...answer, failed: false, counted: answer.bars, bars: byColumn } })
      },
      () => {
        if (!gone)
          setAnswered({ question, counts: { selected: 0, rows: 0, failed: true, counted: [], bars: new Map() } })
      },
    )
    return () => {
      gone = true
    }
  }, [engine, question, view])
  return answered && question !== null ? { ...answered.counts, current: answered.question === question } : null
}
