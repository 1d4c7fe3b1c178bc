import { randomBytes } from 'node:crypto'
import type { JsonValue, PipelineDocument, RunStatus, Verdict } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { appendAudit } from './audit-chain.ts'
import type { Database } from './database.ts'
import { hashBytes } from './hashing.ts'
import type { EndedRunStatus, RunReference } from './records.ts'
import { stepHashes } from './run-record.ts'

export interface NewRun {
  readonly document: PipelineDocument
  readonly file?: string
  readonly targets: readonly string[]
  readonly environment: JsonValue
  /** Id of the engine, as `registerEngine` gave it. */
  readonly engine: string
  /** The trial of a sweep it is. */
  readonly trial?: TrialReference
}
export interface TrialReference {
  readonly sweep: string
  readonly number: number
}

export function beginRun(db: Database, run: NewRun): RunReference {
  return db.lastingTransaction(() => {
    const pipeline = keepPipeline(db, run.document.name, run.file)
    const version = keepText(db, 'pipeline_versions', 'document', canonicalJson(run.document))
    const environment = keepText(db, 'environments', 'body', canonicalJson(run.environment))
    const at = new Date()
    const id = freeId(db, 'runs', at)
    const number = db.run(
      `INSERT INTO runs (id, pipeline, version, environment, engine, seed, targets, status, started_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?)`,
      id,
      pipeline,
      version,
      environment,
      run.engine,
      run.document.seed,
      JSON.stringify(run.targets),
      at.toISOString(),
    )
    const { trial } = run
    if (trial)
      db.run('UPDATE sweep_trials SET run = ? WHERE sweep = ? AND number = ?', number, trial.sweep, trial.number)
    appendAudit(db, {
      kind: 'run-started',
      subject: id,
      body: {
        pipeline: run.document.name,
        file: run.file ?? null,
        version,
        environment,
        targets: run.targets,
        ...(trial && { sweep: trial.sweep, trial: trial.number }),
      },
    })
    return { number, id, pipeline, ...(trial && { isTrial: true }) }
  })
}

/** Ends a run and enters what its steps were in the chain. */
export function endRun(
  db: Database,
  run: Pick<RunReference, 'number' | 'id'>,
  status: EndedRunStatus,
  facts: { ms: number; verdict?: Verdict },
): void {
  db.lastingTransaction(() => {
    db.run(
      'UPDATE runs SET status = ?, verdict = ?, ms = ? WHERE number = ?',
      status,
      facts.verdict ?? null,
      Math.round(facts.ms),
      run.number,
    )
    auditRunEnd(db, run, status)
  })
}

/** The chain's entry for a run that has ended in whatever way. Call it inside a lasting transaction. */
export function auditRunEnd(db: Database, run: Pick<RunReference, 'number' | 'id'>, status: RunStatus): void {
  appendAudit(db, { kind: 'run-ended', subject: run.id, body: { status, steps: stepHashes(db, run.number) } })
}

export function addLog(
  db: Database,
  run: RunReference,
  entry: { node?: string; level: string; message: string },
): void {
  db.run(
    'INSERT INTO logs (run, node, at, level, message) VALUES (?, ?, ?, ?, ?)',
    run.number,
    entry.node ?? null,
    new Date().toISOString(),
    entry.level,
    entry.message,
  )
}

/** The pipeline's row: by its file, or by its name while it has none. */
export function keepPipeline(db: Database, name: string, file: string | undefined): number {
  const known = file
    ? db.get('SELECT id, name FROM pipelines WHERE file = ?', file)
    : db.get('SELECT id, name FROM pipelines WHERE file IS NULL AND name = ?', name)
  if (!known) return db.run('INSERT INTO pipelines (file, name) VALUES (?, ?)', file ?? null, name)
  if (known.name !== name) db.run('UPDATE pipelines SET name = ? WHERE id = ?', name, known.id as number)
  return known.id as number
}

export function keepText(
  db: Database,
  table: 'pipeline_versions' | 'environments',
  column: string,
  text: string,
): string {
  const hash = hashBytes(text)
  db.run(`INSERT OR IGNORE INTO ${table} (hash, ${column}) VALUES (?, ?)`, hash, text)
  return hash
}

/** Ids sort by time and are short enough to type: 20261124-134805-3f7a (UTC). */
export function freeId(db: Database, table: 'runs' | 'sweeps' | 'batches', at: Date): string {
  const [day, time] = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T')
  for (;;) {
    const id = `${day}-${time}-${randomBytes(2).toString('hex')}`
    if (!db.get(`SELECT 1 FROM ${table} WHERE id = ?`, id)) return id
  }
}
