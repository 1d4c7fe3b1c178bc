import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CaseReasons, QueueCounts, QueuedCase } from '#contract'
import { caseView } from '#store/queue/case-view'
import { casesWithoutReasons, type NewCase, openQueue } from '#store/queue/open-queue'
import { queueCounts } from '#store/queue/read-queue'
import { QueueAway } from './queue-away.ts'

export interface GivenReasons {
  readonly id: string
  readonly reasons: CaseReasons
}
export type ToQueue =
  | { readonly t: 'add'; readonly cases: readonly NewCase[] }
  | { readonly t: 'reasons'; readonly reasons: readonly GivenReasons[] }
  | { readonly t: 'close' }
export type FromQueue = { readonly t: 'added' } | { readonly t: 'failed'; readonly message: string }

/** Where a server puts cases. They are on the disk once `add` resolves. */
export interface CaseDesk {
  add(cases: readonly NewCase[]): Promise<void>
  addReasons(reasons: readonly GivenReasons[]): void
  withoutReasons(model: string, version: number): ReturnType<typeof casesWithoutReasons>
  /** A case of this model. */
  find(model: string, id: string): QueuedCase | undefined
  counts(model: string): QueueCounts
  close(): Promise<void>
}

interface Waiting {
  readonly cases: readonly NewCase[]
  resolve(): void
  reject(error: Error): void
}

/** Writes on a thread of its own: each commit waits for the disk, and cases that come meanwhile share the next one. */
export function openCaseDesk(file: string): CaseDesk {
  const queue = openQueue(file)
  const thread = new Worker(new URL('./queue-thread.ts', import.meta.url), { workerData: file })
  let waiting: Waiting[] = []
  let flying: Waiting[] = []
  let lost: QueueAway | undefined
  const send = (message: ToQueue) => thread.postMessage(message)
  const next = () => {
    if (flying.length > 0 || waiting.length === 0) return
    flying = waiting
    waiting = []
    send({ t: 'add', cases: flying.flatMap(({ cases }) => cases) })
  }
  const settle = (answer: (one: Waiting) => void) => {
    const done = flying
    flying = []
    for (const one of done) answer(one)
    next()
  }
  thread.on('message', (message: FromQueue) => {
    if (message.t === 'added') settle(({ resolve }) => resolve())
    else settle(({ reject }) => reject(new QueueAway(message.message)))
  })
  thread.on('error', (error) => {
    lost = new QueueAway(error.message, { cause: error })
    flying = [...flying, ...waiting]
    waiting = []
    settle(({ reject }) => reject(lost!))
  })
  return {
    add: (cases) =>
      new Promise((resolve, reject) => {
        if (lost) return reject(lost)
        waiting.push({ cases, resolve, reject })
        next()
      }),
    addReasons: (reasons) => send({ t: 'reasons', reasons }),
    withoutReasons: (model, version) => casesWithoutReasons(queue, model, version),
    find(model, id) {
      const row = queue.db.get('SELECT * FROM cases WHERE id = ? AND model = ?', id, model)
      return row && caseView(row, queue.now())
    },
    counts: (model) => queueCounts(queue, model),
    async close() {
      if (!lost) {
        const ended = once(thread, 'exit')
        send({ t: 'close' })
        await ended
      }
      queue.close()
    },
  }
}
