import type { StepSummary } from '#contract'
import type { Database } from '#store/database'
import type { RunReference, StepRecord } from '#store/records'
import { recordWires } from '#store/wire-checks'
import { recordStep } from '#store/write-step'
import { type RunEvents, stepEvent } from './run-events.ts'

/** Writes ended steps to the lineage, many at a time where they end at once, and says so after they are kept. */
export interface StepRecorder {
  add(record: StepRecord, recorded?: boolean): void
  flush(): void
}

const most = 200

export function createStepRecorder(db: Database, run: RunReference, events: RunEvents): StepRecorder {
  let waiting: { readonly record: StepRecord; readonly recorded: boolean }[] = []
  const flush = () => {
    if (waiting.length === 0) return
    const now = waiting
    waiting = []
    const fresh = now.filter((entry) => !entry.recorded)
    const checked = now.filter(({ record }) => (record.wires ?? []).length > 0)
    if (fresh.length + checked.length > 0)
      db.transaction(() => {
        for (const { record } of fresh) recordStep(db, run, record)
        for (const { record } of checked) recordWires(db, run, record.node, record.wires!)
      })
    for (const { record } of now) events.emit(stepEvent(endedSummary(run.id, record)))
  }
  return {
    add(record, recorded = false) {
      waiting.push({ record, recorded })
      if (waiting.length >= most) flush()
    },
    flush,
  }
}

export function endedSummary(run: string, record: StepRecord): StepSummary {
  const { result } = record
  return {
    run,
    node: record.node,
    nodeType: record.type,
    status: record.status,
    ...(record.title === undefined ? {} : { title: record.title }),
    ...(record.key ? { key: record.key.key } : {}),
    ...(record.ms === undefined ? {} : { ms: Math.round(record.ms) }),
    ...(result?.peakBytes === undefined ? {} : { peakBytes: Math.round(result.peakBytes) }),
    ...(result?.verdict ? { verdict: result.verdict } : {}),
    ...(result?.card ? { card: result.card } : {}),
    problems: record.problems,
    ...(record.wires?.length ? { wires: record.wires } : {}),
    outputs: Object.fromEntries(
      Object.entries(result?.outputs ?? {}).map(([port, { hash, kind, bytes, rows, columns }]) => [
        port,
        { hash, kind, bytes, ...(rows === undefined ? {} : { rows }), ...(columns === undefined ? {} : { columns }) },
      ]),
    ),
  }
}
