import { useCallback, useEffect, useRef, useState } from 'react'
import type { Column, ColumnSummary, Engine, Hash } from '#contract'

export interface ColumnSummaries {
  readonly byName: ReadonlyMap<string, ColumnSummary>
  /** Looks into these columns: first at a sample of a long table, then column by column at all rows. */
  want(columns: readonly Column[]): void
}

/** What the columns in view hold; a column stays without where the engine can not say. */
export function useColumnSummaries(engine: Engine, table: Hash): ColumnSummaries {
  const [byName, setByName] = useState<ReadonlyMap<string, ColumnSummary>>(new Map())
  const looker = useRef<{ want(names: readonly string[]): void } | null>(null)
  useEffect(() => {
    setByName(new Map())
    const made = lookThrough(engine, table, (found) =>
      setByName((old) => new Map([...old, ...found.map((summary) => [summary.name, summary] as const)])),
    )
    looker.current = made
    return made.close
  }, [engine, table])
  const want = useCallback((columns: readonly Column[]) => looker.current?.want(columns.map(({ name }) => name)), [])
  return { byName, want }
}

/** One question at a time, always about what is in view now. */
function lookThrough(engine: Engine, table: Hash, take: (found: readonly ColumnSummary[]) => void) {
  const sampled = new Set<string>()
  const done = new Set<string>()
  let wanted: readonly string[] = []
  let busy = false
  let gone = false
  async function ask(columns: readonly string[], sample: boolean): Promise<void> {
    for (const name of columns) (sample ? sampled : done).add(name)
    const found = await engine.summarize({ table, columns, sample }).catch(() => [])
    if (gone) return
    for (const summary of found) if (summary.sampled === undefined) done.add(summary.name)
    take(found)
  }
  async function work(): Promise<void> {
    if (busy) return
    busy = true
    while (!gone) {
      const fresh = wanted.filter((name) => !sampled.has(name))
      const [next] = wanted.filter((name) => !done.has(name))
      if (fresh.length > 0) await ask(fresh, true)
      else if (next !== undefined) await ask([next], false)
      else break
    }
    busy = false
  }
  return {
    want(names: readonly string[]) {
      wanted = names
      void work()
    },
    close() {
      gone = true
    },
  }
}
