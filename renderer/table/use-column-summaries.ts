import { useEffect, useState } from 'react'
import type { ColumnSummary, Engine, Hash } from '#contract'

/** What the columns hold, by name; empty until the engine has looked, and when it can not. */
export function useColumnSummaries(engine: Engine, table: Hash): ReadonlyMap<string, ColumnSummary> {
  const [summaries, setSummaries] = useState<ReadonlyMap<string, ColumnSummary>>(new Map())
  useEffect(() => {
    let gone = false
    setSummaries(new Map())
    const take = (all: readonly ColumnSummary[]) => {
      if (!gone) setSummaries(new Map(all.map((summary) => [summary.name, summary])))
    }
    engine.summarize({ table }).then(take, () => take([]))
    return () => {
      gone = true
    }
  }, [engine, table])
  return summaries
}
