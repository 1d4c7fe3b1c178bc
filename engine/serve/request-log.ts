import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { AnsweredOutcome } from './outcome-store.ts'
import type { GivenOutcome, OutcomeReceipt } from './parse-outcomes.ts'

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
  /** Of a rollout: who answered (champion, challenger or mixed), and its id. */
  readonly arm?: string | undefined
  readonly rollout?: number | undefined
}
export interface RequestLog {
  add(answer: LoggedAnswer): void
  /** Writes what waits, then closes the file. */
  close(): Promise<void>
}
export interface StoredOutcomes {
  readonly receipt: OutcomeReceipt
  readonly answered: readonly AnsweredOutcome[]
}
/** A log that also keeps outcomes. */
export interface OutcomeLog extends RequestLog {
  /** Of answers that were added before, too. */
  store(outcomes: readonly GivenOutcome[]): Promise<StoredOutcomes>
}

export type ToLog =
  | { readonly t: 'answers'; readonly answers: readonly LoggedAnswer[] }
  | { readonly t: 'outcomes'; readonly id: number; readonly outcomes: readonly GivenOutcome[] }
  | { readonly t: 'close' }
export type FromLog =
  | ({ readonly t: 'stored'; readonly id: number } & StoredOutcomes)
  | { readonly t: 'failed'; readonly id: number; readonly message: string }

/** What may be lost when the server is killed: answers of about so long, or so many, and what the thread is writing. */
const flushEveryMs = 100
const mostWaiting = 500

interface Asking {
  resolve(stored: StoredOutcomes): void
  reject(error: Error): void
}

/** Keeps answers in a SQLite file of its own, many in a transaction, on a thread of its own; what is older than ninety days goes. */
export function openRequestLog(file: string): OutcomeLog {
  const thread = new Worker(new URL('./request-log-thread.ts', import.meta.url), { workerData: file })
  const asking = new Map<number, Asking>()
  thread.on('error', (error) => {
    console.error(`The request log ended: ${error.message}`)
    for (const { reject } of asking.values()) reject(error)
    asking.clear()
  })
  thread.on('message', (message: FromLog) => {
    const waits = asking.get(message.id)
    asking.delete(message.id)
    if (message.t === 'stored') waits?.resolve(message)
    else waits?.reject(new Error(message.message))
  })
  const send = (message: ToLog) => thread.postMessage(message)
  let waiting: LoggedAnswer[] = []
  let planned: NodeJS.Timeout | undefined
  let asked = 0
  const flush = () => {
    clearTimeout(planned)
    planned = undefined
    if (waiting.length > 0) send({ t: 'answers', answers: waiting })
    waiting = []
  }
  return {
    add(answer) {
      waiting.push(answer)
      if (waiting.length >= mostWaiting) flush()
      else planned ??= setTimeout(flush, flushEveryMs)
    },
    store(outcomes) {
      flush()
      const id = asked++
      return new Promise((resolve, reject) => {
        asking.set(id, { resolve, reject })
        send({ t: 'outcomes', id, outcomes })
      })
    },
    async close() {
      flush()
      const ended = once(thread, 'exit')
      send({ t: 'close' })
      await ended
    },
  }
}
