import {
  type ArtifactSummary,
  type CardFact,
  type Hash,
  type JsonValue,
  type Metric,
  type PipelineDocument,
  type Problem,
  ProblemError,
  type RunDetail,
  type RunStatus,
  type RunSummary,
  type StepStatus,
  type StepSummary,
  type Verdict,
  type WireVerdict,
} from '#contract'
import type { Database, Row } from './database.ts'
import { reviewsOf } from './reviews.ts'
import { artifactSummary } from './step-cache.ts'
import { wiresByStep } from './wire-checks.ts'

const runColumns = `runs.number, runs.id, runs.pipeline, runs.version, runs.environment, runs.status, runs.verdict, runs.started_at, runs.ms,
  pipelines.name, pipelines.file, sweep_trials.sweep, sweep_trials.number AS trial`
const fromRuns =
  'FROM runs JOIN pipelines ON pipelines.id = runs.pipeline LEFT JOIN sweep_trials ON sweep_trials.run = runs.number'

/** Newest first; trials of sweeps among them unless told. */
export function listRuns(db: Database, a: { file?: string; limit?: number; trials?: boolean }): readonly RunSummary[] {
  const conditions = [
    ...(a.file === undefined ? [] : ['pipelines.file = ?']),
    ...(a.trials === false ? ['sweep_trials.run IS NULL'] : []),
  ]
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const limit = Math.max(1, Math.min(10_000, Math.floor(a.limit ?? 200)))
  const bindings = a.file === undefined ? [limit] : [a.file, limit]
  return db
    .all(`SELECT ${runColumns} ${fromRuns} ${where} ORDER BY runs.number DESC LIMIT ?`, ...bindings)
    .map((row) => runSummary(db, row))
}

/** The row of a run by its id, or by a beginning of it that no other run has. */
export function findRun(db: Database, id: string): Row {
  const exact = db.get(`SELECT ${runColumns} ${fromRuns} WHERE runs.id = ?`, id)
  if (exact) return exact
  const close = /^[0-9a-f-]{4,}$/.test(id)
    ? db.all(`SELECT ${runColumns} ${fromRuns} WHERE runs.id GLOB ? LIMIT 2`, `${id}*`)
    : []
  if (close.length === 1) return close[0]!
  throw new ProblemError({
    code: 'not-found',
    message: close.length > 1 ? `Several runs of this project begin with "${id}".` : `This project has no run "${id}".`,
    fix: 'Choose one of the runs that "plumbline runs" lists.',
  })
}

export function runSummary(db: Database, row: Row): RunSummary {
  const counts = db.all('SELECT status, count(*) AS steps FROM steps WHERE run = ? GROUP BY status', row.number!)
  const metrics = db.all(
    `SELECT steps.node, metrics.name, label, better, value, low, high, n FROM metrics JOIN steps ON steps.id = metrics.step
     WHERE steps.run = ? ORDER BY steps.position, metrics.position`,
    row.number!,
  )
  return {
    id: row.id as string,
    pipeline: row.name as string,
    ...(row.file ? { file: row.file as string } : {}),
    status: row.status as RunStatus,
    ...(row.verdict ? { verdict: row.verdict as Verdict } : {}),
    startedAt: row.started_at as string,
    ...(row.ms === null ? {} : { ms: row.ms as number }),
    counts: Object.fromEntries(counts.map(({ status, steps }) => [status as StepStatus, steps as number])),
    metrics: metrics.map(({ node, ...metric }) => ({ ...readMetric(metric), node: node as string })),
    ...(row.sweep ? { trial: { sweep: row.sweep as string, number: row.trial as number } } : {}),
  }
}

function readMetric(row: Row): Metric {
  const known = Object.entries(row).filter(([name, value]) => value !== null || name === 'value')
  return Object.fromEntries(known) as unknown as Metric
}

export function runDetail(db: Database, row: Row): RunDetail {
  const number = row.number as number
  const document = db.get('SELECT document FROM pipeline_versions WHERE hash = ?', row.version!)!
  const environment = db.get('SELECT body FROM environments WHERE hash = ?', row.environment!)!
  const logs = db.all('SELECT node, at, level, message FROM logs WHERE run = ? ORDER BY id', number)
  return {
    ...runSummary(db, row),
    document: JSON.parse(document.document as string) as PipelineDocument,
    steps: runSteps(db, number),
    environment: JSON.parse(environment.body as string) as Record<string, JsonValue>,
    logs: logs.map((log) => ({
      ...(log.node === null ? {} : { node: log.node as string }),
      at: log.at as string,
      level: log.level as string,
      message: log.message as string,
    })),
    reviews: reviewsOf(db, number),
  }
}

const stepColumns = `steps.id, runs.id AS run, steps.node, steps.type, steps.status, steps.title, steps.key, steps.ms, steps.peak_bytes,
  steps.verdict, steps.card, steps.problems, steps.report`
const fromSteps = 'FROM steps JOIN runs ON runs.number = steps.run'

/** Nodes whose step of a run has ended. */
export function recordedNodes(db: Database, id: string): ReadonlySet<string> {
  return new Set(db.all(`SELECT steps.node ${fromSteps} WHERE runs.id = ?`, id).map(({ node }) => node as string))
}

/** Ended steps in the order of the plan. */
export function runSteps(db: Database, run: number): readonly StepSummary[] {
  const rows = db.all(`SELECT ${stepColumns} ${fromSteps} WHERE steps.run = ? ORDER BY steps.position`, run)
  const outputs = groupOutputs(
    db.all(
      `SELECT step, port, hash, kind, bytes, rows, columns FROM step_outputs JOIN steps ON steps.id = step_outputs.step
       JOIN artifacts ON artifacts.hash = artifact WHERE steps.run = ? ORDER BY step, port`,
      run,
    ),
  )
  const wires = wiresByStep(
    db.all(
      `SELECT wire_checks.* FROM wire_checks JOIN steps ON steps.id = wire_checks.step WHERE steps.run = ?
       ORDER BY wire_checks.step, wire_checks.position`,
      run,
    ),
  )
  return rows.map((row) => stepSummary(row, outputs.get(row.id as number) ?? {}, wires.get(row.id as number)))
}

export interface NewestStep {
  readonly summary: StepSummary
  /** Canonical text of the key's parts. */
  readonly parts?: string
}

/** The row of a pipeline file that has been run. */
export function pipelineOf(db: Database, file: string): number | undefined {
  return db.get('SELECT id FROM pipelines WHERE file = ?', file)?.id as number | undefined
}

/** The newest result of each node's place in a pipeline. */
export function newestSteps(db: Database, pipeline: number): ReadonlyMap<string, NewestStep> {
  const rows = db.all(
    `SELECT ${stepColumns}, step_keys.parts FROM newest_steps JOIN steps ON steps.id = newest_steps.step
     JOIN runs ON runs.number = steps.run LEFT JOIN step_keys ON step_keys.key = steps.key WHERE newest_steps.pipeline = ?`,
    pipeline,
  )
  const outputs = groupOutputs(
    db.all(
      `SELECT step_outputs.step, port, hash, kind, bytes, rows, columns FROM newest_steps
       JOIN step_outputs ON step_outputs.step = newest_steps.step JOIN artifacts ON artifacts.hash = artifact
       WHERE newest_steps.pipeline = ? ORDER BY step_outputs.step, port`,
      pipeline,
    ),
  )
  return new Map(
    rows.map((row) => [
      row.node as string,
      {
        summary: stepSummary(row, outputs.get(row.id as number) ?? {}),
        ...(row.parts ? { parts: row.parts as string } : {}),
      },
    ]),
  )
}

/** The newest step that gave the result of this key, wherever it stood: what a node shows whose own place gave another. */
export function stepOfKey(db: Database, key: Hash): StepSummary | undefined {
  const row = db.get(
    `SELECT ${stepColumns} ${fromSteps} WHERE steps.key = ? AND steps.status IN ('done', 'cached') ORDER BY steps.id DESC LIMIT 1`,
    key,
  )
  if (!row) return undefined
  const outputs = db.all(
    `SELECT step, port, hash, kind, bytes, rows, columns FROM step_outputs JOIN artifacts ON artifacts.hash = artifact
     WHERE step = ? ORDER BY port`,
    row.id!,
  )
  return stepSummary(row, groupOutputs(outputs).get(row.id as number) ?? {})
}

/** Content hash of a step's report blocks; null when it has none. */
export function stepReport(db: Database, run: Row, node: string): Hash | null {
  const step = db.get('SELECT report FROM steps WHERE run = ? AND node = ?', run.number!, node)
  if (step) return step.report as Hash | null
  throw new ProblemError({
    code: 'not-found',
    message: `The run ${run.id} has no finished step "${node}".`,
    node,
    fix: 'Run the pipeline to this node first.',
  })
}

function groupOutputs(rows: readonly Row[]): ReadonlyMap<number, Record<string, ArtifactSummary>> {
  const groups = new Map<number, Record<string, ArtifactSummary>>()
  for (const row of rows) {
    const step = row.step as number
    const group = groups.get(step) ?? {}
    group[row.port as string] = artifactSummary(row)
    groups.set(step, group)
  }
  return groups
}

function stepSummary(
  row: Row,
  outputs: Readonly<Record<string, ArtifactSummary>>,
  wires?: readonly WireVerdict[],
): StepSummary {
  return {
    run: row.run as string,
    node: row.node as string,
    nodeType: row.type as string,
    status: row.status as StepStatus,
    ...(row.title === null ? {} : { title: row.title as string }),
    ...(row.key === null ? {} : { key: row.key as Hash }),
    ...(row.ms === null ? {} : { ms: row.ms as number }),
    ...(row.peak_bytes === null ? {} : { peakBytes: row.peak_bytes as number }),
    ...(row.verdict === null ? {} : { verdict: row.verdict as Verdict }),
    ...(row.card === null ? {} : { card: JSON.parse(row.card as string) as CardFact }),
    problems: JSON.parse(row.problems as string) as Problem[],
    outputs,
    ...(wires && { wires }),
  }
}
