import type { JsonValue } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import type { Database, Row } from './database.ts'
import { hashBytes } from './hashing.ts'

/** What the chain keeps: each entry carries the hash of the one before, so that a change anywhere shows. */
export interface AuditEntry {
  readonly number: number
  readonly at: string
  readonly kind:
    | 'run-started'
    | 'run-ended'
    | 'review'
    | 'model-registered'
    | 'model-changed'
    | 'model-deployed'
    | 'model-exported'
    | 'model-promoted'
    | 'model-rolled-back'
    | `rollout-${'started' | 'stepped' | 'checked' | 'paused' | 'resumed' | 'promoted' | 'aborted'}`
    | 'model-scored'
    | 'case-queued'
    | 'case-taken'
    | 'case-released'
    | 'case-decided-first'
    | 'case-decided'
    | 'case-vetoed'
    | 'case-in-force'
  /** A run's, a review's or a case's id, a model's name. */
  readonly subject: string
  readonly body: JsonValue
}

const beginning = '0'.repeat(64)

/** Call it inside a lasting transaction. */
export function appendAudit(db: Database, entry: Omit<AuditEntry, 'number' | 'at'>): void {
  const last = db.get('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1')
  const number = ((last?.number as number | undefined) ?? 0) + 1
  const previous = (last?.hash as string | undefined) ?? beginning
  const body = canonicalJson(entry.body)
  const at = new Date().toISOString()
  const hash = entryHash({ number, at, kind: entry.kind, subject: entry.subject, body, previous })
  db.run(
    'INSERT INTO audit (number, at, kind, subject, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    number,
    at,
    entry.kind,
    entry.subject,
    body,
    previous,
    hash,
  )
}

function entryHash(row: Row): string {
  const { number, at, kind, subject, body, previous } = row
  return hashBytes(canonicalJson({ number, at, kind, subject, body, previous }))
}

/** The numbers of entries that are changed, missing or out of place. */
export function brokenAuditEntries(db: Database): readonly number[] {
  const broken: number[] = []
  let previous = beginning
  let expected = 1
  for (const row of db.all('SELECT * FROM audit ORDER BY number')) {
    while (expected < (row.number as number)) broken.push(expected++)
    if (row.previous !== previous || row.hash !== entryHash(row)) broken.push(row.number as number)
    previous = row.hash as string
    expected++
  }
  return broken
}

export function auditEntries(db: Database, subject: string): readonly AuditEntry[] {
  return db
    .all('SELECT number, at, kind, subject, body FROM audit WHERE subject = ? ORDER BY number', subject)
    .map((row) => ({
      number: row.number as number,
      at: row.at as string,
      kind: row.kind as AuditEntry['kind'],
      subject: row.subject as string,
      body: JSON.parse(row.body as string) as JsonValue,
    }))
}
