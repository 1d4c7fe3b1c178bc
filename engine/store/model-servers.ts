import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { ModelServer } from '#contract'
import type { Database } from './database.ts'

/** How often a server says that it lives. */
export const serverBeatEveryMs = 5_000
const deadAfterMs = 30_000

/** Enters this process among those that serve. Gives its id. */
export function enterServer(
  db: Database,
  a: { readonly name: string; readonly selector: string; readonly version: number; readonly address: string },
): string {
  const id = randomBytes(8).toString('hex')
  db.transaction(() => {
    db.run('DELETE FROM model_servers WHERE heartbeat_ms < ?', Date.now() - deadAfterMs)
    db.run(
      `INSERT INTO model_servers (id, pid, host, name, selector, version, address, started_at, heartbeat_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, process.pid, hostname(), a.name, a.selector, a.version, a.address, new Date().toISOString(), Date.now()],
    )
  })
  return id
}

export function beatServer(db: Database, id: string, version: number): void {
  db.run('UPDATE model_servers SET version = ?, heartbeat_ms = ? WHERE id = ?', version, Date.now(), id)
}

export function leaveServer(db: Database, id: string): void {
  db.run('DELETE FROM model_servers WHERE id = ?', id)
}

/** Servers heard of lately; on this machine the system must know their process too. */
export function livingServers(db: Database): readonly (ModelServer & { readonly name: string })[] {
  return db
    .all('SELECT * FROM model_servers WHERE heartbeat_ms >= ? ORDER BY started_at, id', Date.now() - deadAfterMs)
    .filter((row) => row.host !== hostname() || processLives(row.pid as number))
    .map((row) => ({
      name: row.name as string,
      address: row.address as string,
      selector: row.selector as string,
      version: row.version as number,
      startedAt: row.started_at as string,
    }))
}

/** Whether this machine runs such a process. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
