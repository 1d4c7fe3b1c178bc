import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Database, Row } from './database.ts'
import { auditRunEnd } from './write-run.ts'

/** How often an open engine says that it lives. */
export const heartbeatEveryMs = 30_000
const deadAfterMs = 300_000

/** Enters this process among the engines of the project. Gives its id. */
export function registerEngine(db: Database): string {
  const id = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`
  db.transaction(() =>
    db.run(
      'INSERT INTO engines (id, pid, host, started_at, heartbeat_ms) VALUES (?, ?, ?, ?, ?)',
      id,
      process.pid,
      hostname(),
      new Date().toISOString(),
      Date.now(),
    ),
  )
  return id
}

export function beat(db: Database, engine: string): void {
  db.run('UPDATE engines SET heartbeat_ms = ? WHERE id = ?', Date.now(), engine)
}

export function closeEngine(db: Database, engine: string): void {
  db.run('UPDATE engines SET closed = 1 WHERE id = ?', engine)
}

/** Engines that are at work: their temporary files and runs are not ours to touch. */
export function livingEngines(db: Database): ReadonlySet<string> {
  const open = db.all('SELECT id, pid, host, heartbeat_ms FROM engines WHERE closed = 0')
  return new Set(open.filter(lives).map((row) => row.id as string))
}

/** An engine that was heard of lately lives; on this machine the system must know its process too. */
function lives(row: Row): boolean {
  if (Date.now() - (row.heartbeat_ms as number) > deadAfterMs) return false
  if (row.host !== hostname()) return true
  try {
    process.kill(row.pid as number, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Marks runs whose engine ended under them. Gives their ids. */
export function interruptLostRuns(db: Database): readonly string[] {
  const living = livingEngines(db)
  const lost = db
    .all("SELECT number, id, engine FROM runs WHERE status = 'running'")
    .filter((row) => !living.has(row.engine as string))
  if (lost.length === 0) return []
  db.lastingTransaction(() => {
    for (const row of lost) {
      const run = { number: row.number as number, id: row.id as string }
      const still = db.get("SELECT 1 FROM runs WHERE number = ? AND status = 'running'", run.number)
      if (!still) continue
      db.run("UPDATE runs SET status = 'interrupted' WHERE number = ?", run.number)
      auditRunEnd(db, run, 'interrupted')
    }
  })
  return lost.map((row) => row.id as string)
}
