import { parentPort } from 'node:worker_threads'
import { type ExplainSource, explainModel } from './explain-model.ts'
import { ModelAway, type Scores } from './model-runner.ts'
import type { Explained, ExplainedFeed } from './reasons.ts'
import type { Feed } from './row-check.ts'

/** What is asked of the thread, and what the model's process answers to its questions; `away` where it does not. */
export type ToThread =
  | { readonly t: 'explain'; readonly id: number; readonly asked: ExplainedFeed }
  | { readonly t: 'scores'; readonly id: number; readonly scores: Scores }
  | { readonly t: 'away'; readonly id: number; readonly message: string }
export type FromThread =
  | { readonly t: 'explained'; readonly id: number; readonly explained: readonly Explained[] }
  | { readonly t: 'failed'; readonly id: number; readonly message: string }
  | { readonly t: 'score'; readonly id: number; readonly feed: Feed }

/** Answers what the thread is asked, for as long as it lives; scores are asked of who started it. */
export function explainMessages(source: Omit<ExplainSource, 'score'>): void {
  const send = (message: FromThread) => parentPort!.postMessage(message)
  const waiting = new Map<number, { resolve(scores: Scores): void; reject(error: Error): void }>()
  let asked = 0
  const explain = explainModel({
    ...source,
    score: (feed) =>
      new Promise((resolve, reject) => {
        const id = asked++
        waiting.set(id, { resolve, reject })
        send({ t: 'score', id, feed })
      }),
  })
  parentPort!.on('message', (message: ToThread) => {
    const { id } = message
    if (message.t === 'explain') {
      explain(message.asked).then(
        (explained) => send({ t: 'explained', id, explained }),
        (error: unknown) => send({ t: 'failed', id, message: String(error).slice(0, 1_000) }),
      )
      return
    }
    const one = waiting.get(id)!
    waiting.delete(id)
    if (message.t === 'scores') one.resolve(message.scores)
    else one.reject(new ModelAway(message.message))
  })
}
