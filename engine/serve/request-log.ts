import Sqlite from 'better-sqlite3'

/** One answer, as it is kept. */
export interface LoggedAnswer {
  readonly id: string
  readonly atMs: number
  readonly model: string
  readonly version: number
  readonly route: string
  readonly status: number
  readonly ms: number
  readonly rows: number
  readonly fallback: boolean
  /** Bodies as they came and went. */
  readonly request: string
  readonly response: string
}
export interface RequestLog {
  add(answer: LoggedAnswer): void
  flush(): void
  close(): void
}

/** What may be lost when the server is killed: answers of so long, or so many. */
const flushEveryMs = 100
const mostWaiting = 500
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

/** Keeps answers in a SQLite file of its own, many in a transaction; what is older than ninety days goes. */
export function openRequestLog(file: string): RequestLog {
  const sqlite = new Sqlite(file, { timeout: busyMs })
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.exec(schema)
  sqlite.prepare('DELETE FROM requests WHERE at_ms < ?').run(Date.now() - keptDays * 86_400_000)
  const insert = sqlite.prepare(
    `INSERT INTO requests (id, at_ms, model, version, route, status, ms, rows, fallback, request, response)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  let waiting: LoggedAnswer[] = []
  let planned: NodeJS.Timeout | undefined
  const write = sqlite.transaction((answers: readonly LoggedAnswer[]) => {
    for (const a of answers)
      insert.run(
        a.id,
        a.atMs,
        a.model,
        a.version,
        a.route,
        a.status,
        a.ms,
        a.rows,
        Number(a.fallback),
        a.request,
        a.response,
      )
  })
  const flush = () => {
    clearTimeout(planned)
    planned = undefined
    if (waiting.length === 0) return
    const now = waiting
    waiting = []
    try {
      write.immediate(now)
    } catch (error) {
      // An answer is worth more than its line in the log: the disk may be full.
      console.error(`${now.length} answers could not be logged: ${String(error)}`)
    }
  }
  return {
    add(answer) {
      waiting.push(answer)
      if (waiting.length >= mostWaiting) flush()
      else planned ??= setTimeout(flush, flushEveryMs)
    },
    flush,
    close() {
      flush()
      sqlite.close()
    },
  }
}
