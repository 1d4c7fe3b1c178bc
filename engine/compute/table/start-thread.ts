import { Worker } from 'node:worker_threads'
import { ProblemError } from '#contract'
import type { FoundPart, TableAnswers, TableJob, TableReply, TableTask } from './table-jobs.ts'

/** A thread for jobs on tables that starts with the first. */
export interface TableThread {
  ask<J extends TableJob>(job: J, more?: AskOptions): Promise<TableAnswers[J['kind']]>
  close(): void
}
interface AskOptions {
  readonly onPart?: (part: FoundPart) => void
  /** Ends the job when it is aborted; the answer is then the problem `cancelled`. */
  readonly signal?: AbortSignal
}
interface Waiting {
  readonly onPart: ((part: FoundPart) => void) | undefined
  readonly resolve: (answer: never) => void
  readonly reject: (error: unknown) => void
}

export function createTableThread(): TableThread {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let next = 1
  const start = (): Worker => {
    const started = new Worker(new URL('./table-thread.ts', import.meta.url))
    const failAll = (error: unknown) => {
      if (worker === started) worker = undefined
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('message', (reply: TableReply) => take(reply))
    started.on('error', failAll)
    started.on('exit', () => failAll(gone()))
    started.unref()
    return started
  }
  const take = (reply: TableReply) => {
    const one = waiting.get(reply.id)
    if (!one) return
    if ('part' in reply) return one.onPart?.(reply.part)
    waiting.delete(reply.id)
    if (waiting.size === 0) worker?.unref()
    if ('problems' in reply) one.reject(new ProblemError(reply.problems))
    else one.resolve(reply.answer as never)
  }
  return {
    ask(job, { onPart, signal } = {}) {
      worker ??= start()
      worker.ref()
      const id = next++
      const cancelled = new Int32Array(new SharedArrayBuffer(4))
      signal?.addEventListener('abort', () => Atomics.store(cancelled, 0, 1), { once: true })
      if (signal?.aborted) Atomics.store(cancelled, 0, 1)
      return new Promise((resolve, reject) => {
        waiting.set(id, { onPart, resolve, reject })
        worker!.postMessage({ id, job, cancelled } satisfies TableTask)
      })
    },
    close() {
      void worker?.terminate()
    },
  }
}

const gone = () => new ProblemError({ code: 'worker-died', message: 'The thread that looks through tables ended.' })
