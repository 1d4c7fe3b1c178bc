import { existsSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { ProblemError, problemsOf } from '#contract'
import { hashFile } from '../blob-files.ts'
import { openParquet } from '../parquet/read-parquet.ts'
import { CellReader } from './cell-reader.ts'
import { findRows } from './find-rows.ts'
import { createOpenFiles } from './open-files.ts'
import { rowOrder } from './row-order.ts'
import { summarizeColumn } from './summarize-column.ts'
import type { FindJob, FoundPart, TableReply, TableTask } from './table-jobs.ts'
import { topRows } from './top-rows.ts'

/** A thread that looks through stored tables, one job after the other, so that the engine goes on answering. */
const files = createOpenFiles(openParquet)
const reader = new CellReader(96 << 20)
const sayEveryMs = 50
/** Rows of a sorted table that are said before all are in order. */
const rowsAhead = 1_000

const port = parentPort!
port.on('message', (task: TableTask) => port.postMessage({ id: task.id, ...reply(task) } as TableReply))

function reply(task: TableTask) {
  try {
    throwIfCancelled(task)
    return { answer: perform(task) }
  } catch (error) {
    return { problems: problemsOf(error) }
  }
}

function perform(task: TableTask): unknown {
  const { job } = task
  if (job.kind === 'check') return existsSync(job.path) && hashFile(job.path) === job.hash
  const file = files.open(job.path)
  if (job.kind === 'cells') return reader.read(file, job.path, job.columns, job.rows)
  if (job.kind === 'summary') return summarizeColumn(file, job.column, job.sample)
  return find(task, job)
}

function throwIfCancelled({ cancelled }: TableTask): void {
  if (Atomics.load(cancelled, 0) === 1)
    throw new ProblemError({ code: 'cancelled', message: 'Another question came in place of this one.' })
}

/** Rows are said as they are found; those to be sorted once they are in order. */
function find(task: TableTask, { path, columns, wanted, sort }: FindJob): undefined {
  const file = files.open(path)
  const parts: Uint32Array[] = []
  const searching = wanted ? (sort ? 0.7 : 1) : 0
  let found = wanted ? 0 : file.rows
  let said = 0
  const say = (part: FoundPart) => {
    said = performance.now()
    port.postMessage({ id: task.id, part } satisfies TableReply, part.rows ? [part.rows.buffer as ArrayBuffer] : [])
  }
  const sayAtTimes = (share: number) => {
    throwIfCancelled(task)
    if (performance.now() - said > sayEveryMs) say({ found, share })
  }
  if (wanted) {
    let share = 0
    findRows(
      file,
      { columns },
      wanted,
      (rows, group) => {
        found += rows.length
        share = (searching * (group + 1)) / file.groups.length
        if (sort) parts.push(rows)
        else say({ rows, found, share })
      },
      () => sayAtTimes(share),
    )
  }
  if (!sort) return undefined
  const rows = wanted ? joined(parts, found) : undefined
  const { column, descending } = sort
  const ahead = rows ? 0 : Math.min(rowsAhead, file.rows)
  if (ahead > 0)
    say({ rows: topRows(file, column, descending, ahead, () => sayAtTimes(0)), found, share: searching + 0.1 })
  const order = rowOrder({
    file,
    column,
    descending,
    ...(rows && { rows }),
    step: (share) => sayAtTimes(searching + (1 - searching) * share),
  })
  say({ rows: order.slice(ahead), found, share: 1 })
  return undefined
}

function joined(parts: readonly Uint32Array[], size: number): Uint32Array {
  const all = new Uint32Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
