import {
  type Estimate,
  type JsonValue,
  type Metric,
  type PipelineDocument,
  type Problem,
  ProblemError,
  type RunStatus,
  type SweepPlan,
  type SweepStatus,
  type SweepSummary,
  type SweepTrial,
} from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import type { Database, Row } from './database.ts'
import { livingEngines } from './engine-register.ts'
import { freeId, keepPipeline, keepText } from './write-run.ts'

/** A sweep as the lineage keeps it. */
export interface SweepRecord extends Omit<SweepSummary, 'ended' | 'best'> {
  /** Hash of the document's text. */
  readonly version: string
}

/** A trial with what its search needs to go on. */
export interface TrialRecord extends SweepTrial {
  /** What the search proposed, as it said it. */
  readonly proposal: JsonValue
  readonly label?: string
  readonly better?: Metric['better']
}

export function beginSweep(
  db: Database,
  a: { document: PipelineDocument; file?: string; plan: SweepPlan; planned: number; engine: string },
): string {
  return db.transaction(() => {
    const at = new Date()
    const id = freeId(db, 'sweeps', at)
    db.run(
      `INSERT INTO sweeps (id, pipeline, version, engine, plan, planned, status, started_at)
       VALUES (?, ?, ?, ?, ?, ?, 'running', ?)`,
      id,
      keepPipeline(db, a.document.name, a.file),
      keepText(db, 'pipeline_versions', 'document', canonicalJson(a.document)),
      a.engine,
      JSON.stringify(a.plan),
      a.planned,
      at.toISOString(),
    )
    return id
  })
}

/** Takes a sweep that nobody works on for this engine. */
export function takeSweep(db: Database, sweep: string, engine: string): void {
  db.transaction(() => {
    if (findSweep(db, sweep).status === 'running')
      throw new ProblemError({
        code: 'not-supported',
        message: `The sweep ${sweep} is under way.`,
        fix: 'Wait for its end, or cancel it where it was started.',
      })
    db.run("UPDATE sweeps SET status = 'running', engine = ? WHERE id = ?", engine, sweep)
  })
}

export function endSweep(db: Database, sweep: string, status: SweepStatus): void {
  db.transaction(() => db.run('UPDATE sweeps SET status = ? WHERE id = ?', status, sweep))
}

export function keepTrial(
  db: Database,
  sweep: string,
  trial: { number: number; proposal: JsonValue; settings: Readonly<Record<string, JsonValue>> },
): void {
  db.transaction(() =>
    db.run(
      'INSERT OR REPLACE INTO sweep_trials (sweep, number, proposal, settings) VALUES (?, ?, ?, ?)',
      sweep,
      trial.number,
      JSON.stringify(trial.proposal),
      JSON.stringify(trial.settings),
    ),
  )
}

/** A trial that could not even begin. */
export function failTrial(db: Database, sweep: string, number: number, problem: string): void {
  db.transaction(() =>
    db.run('UPDATE sweep_trials SET problem = ? WHERE sweep = ? AND number = ?', problem, sweep, number),
  )
}

const fromSweeps = `SELECT sweeps.*, pipelines.name, pipelines.file FROM sweeps JOIN pipelines ON pipelines.id = sweeps.pipeline`

/** Newest first. */
export function listSweeps(db: Database, a: { file?: string; limit?: number }): readonly SweepRecord[] {
  const where = a.file === undefined ? '' : 'WHERE pipelines.file = ?'
  const limit = Math.max(1, Math.min(1_000, Math.floor(a.limit ?? 50)))
  const bindings = a.file === undefined ? [limit] : [a.file, limit]
  const living = livingEngines(db)
  return db
    .all(`${fromSweeps} ${where} ORDER BY sweeps.started_at DESC, sweeps.id DESC LIMIT ?`, ...bindings)
    .map((row) => sweepRecord(row, living))
}

export function findSweep(db: Database, id: string): SweepRecord {
  const row = db.get(`${fromSweeps} WHERE sweeps.id = ?`, id)
  if (row) return sweepRecord(row, livingEngines(db))
  throw new ProblemError({
    code: 'not-found',
    message: `This project has no sweep "${id}".`,
    fix: 'Choose one of the sweeps that "plumbline sweep" lists.',
  })
}

/** A sweep whose engine ended under it was interrupted, whatever its row says. */
function sweepRecord(row: Row, living: ReadonlySet<string>): SweepRecord {
  const lost = row.status === 'running' && !living.has(row.engine as string)
  return {
    id: row.id as string,
    pipeline: row.name as string,
    ...(row.file ? { file: row.file as string } : {}),
    status: lost ? 'interrupted' : (row.status as SweepStatus),
    startedAt: row.started_at as string,
    plan: JSON.parse(row.plan as string) as SweepPlan,
    planned: row.planned as number,
    version: row.version as string,
  }
}

export function sweepDocument(db: Database, version: string): PipelineDocument {
  const row = db.get('SELECT document FROM pipeline_versions WHERE hash = ?', version)!
  return JSON.parse(row.document as string) as PipelineDocument
}

/** Trials in their order, each with what its run found. */
export function sweepTrials(db: Database, { id, plan }: Pick<SweepRecord, 'id' | 'plan'>): readonly TrialRecord[] {
  const rows = db.all(
    `SELECT sweep_trials.*, runs.id AS run_id, runs.status, runs.ms, metrics.label, metrics.better, metrics.value, metrics.low,
       metrics.high, metrics.n,
       (SELECT problems FROM steps WHERE steps.run = runs.number AND steps.status = 'failed' ORDER BY position LIMIT 1) AS problems
     FROM sweep_trials LEFT JOIN runs ON runs.number = sweep_trials.run
     LEFT JOIN steps ON steps.run = runs.number AND steps.node = ? LEFT JOIN metrics ON metrics.step = steps.id AND metrics.name = ?
     WHERE sweep = ? ORDER BY sweep_trials.number`,
    plan.metric.node,
    plan.metric.name,
    id,
  )
  return rows.map((row) => trialRecord(row, plan))
}

function trialRecord(row: Row, plan: SweepPlan): TrialRecord {
  const proposal = JSON.parse(row.proposal as string) as { budget?: number; from?: number }
  const status = trialStatus(row)
  const problem = status === 'failed' ? whyFailed(row, plan) : undefined
  return {
    number: row.number as number,
    settings: JSON.parse(row.settings as string) as Record<string, JsonValue>,
    proposal,
    status,
    ...(proposal.budget !== undefined && { budget: proposal.budget }),
    ...(proposal.from !== undefined && { from: proposal.from }),
    ...(row.run_id !== null && { run: row.run_id as string }),
    ...(row.ms !== null && { ms: row.ms as number }),
    ...(row.label !== null && {
      estimate: estimateOf(row),
      label: row.label as string,
      better: row.better as Metric['better'],
    }),
    ...(problem !== undefined && { problem }),
  }
}

/** Done is a trial with a value: a gate behind it may still have failed. */
function trialStatus(row: Row): SweepTrial['status'] {
  if (row.problem !== null) return 'failed'
  const status = row.status as RunStatus | null
  if (status === null || status === 'running') return 'running'
  if (status === 'cancelled' || status === 'interrupted') return 'cancelled'
  return row.value === null ? 'failed' : 'done'
}

function whyFailed(row: Row, { metric }: SweepPlan): string {
  if (row.problem !== null) return row.problem as string
  const [first] = row.problems === null ? [] : (JSON.parse(row.problems as string) as Problem[])
  return first?.message ?? `The node "${metric.node}" gave no figure "${metric.name}".`
}

const estimateOf = ({ value, low, high, n }: Row): Estimate => ({
  value: value as number | null,
  ...(low !== null && { low: low as number }),
  ...(high !== null && { high: high as number }),
  ...(n !== null && { n: n as number }),
})
