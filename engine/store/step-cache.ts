import type { ArtifactSummary, CardFact, Hash, Metric, Verdict } from '#contract'
import type { Database, Row } from './database.ts'
import type { NewArtifact, StepKey, StepResult, StoredArtifact } from './records.ts'
import { keepStepKey } from './write-step.ts'

/** Keeps what a step made under its key. Call it inside a transaction, after the artifacts are on disk. */
export function keepResult(db: Database, key: StepKey, result: StepResult<NewArtifact>): void {
  keepStepKey(db, key)
  const at = new Date().toISOString()
  for (const artifact of Object.values(result.outputs)) keepArtifact(db, artifact, at)
  db.run('DELETE FROM cache WHERE key = ?', key.key)
  db.run(
    'INSERT INTO cache (key, card, verdict, report, metrics, ms, peak_bytes, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    key.key,
    result.card ? JSON.stringify(result.card) : null,
    result.verdict ?? null,
    result.report ?? null,
    JSON.stringify(result.metrics),
    Math.round(result.ms),
    result.peakBytes === undefined ? null : Math.round(result.peakBytes),
    at,
  )
  for (const [port, artifact] of Object.entries(result.outputs))
    db.run('INSERT INTO cache_outputs (key, port, artifact) VALUES (?, ?, ?)', key.key, port, artifact.hash)
}

/** Keeps artifacts without a cache entry: what steps that act on the world made. */
export function keepArtifact(db: Database, artifact: NewArtifact, at = new Date().toISOString()): void {
  db.run(
    'INSERT OR IGNORE INTO artifacts (hash, kind, bytes, rows, columns, verdict, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    artifact.hash,
    artifact.kind,
    artifact.bytes,
    artifact.rows ?? null,
    artifact.columns ?? null,
    artifact.verdict ?? null,
    at,
  )
  for (const content of artifact.references)
    db.run('INSERT OR IGNORE INTO artifact_references (artifact, content) VALUES (?, ?)', artifact.hash, content)
}

/** Whether any step was ever done here. */
export function hasResults(db: Database): boolean {
  return db.get('SELECT 1 FROM cache LIMIT 1') !== undefined
}

export interface CachedResult extends StepResult {
  /** Every content file the result stands on: artifacts, what they name, the report. */
  readonly content: readonly Hash[]
}

export function findResult(db: Database, key: Hash): CachedResult | undefined {
  const entry = db.get('SELECT card, verdict, report, metrics, ms, peak_bytes FROM cache WHERE key = ?', key)
  if (!entry) return undefined
  const rows = db.all(
    `SELECT port, hash, kind, bytes, rows, columns, verdict FROM cache_outputs
     JOIN artifacts ON artifacts.hash = cache_outputs.artifact WHERE key = ? ORDER BY port`,
    key,
  )
  const outputs = Object.fromEntries(rows.map((row) => [row.port as string, storedArtifact(row)]))
  const named = rows.flatMap((row) => referencesOf(db, row.hash as Hash))
  const own = rows.map((row) => row.hash as Hash)
  const report = entry.report as Hash | null
  return {
    outputs,
    ...(entry.card ? { card: JSON.parse(entry.card as string) as CardFact } : {}),
    ...(entry.verdict ? { verdict: entry.verdict as Verdict } : {}),
    ...(report ? { report } : {}),
    metrics: JSON.parse(entry.metrics as string) as Metric[],
    ms: entry.ms as number,
    ...(entry.peak_bytes === null ? {} : { peakBytes: entry.peak_bytes as number }),
    content: [...new Set([...own, ...named, ...(report ? [report] : [])])],
  }
}

export function referencesOf(db: Database, artifact: Hash): readonly Hash[] {
  return db
    .all('SELECT content FROM artifact_references WHERE artifact = ? ORDER BY content', artifact)
    .map((row) => row.content as Hash)
}

export function storedArtifact(row: Row): StoredArtifact {
  return { ...artifactSummary(row), ...(row.verdict ? { verdict: row.verdict as Verdict } : {}) }
}

export function artifactSummary(row: Row): ArtifactSummary {
  return {
    hash: row.hash as Hash,
    kind: row.kind as string,
    bytes: row.bytes as number,
    ...(row.rows === null ? {} : { rows: row.rows as number }),
    ...(row.columns === null ? {} : { columns: row.columns as number }),
  }
}
