import { hostname } from 'node:os'
import { type Hash, ProblemError } from '#contract'
import { appendAudit } from './audit-chain.ts'
import type { Database, Row } from './database.ts'
import { processLives } from './model-servers.ts'
import { freeId } from './write-run.ts'

/** A file, or several, that a registered model scored. */
export interface BatchRecord {
  readonly id: string
  readonly name: string
  readonly selector: string
  readonly version: number
  readonly model: Hash
  /** The batch definition that asked for it. */
  readonly job?: string
  readonly inputs: readonly { readonly path: string; readonly hash: Hash; readonly bytes: number }[]
  readonly output: string
  readonly reasons: boolean
  readonly status: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'
  readonly startedAt: string
  readonly endedAt?: string
  readonly rows?: number
  readonly rejected?: number
  readonly outputHash?: Hash
  readonly rejectedHash?: Hash
  readonly problem?: string
}

export interface NewBatch {
  /** Equal for batches that go on with one another's parts. */
  readonly key: Hash
  readonly name: string
  readonly selector: string
  readonly version: number
  readonly model: Hash
  readonly job?: string
  readonly inputs: readonly { readonly path: string; readonly hash: Hash; readonly bytes: number }[]
  readonly out: string
  readonly reasons?: boolean
}

/** Gives its id. Refused while another process works on the same. */
export function beginBatch(db: Database, a: NewBatch): string {
  return db.lastingTransaction(() => {
    const other = db.all("SELECT * FROM batches WHERE key = ? AND status = 'running'", a.key).find(works)
    if (other && other.pid !== process.pid)
      throw new ProblemError({
        code: 'not-supported',
        message: `This batch is under way already, since ${(other.started_at as string).slice(11, 16)} UTC.`,
        fix: 'Wait for its end, or cancel it where it was started.',
      })
    db.run("UPDATE batches SET status = 'interrupted' WHERE key = ? AND status = 'running'", a.key)
    const at = new Date()
    const id = freeId(db, 'batches', at)
    const inputs = a.inputs.map(({ path, hash, bytes }) => ({ path, hash, bytes }))
    db.run(
      `INSERT INTO batches (id, key, name, selector, version, model, job, inputs, output, reasons, status, pid, host, started_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)`,
      ...[id, a.key, a.name, a.selector, a.version, a.model, a.job ?? null, JSON.stringify(inputs), a.out],
      ...[Number(a.reasons === true), process.pid, hostname(), at.toISOString()],
    )
    return id
  })
}

/** How it ended; one that is done enters the audit chain with what went in and came out. */
export function endBatch(
  db: Database,
  id: string,
  a: Pick<BatchRecord, 'rows' | 'rejected' | 'outputHash' | 'rejectedHash' | 'problem'> & {
    readonly status: 'done' | 'failed' | 'cancelled'
  },
): void {
  db.lastingTransaction(() => {
    db.run(
      `UPDATE batches SET status = ?, ended_at = ?, rows = ?, rejected = ?, output_hash = ?, rejected_hash = ?, problem = ?
       WHERE id = ?`,
      ...[a.status, new Date().toISOString(), a.rows ?? null, a.rejected ?? null, a.outputHash ?? null],
      ...[a.rejectedHash ?? null, a.problem ?? null, id],
    )
    if (a.status !== 'done') return
    const { name, version, model, inputs } = db.get('SELECT * FROM batches WHERE id = ?', id)!
    const [rows, rejected, output] = [a.rows!, a.rejected!, a.outputHash!]
    const hashes = (JSON.parse(inputs as string) as BatchRecord['inputs']).map(({ hash }) => hash)
    appendAudit(db, {
      kind: 'model-scored',
      subject: name as string,
      body: { batch: id, version: version!, model: model!, rows, rejected, inputs: hashes, output },
    })
  })
}

/** Newest first. */
export function listBatches(db: Database, limit = 50): readonly BatchRecord[] {
  return db.all('SELECT * FROM batches ORDER BY number DESC LIMIT ?', limit).map(batchRecord)
}

const works = (row: Row) => row.host !== hostname() || processLives(row.pid as number)

function batchRecord(row: Row): BatchRecord {
  const lost = row.status === 'running' && !works(row)
  const optional = {
    job: row.job,
    endedAt: row.ended_at,
    rows: row.rows,
    rejected: row.rejected,
    outputHash: row.output_hash,
    rejectedHash: row.rejected_hash,
    problem: row.problem,
  }
  return {
    id: row.id as string,
    name: row.name as string,
    selector: row.selector as string,
    version: row.version as number,
    model: row.model as Hash,
    inputs: JSON.parse(row.inputs as string) as BatchRecord['inputs'],
    output: row.output as string,
    reasons: row.reasons === 1,
    status: lost ? 'interrupted' : (row.status as BatchRecord['status']),
    startedAt: row.started_at as string,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)) as Partial<BatchRecord>),
  }
}
