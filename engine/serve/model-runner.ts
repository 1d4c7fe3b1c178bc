import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromModel, ToModel } from './model-process.ts'
import type { ModelSetup } from './model-setup.ts'
import { type Feed, joinFeeds } from './row-check.ts'

export interface Scores {
  readonly values: Float64Array
  /** Outputs a row; `values` holds rows one after the other. */
  readonly width: number
}

/** The model's process does not answer now. */
export class ModelAway extends Error {}

/** A model in a process of its own, which is started again whenever it ends. */
export interface ModelRunner {
  readonly ready: boolean
  readonly pid: number | undefined
  readonly restarts: number
  /** Rejects with ModelAway while the process is away. Rows that wait at the same time go through the model together. */
  score(feed: Feed): Promise<Scores>
  /** Lets what is under way end, then ends the process. */
  close(): Promise<void>
}

interface Waiting {
  readonly feed: Feed
  readonly resolve: (scores: Scores) => void
  readonly reject: (error: Error) => void
}

const module = fileURLToPath(new URL('./model-process.ts', import.meta.url))
const mostRows = 4_096
/** A batch that takes longer counts as hanging. */
const patienceMs = 10_000
const firstPauseMs = 50
const longestPauseMs = 5_000

/** Starts the process and waits until the model is loaded; throws what ONNX Runtime says when it can not be. */
export async function startRunner(setup: ModelSetup): Promise<ModelRunner> {
  let queue: Waiting[] = []
  let flying: Waiting[] = []
  let child: ChildProcess | undefined
  let ready = false
  let closing = false
  let restarts = 0
  let pause = firstPauseMs
  let patience: NodeJS.Timeout | undefined
  let drained: (() => void) | undefined

  const send = (message: ToModel) => child?.send(message, () => {})
  const next = () => {
    if (queue.length === 0 || flying.length > 0 || !ready) return
    let rows = 0
    let count = 0
    while (count < queue.length && (count === 0 || rows + queue[count]!.feed.rows <= mostRows))
      rows += queue[count++]!.feed.rows
    flying = queue.splice(0, count)
    patience = setTimeout(() => child?.kill('SIGKILL'), patienceMs)
    send({
      t: 'score',
      feed: joinFeeds(
        setup.features,
        flying.map(({ feed }) => feed),
      ),
    })
  }
  const settle = (answer: (waiting: Waiting, from: number) => void) => {
    clearTimeout(patience)
    const done = flying
    flying = []
    let from = 0
    for (const waiting of done) {
      answer(waiting, from)
      from += waiting.feed.rows
    }
    next()
    if (queue.length + flying.length === 0) drained?.()
  }
  const receive = (message: FromModel) => {
    if (message.t === 'scores')
      settle(({ feed, resolve }, from) =>
        resolve({
          values: message.values.subarray(from * message.width, (from + feed.rows) * message.width),
          width: message.width,
        }),
      )
    else if (message.t === 'failed') settle(({ reject }) => reject(new Error(message.message)))
  }
  const lose = () => {
    ready = false
    queue = [...flying, ...queue]
    flying = queue
    queue = []
    settle(({ reject }) => reject(new ModelAway('The process of the model is being started again.')))
    if (closing) return
    restarts++
    setTimeout(() => start().catch(() => {}), pause).unref()
    pause = Math.min(longestPauseMs, pause * 2)
  }
  const start = () =>
    new Promise<void>((resolve, reject) => {
      const own = fork(module, [], { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] })
      child = own
      own.on('error', () => {})
      own.once('exit', () => {
        reject(new ModelAway('The process of the model ended while it was loading.'))
        lose()
      })
      own.once('message', (first: FromModel) => {
        if (first.t !== 'ready') {
          reject(new Error(first.t === 'failed' ? first.message : 'unexpected'))
          own.kill('SIGKILL')
          return
        }
        ready = true
        setTimeout(() => {
          if (child === own) pause = firstPauseMs
        }, longestPauseMs).unref()
        own.on('message', receive)
        resolve()
        next()
      })
      send({ t: 'open', setup })
    })
  try {
    await start()
  } catch (error) {
    closing = true
    child?.kill('SIGKILL')
    throw error
  }
  return {
    get ready() {
      return ready
    },
    get pid() {
      return child?.pid
    },
    get restarts() {
      return restarts
    },
    score: (feed) =>
      new Promise((resolve, reject) => {
        if (!ready) return reject(new ModelAway('The process of the model is being started again.'))
        queue.push({ feed, resolve, reject })
        next()
      }),
    async close() {
      if (queue.length + flying.length > 0) await new Promise<void>((resolve) => (drained = resolve))
      closing = true
      child?.kill('SIGKILL')
    },
  }
}
