/** The thread that writes the request log: SQLite waits for the disk now and then, and no answer should wait with it. */
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import type { LoggedAnswer } from './request-log.ts'

const keptDays = 90
const busyMs = 2_000

const schema = `
CREATE TABLE IF NOT EXISTS requests (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  route TEXT NOT NULL,
  status INTEGER NOT NULL,
  ms REAL NOT NULL,
  rows INTEGER NOT NULL,
  fallback INTEGER NOT NULL,
  request TEXT NOT NULL,
  response TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS requests_by_time ON requests (at_ms);
`

const sqlite = new Sqlite(workerData as string, { timeout: busyMs })
sqlite.pragma('journal_mode = WAL')
sqlite.pragma('synchronous = NORMAL')
sqlite.exec(schema)
sqlite.prepare('DELETE FROM requests WHERE at_ms < ?').run(Date.now() - keptDays * 86_400_000)
const insert = sqlite.prepare(
  `INSERT INTO requests (id, at_ms, model, version, route, status, ms, rows, fallback, request, response)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const write = sqlite.transaction((answers: readonly LoggedAnswer[]) => {
  for (const a of answers)
    insert.run(
      ...[a.id, a.atMs, a.model, a.version, a.route, a.status, a.ms, a.rows, Number(a.fallback), a.request, a.response],
    )
})

parentPort!.on('message', (answers: readonly LoggedAnswer[] | 'close') => {
  if (answers === 'close') {
    sqlite.close()
    parentPort!.close()
    return
  }
  try {
    write.immediate(answers)
  } catch (error) {
    // An answer is worth more than its line in the log: the disk may be full.
    console.error(`${answers.length} answers could not be logged: ${String(error)}`)
  }
})
