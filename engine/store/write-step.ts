import type { JsonValue, Metric } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import type { Database } from './database.ts'
import type { RunReference, StepRecord } from './records.ts'

/** Records a step that has ended, with all that belongs to it. Its artifacts must have been kept. Call it inside a transaction. */
export function recordStep(db: Database, run: RunReference, step: StepRecord): void {
  if (step.key) keepStepKey(db, step.key)
  const id = insertStep(db, run, step)
  for (const [port, hashes] of Object.entries(step.inputs))
    for (const [position, hash] of hashes.entries())
      db.run('INSERT INTO step_inputs (step, port, position, artifact) VALUES (?, ?, ?, ?)', id, port, position, hash)
  for (const [port, artifact] of Object.entries(step.result?.outputs ?? {}))
    db.run('INSERT INTO step_outputs (step, port, artifact) VALUES (?, ?, ?)', id, port, artifact.hash)
  for (const [path, value] of parameterLeaves(step.params))
    db.run('INSERT INTO parameters (step, path, value) VALUES (?, ?, ?)', id, path, canonicalJson(value))
  for (const source of step.sources)
    db.run(
      'INSERT OR IGNORE INTO sources (step, path, hash, bytes) VALUES (?, ?, ?, ?)',
      id,
      source.path,
      source.hash,
      source.bytes,
    )
  for (const [position, metric] of (step.result?.metrics ?? []).entries()) insertMetric(db, id, position, metric)
  if (!run.isTrial && (step.status === 'done' || step.status === 'cached' || step.status === 'failed'))
    db.run('INSERT OR REPLACE INTO newest_steps (pipeline, node, step) VALUES (?, ?, ?)', run.pipeline, step.node, id)
}

export function keepStepKey(db: Database, { key, parts }: { key: string; parts: string }): void {
  db.run('INSERT OR IGNORE INTO step_keys (key, parts) VALUES (?, ?)', key, parts)
}

function insertStep(db: Database, run: RunReference, step: StepRecord): number {
  const { result } = step
  return db.run(
    `INSERT INTO steps (run, position, node, type, version, title, status, key, ms, peak_bytes, verdict, card, report, problems, ended_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run.number,
    step.position,
    step.node,
    step.type,
    step.version,
    step.title ?? null,
    step.status,
    step.key?.key ?? null,
    integer(step.ms),
    integer(result?.peakBytes),
    result?.verdict ?? null,
    result?.card ? JSON.stringify(result.card) : null,
    result?.report ?? null,
    JSON.stringify(step.problems),
    new Date().toISOString(),
  )
}

function insertMetric(db: Database, step: number, position: number, metric: Metric): void {
  db.run(
    'INSERT INTO metrics (step, position, name, label, better, value, low, high, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    step,
    position,
    metric.name,
    metric.label,
    metric.better,
    metric.value,
    metric.low ?? null,
    metric.high ?? null,
    integer(metric.n),
  )
}

function integer(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value)
}

/** Parameters as dotted paths to what is not an object; lists stay whole. */
export function parameterLeaves(
  params: Readonly<Record<string, JsonValue>>,
  prefix = '',
): readonly (readonly [string, JsonValue])[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const path = prefix + name
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    return nested ? parameterLeaves(value as Record<string, JsonValue>, `${path}.`) : [[path, value] as const]
  })
}
