import { Worker } from 'node:worker_threads'
import type { FromThread, ToThread } from './explain-messages.ts'
import type { Scores } from './model-runner.ts'
import type { Explained, ExplainedFeed, ExplainFeed } from './reasons.ts'
import type { Feed } from './row-check.ts'

export interface Explainer {
  readonly explain: ExplainFeed
  close(): Promise<void>
}

interface Waiting {
  resolve(explained: readonly Explained[]): void
  reject(error: Error): void
}

/** Explains a model's answers on a thread that is started with the first question and keeps what it has laid out. */
export function openExplainer(module: URL, setup: object, score: (feed: Feed) => Promise<Scores>): Explainer {
  let thread: Worker | undefined
  let asked = 0
  const waiting = new Map<number, Waiting>()

  const send = (message: ToThread) => thread?.postMessage(message)
  const scoreFor = (id: number, feed: Feed) =>
    score(feed).then(
      (scores) => send({ t: 'scores', id, scores }),
      (error: unknown) => send({ t: 'away', id, message: error instanceof Error ? error.message : String(error) }),
    )
  const receive = (message: FromThread) => {
    if (message.t === 'score') {
      void scoreFor(message.id, message.feed)
      return
    }
    const one = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.t === 'explained') one?.resolve(message.explained)
    else one?.reject(new Error(message.message))
  }
  const lose = (why: string) => {
    thread = undefined
    for (const { reject } of waiting.values()) reject(new Error(why))
    waiting.clear()
  }
  const start = () => {
    const own = new Worker(module, { workerData: setup })
    own.on('message', receive)
    own.on('error', (error) => lose(error.message))
    own.on('exit', () => {
      if (thread === own) lose('The thread that gives reasons ended.')
    })
    own.unref()
    return own
  }
  return {
    explain(rows: ExplainedFeed) {
      thread ??= start()
      const id = asked++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        send({ t: 'explain', id, asked: rows })
      })
    },
    async close() {
      await thread?.terminate()
    },
  }
}
