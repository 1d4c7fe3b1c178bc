import path from 'node:path'
import { formatCount, formatPercent } from '#report/format-number'
import { filesOf, readDefinition } from '#serve/batch/definition'
import type { BatchOrder, BatchProgress, BatchResult } from '#serve/batch/run-batch'
import { type Command, exitCodes, type Given, jsonFlag, projectFlag, UsageError } from './command.ts'
import type { Io } from './io.ts'
import { currentProject } from './project.ts'

export const batchCommand: Command = {
  words: 'batch',
  lasts: true,
  summary: 'score files of any size with a registered model',
  positionals: [
    {
      name: 'MODEL',
      doc: 'NAME@STAGE, NAME@VERSION or NAME@ALIAS; or, without files, a batch that release/deploy wrote',
    },
    { name: 'FILE', optional: true, many: true, doc: 'CSV or Parquet files' },
  ],
  flags: {
    out: { value: 'FILE', doc: 'where scored rows go: .parquet, else CSV' },
    rejected: { value: 'FILE', doc: 'where rows that break the schema go (default: OUT.rejected.csv)' },
    queue: { doc: 'open a case for each row that people decide at the level of the version' },
    reasons: { doc: 'write the four strongest reasons of each row' },
    keep: { value: 'COLUMNS', doc: 'columns of the input that go along, with commas between (default: all)' },
    ...jsonFlag,
    ...projectFlag,
  },
  notes: `
Examples: plumbline batch loan-approvals@production new.csv --out scored.parquet --reasons
          plumbline batch nightly

Scores are those that "plumbline serve" answers, to the bit. A row that breaks the schema goes to the rejected file with its
line and the reason. Ctrl+C keeps what is done, and so does a kill: the same command goes on. The fallback rule never answers. Rows that people
decide, at the level of automation of the version, have no decision, but say so; --queue opens a case for each.
Exit codes: 0 scored, 1 no row could be scored, 2 the files have problems, 130 cancelled.`,
  async run({ given, io }) {
    const order = readOrder(given, io)
    const { runBatch } = await import('#serve/batch/run-batch')
    const stop = new AbortController()
    const release = io.onInterrupt(() => stop.abort())
    try {
      const result = await runBatch({ ...order, signal: stop.signal, onProgress: progressLine(given, io) })
      tell(result, order, given, io)
      return result.rows === 0 && result.rejected > 0 ? exitCodes.failed : exitCodes.done
    } catch (error) {
      if (!stop.signal.aborted) throw error
      io.error.write('Cancelled; what is scored is kept. The same command goes on.\n')
      return exitCodes.cancelled
    } finally {
      release()
    }
  },
}

function readOrder(given: Given, io: Io): BatchOrder {
  const project = currentProject(given, io)
  const at = (file: string) => path.resolve(io.cwd, file)
  const rejected = given.value('rejected')
  const keep = given.value('keep')
  const shared = {
    project,
    ...(rejected !== undefined && { rejected: at(rejected) }),
    ...(keep !== undefined && { keep: keep.split(',').filter((name) => name !== '') }),
  }
  const files = given.values('FILE')
  const out = given.value('out')
  if (files.length === 0) {
    const job = given.positional('MODEL')
    const { model, version, input, output, reasons, automation } = readDefinition(project, job)
    return {
      ...shared,
      job,
      name: model,
      selector: String(version),
      files: filesOf(project, input),
      out: out === undefined ? path.resolve(project, output) : at(out),
      reasons: reasons || given.has('reasons'),
      cases: true,
      ...(automation && { automation }),
    }
  }
  if (out === undefined) throw new UsageError('"plumbline batch" needs a file to write.', 'Write --out scored.parquet.')
  const [name, selector = 'production'] = given.positional('MODEL').split('@') as [string, string?]
  return {
    ...shared,
    name,
    selector,
    files: files.map(at),
    out: at(out),
    reasons: given.has('reasons'),
    cases: given.has('queue'),
  }
}

/** A line that is drawn again in a terminal; elsewhere one each tenth of the way. */
function progressLine(given: Given, io: Io): (progress: BatchProgress) => void {
  if (given.has('json')) return () => {}
  let told = -1
  return ({ fraction, rows }) => {
    const text = `${formatPercent(fraction, 0)}  ${formatCount(rows, 'row')}`
    if (io.error.isTerminal) {
      io.error.write(`\r${text}${fraction >= 1 ? '\n' : ''}`)
      return
    }
    const tenth = Math.floor(fraction * 10)
    if (tenth > told) io.error.write(`${text}\n`)
    told = Math.max(told, tenth)
  }
}

function tell(result: BatchResult, order: BatchOrder, given: Given, io: Io): void {
  if (given.has('json')) {
    io.out.write(`${JSON.stringify(result)}\n`)
    return
  }
  const shown = (file: string) => path.relative(io.cwd, file) || file
  const { rows, rejected, rejectedFile, forPeople, version, keptParts } = result
  const lines = [
    `${formatCount(rows, 'row')} scored by ${order.name} version ${version}: ${shown(result.out)}`,
    ...(forPeople > 0
      ? [`${formatCount(forPeople, 'row')} of them for people to decide${order.cases ? ', in the queue' : ''}`]
      : []),
    ...(rejected > 0 ? [`${formatCount(rejected, 'row')} rejected: ${shown(rejectedFile!)}`] : []),
    ...(keptParts > 0 ? [`${formatCount(keptParts, 'part')} of an earlier call kept`] : []),
  ]
  io.out.write(`${lines.join('\n')}\n`)
}
