/** The thread that writes the request log: SQLite waits for the disk now and then, and no answer should wait with it. */
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { outcomesTable, storeOutcomes } from './outcome-store.ts'
import type { FromLog, LoggedAnswer, ToLog } from './request-log.ts'
import { requestsTable } from './request-table.ts'

const keptDays = 90
const busyMs = 2_000

const sqlite = new Sqlite(workerData as string, { timeout: busyMs })
sqlite.pragma('journal_mode = WAL')
sqlite.pragma('synchronous = NORMAL')
requestsTable(sqlite)
sqlite.exec(outcomesTable)
const oldest = Date.now() - keptDays * 86_400_000
sqlite.prepare('DELETE FROM requests WHERE at_ms < ?').run(oldest)
sqlite.prepare('DELETE FROM outcomes WHERE at_ms < ?').run(oldest)
const insert = sqlite.prepare(
  `INSERT INTO requests (id, at_ms, model, version, route, status, ms, rows, fallback, request, response, arm, rollout)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const write = sqlite.transaction((answers: readonly LoggedAnswer[]) => {
  for (const a of answers)
    insert.run(
      ...[a.id, a.atMs, a.model, a.version, a.route, a.status, a.ms, a.rows, Number(a.fallback), a.request, a.response],
      ...[a.arm ?? null, a.rollout ?? null],
    )
})
const tell = (message: FromLog) => parentPort!.postMessage(message)

parentPort!.on('message', (message: ToLog) => {
  if (message.t === 'close') {
    sqlite.close()
    parentPort!.close()
  } else if (message.t === 'answers')
    try {
      write.immediate(message.answers)
    } catch (error) {
      // An answer is worth more than its line in the log: the disk may be full.
      console.error(`${message.answers.length} answers could not be logged: ${String(error)}`)
    }
  else
    try {
      tell({ t: 'stored', id: message.id, ...storeOutcomes(sqlite, message.outcomes) })
    } catch (error) {
      tell({ t: 'failed', id: message.id, message: String(error) })
    }
})
