import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

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
  /** Writes what waits, then closes the file. */
  close(): Promise<void>
}

/** What may be lost when the server is killed: answers of about so long, or so many, and what the thread is writing. */
const flushEveryMs = 100
const mostWaiting = 500

/** Keeps answers in a SQLite file of its own, many in a transaction, on a thread of its own; what is older than ninety days goes. */
export function openRequestLog(file: string): RequestLog {
  const thread = new Worker(new URL('./request-log-thread.ts', import.meta.url), { workerData: file })
  thread.on('error', (error) => console.error(`The request log ended: ${error.message}`))
  let waiting: LoggedAnswer[] = []
  let planned: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(planned)
    planned = undefined
    if (waiting.length > 0) thread.postMessage(waiting)
    waiting = []
  }
  return {
    add(answer) {
      waiting.push(answer)
      if (waiting.length >= mostWaiting) flush()
      else planned ??= setTimeout(flush, flushEveryMs)
    },
    async close() {
      flush()
      const ended = once(thread, 'exit')
      thread.postMessage('close')
      await ended
    },
  }
}
