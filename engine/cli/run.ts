import {
  type JsonValue,
  type PipelineDocument,
  ProblemError,
  type Report,
  type RunEvent,
  type RunStatus,
  type RunSummary,
  type StepSummary,
} from '#contract'
import { adjacency, ancestors } from '#graph/adjacency'
import { expandGroups, nodesWithin } from '#graph/groups/expand-groups'
import { formatDuration } from '#report/format-time'
import type { OpenEngine } from '#run/engine'
import { type Command, exitCodes, projectFlag } from './command.ts'
import type { Io } from './io.ts'
import { withEngine } from './open-engine.ts'
import { problemsText } from './problems-text.ts'
import { hasLineage, type NamedFile, namedFile } from './project.ts'
import { readPipeline, readSettings, withSettings } from './read-pipeline.ts'
import { type RunDisplay, runDisplay } from './run-display.ts'

export const runCommand: Command = {
  words: 'run',
  summary: 'run a pipeline, or what of it changed',
  positionals: [{ name: 'FILE', doc: 'the pipeline file, NAME.plumb.json' }],
  flags: {
    set: {
      value: 'NAME=VALUE',
      many: true,
      doc: 'set an input of the pipeline, or node.parameter; VALUE is JSON or text, paths start here',
    },
    to: { value: 'NODE', many: true, doc: 'run this node and what feeds it, nothing else' },
    'no-cache': { doc: 'run every node, also those whose result is known' },
    json: { doc: 'one JSON event a line on standard output; the last is the run' },
    ...projectFlag,
  },
  notes: `
Example: plumbline run examples/loan-approval.plumb.json --set data=mine.csv --to audit

Exit codes: 0 done, 1 a node failed, 2 the input has problems (nothing ran), 3 a gate or an assertion failed, 4 waiting for a person,
130 cancelled. Ctrl+C cancels the run and keeps what is done; a second one ends everything at once.`,
  async run({ given, io }) {
    const file = namedFile(given, io)
    const settings = readSettings(given.values('set'))
    const { document, problems } = await readPipeline(file)
    if (!document) throw new ProblemError(problems)
    const useCache = !given.has('no-cache')
    const work = async (engine: OpenEngine) => {
      const ready = withSettings(document, settings, file, await engine.catalogue(), io)
      const targets = given.values('to')
      const display = (order: readonly string[]) => runDisplay(io, order, given.has('json'))
      const summary = await runAndShow({ engine, document: ready, file, targets, useCache, io, display })
      if (!given.has('json')) await tellEnd(engine, summary, io)
      return codes[summary.status]
    }
    return withEngine(file.project, work, { runsSteps: !useCache || !hasLineage(file.project) })
  },
}

const codes: Readonly<Record<RunStatus, number>> = {
  running: exitCodes.failed,
  done: exitCodes.done,
  failed: exitCodes.failed,
  'gate-failed': exitCodes.gateFailed,
  waiting: exitCodes.waiting,
  cancelled: exitCodes.cancelled,
  interrupted: exitCodes.failed,
}

interface Job {
  readonly engine: OpenEngine
  readonly document: PipelineDocument
  readonly file: NamedFile
  readonly targets: readonly string[]
  readonly useCache: boolean
  readonly io: Io
  display(order: readonly string[]): RunDisplay
}

/** Starts the run, shows its events, and waits for its end. Events that come before its display are kept for it. */
async function runAndShow(job: Job): Promise<RunSummary> {
  const early: RunEvent[] = []
  let show: (event: RunEvent) => void = (event) => early.push(event)
  const unsubscribe = job.engine.subscribe((event) => show(event))
  const { document, targets, useCache } = job
  const { id } = await job.engine.run({
    document,
    file: job.file.file,
    useCache,
    ...(targets.length > 0 ? { targets } : {}),
  })
  const display = job.display(nodesOf(document, targets))
  const release = cancelOnInterrupt(job, id)
  for (const event of early) display.event(event)
  show = (event) => display.event(event)
  try {
    const summary = await job.engine.idle(id)
    unsubscribe()
    display.end(summary)
    return summary
  } finally {
    release()
  }
}

function nodesOf(document: PipelineDocument, targets: readonly string[]): readonly string[] {
  const flat = expandGroups(document).document
  const graph = adjacency(flat)
  const wanted = targets.length > 0 ? ancestors(graph, nodesWithin(flat, targets)) : undefined
  return graph.order.filter((id) => !wanted || wanted.has(id))
}

/** A terminal and a parent process may both deliver the same Ctrl+C: what follows within this time is the same one. */
const sameInterruptMs = 300

function cancelOnInterrupt({ engine, io }: Job, run: string): () => void {
  let first: number | undefined
  return io.onInterrupt(() => {
    if (first === undefined) {
      first = performance.now()
      io.error.write('\nCancelling; Ctrl+C again ends everything at once.\n')
      void engine.cancel({ run })
    } else if (performance.now() - first > sameInterruptMs) io.exit(exitCodes.cancelled)
  })
}

/** What ended how: failures with their cures, the gate, and what to do next. */
async function tellEnd(engine: OpenEngine, summary: RunSummary, io: Io): Promise<void> {
  const { steps } = await engine.runDetail({ run: summary.id })
  const failures = steps
    .filter((step) => step.status === 'failed')
    .flatMap((step) => step.problems.map((problem) => ({ ...problem, node: step.node })))
  if (failures.length > 0) io.out.write(`\n${problemsText(failures)}\n`)
  for (const { from, to, checks } of steps.flatMap(({ wires = [] }) => wires))
    for (const { verdict, reason } of checks)
      io.out.write(`\n${verdict === 'pass' ? '✓' : '✕'} ${from} → ${to}: ${reason}\n`)
  const gates = steps.filter((step) => step.verdict !== undefined)
  for (const step of gates)
    io.out.write(
      `\n${step.verdict === 'pass' ? '✓' : step.verdict === 'fail' ? '✕' : '◐'} ${step.node}: ${(step.card?.text ?? step.verdict ?? '').replaceAll('**', '')}\n`,
    )
  io.out.write(`\n${endSentence(summary)}\n`)
  if (await hasReport(engine, steps)) io.out.write(`The report: plumbline report ${summary.id} --html report.html\n`)
}

/** Whether one of the steps judged something in a report; what nodes report of their own work is no reason to save it. */
async function hasReport(engine: OpenEngine, steps: readonly StepSummary[]): Promise<boolean> {
  const hashes = steps.flatMap((step) =>
    Object.values(step.outputs).flatMap(({ kind, hash }) => (kind === 'report' ? [hash] : [])),
  )
  for (const hash of hashes) {
    const report = (await engine.value({ hash })) as JsonValue & Report
    if (report.evaluation ?? report.model) return true
  }
  return false
}

const ends: Readonly<Record<RunStatus, string>> = {
  running: 'is still running',
  done: 'is done',
  failed: 'failed',
  'gate-failed': 'is done; a gate or an assertion failed',
  waiting: 'waits for a review',
  cancelled: 'was cancelled',
  interrupted: 'was interrupted; the next run goes on where it stopped',
}

/** "Run 7f3a is done after 2.3 s: 12 nodes ran, 3 came from the cache." */
export function endSentence({ id, status, ms, counts }: Pick<RunSummary, 'id' | 'status' | 'ms' | 'counts'>): string {
  const nodes = (count: number) => `${count} ${count === 1 ? 'node' : 'nodes'}`
  const parts = [
    ...(counts.done ? [`${nodes(counts.done)} ran`] : []),
    ...(counts.cached ? [`${counts.cached} came from the cache`] : []),
    ...(counts.failed ? [`${counts.failed} failed`] : []),
    ...(counts.skipped ? [`${counts.skipped} skipped`] : []),
    ...(counts.cancelled ? [`${counts.cancelled} cancelled`] : []),
  ]
  return `Run ${id} ${ends[status]}${ms === undefined ? '' : ` after ${formatDuration(ms)}`}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`
}
