import { type Problem, ProblemError } from '#contract'
import type { ProcessEnd, ProcessSpawner, WorkerProcess } from './process-spawner.ts'
import type { FromWorker, ToWorker, WorkerSetup } from './worker-messages.ts'

/** A process that has read the catalogue and waits for a step. */
export interface Worker {
  readonly pid: number | undefined
  send(message: ToWorker): void
  /** Who hears of it from now on. */
  listen(listener: { onMessage(message: FromWorker): void; onEnd(end: ProcessEnd): void }): void
  kill(): void
}

export interface WorkerPool {
  /** A warm process if there is one, else a new one. Throws when none can be started. */
  take(): Promise<Worker>
  /** Begins to start processes until there are so many, for steps that will soon want them. */
  prepare(count: number): void
  /** Tells those that wait what will come. */
  expect(types: readonly string[]): void
  /** Back to the others; a process that has ended is dropped. */
  give(worker: Worker): void
  /** Ends processes that wait, while every thread of the machine is shared out: nobody could use them. */
  dismiss(): void
  /** Processes that exist, for tests and the status bar. */
  size(): number
  close(): void
}

const idleMs = 120_000

/** `stamp` changes when source files do: processes that read older ones must not work under the keys of newer ones. */
export function createWorkerPool(a: {
  spawner: ProcessSpawner
  /** The module a process runs, and what it is told first. */
  launch: () => { readonly module: string; readonly setup: WorkerSetup }
  stamp: () => string
}): WorkerPool {
  let stamp: string | undefined
  const all = new Set<PooledWorker>()
  const idle: PooledWorker[] = []
  /** Processes that start before anybody took them. */
  const coming: Promise<PooledWorker>[] = []
  const stale = new WeakSet<Worker>()
  const drop = (worker: PooledWorker) => {
    all.delete(worker)
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
  }
  const start = async () => {
    const { module, setup } = a.launch()
    const worker = pooled(a.spawner.spawn(module), drop)
    all.add(worker)
    await worker.ready(setup)
    return worker
  }
  const renew = () => {
    const now = a.stamp()
    if (stamp !== undefined && stamp !== now) {
      for (const worker of all) stale.add(worker)
      for (const worker of idle.splice(0)) worker.kill()
    }
    stamp = now
  }
  const give = (worker: Worker) => {
    const known = worker as PooledWorker
    if (!all.has(known)) return
    if (stale.has(known) || (known.heavy && idle.length + coming.length > 0)) return known.kill()
    known.rest(idleMs)
    idle.push(known)
  }
  /** Whether it was still nobody's. */
  const claim = (early: Promise<PooledWorker>) => {
    const at = coming.indexOf(early)
    if (at >= 0) coming.splice(at, 1)
    return at >= 0
  }
  return {
    async take() {
      renew()
      const worker = idle.pop()
      worker?.rest(undefined)
      if (worker) return worker
      const early = await coming.shift()?.catch(() => undefined)
      return early && !stale.has(early) ? early : start()
    },
    prepare(count) {
      renew()
      while (all.size < count) {
        const early = start()
        coming.push(early)
        early.then(
          (worker) => claim(early) && give(worker),
          () => claim(early),
        )
      }
    },
    expect(types) {
      for (const worker of idle) worker.send({ t: 'expect', types })
    },
    give,
    dismiss() {
      for (const worker of idle.splice(0)) worker.kill()
    },
    size: () => all.size,
    close() {
      for (const worker of all) worker.kill()
    },
  }
}

interface PooledWorker extends Worker {
  /** Its last step left much memory in it: another process that waits is the better one. */
  readonly heavy: boolean
  ready(setup: WorkerSetup): Promise<void>
  /** Ends the process after so long without work; undefined when it has some. */
  rest(ms: number | undefined): void
}

type Listener = Parameters<Worker['listen']>[0]

function pooled(child: WorkerProcess, onGone: (worker: PooledWorker) => void): PooledWorker {
  let listener: Listener | undefined
  let ended: ProcessEnd | undefined
  let timer: NodeJS.Timeout | undefined
  let heavy = false
  const worker: PooledWorker = {
    pid: child.pid,
    get heavy() {
      return heavy
    },
    send: (message) => child.send(message),
    listen(next) {
      listener = next
      heavy = false
      if (ended) next.onEnd(ended)
    },
    kill: () => child.kill(),
    ready: (setup) =>
      new Promise((resolve, reject) => {
        worker.listen({
          onMessage: (message) => {
            if (message.t === 'ready') resolve()
            if (message.t === 'broken') {
              child.kill()
              reject(new ProblemError(message.problems))
            }
          },
          onEnd: (end) => reject(new ProblemError(diedProblem(end))),
        })
        worker.send({ t: 'setup', setup })
      }),
    rest(ms) {
      clearTimeout(timer)
      listener = undefined
      child.hold(ms === undefined)
      if (ms !== undefined) timer = setTimeout(() => child.kill(), ms).unref()
    },
  }
  child.onMessage((message) => {
    if (message.t === 'heavy') heavy = true
    else listener?.onMessage(message)
  })
  child.onEnd((end) => {
    ended = end
    clearTimeout(timer)
    onGone(worker)
    listener?.onEnd(end)
  })
  return worker
}

/** Why a process ended under a step, in words. */
export function diedProblem(end: ProcessEnd): Problem {
  const how = end.signal ? `signal ${end.signal}` : `exit code ${end.code}`
  const words = end.lastWords ? ` Its last words: ${end.lastWords.split('\n').slice(-3).join(' ').slice(0, 500)}` : ''
  if (/heap out of memory|allocation failed|bad_alloc/i.test(end.lastWords))
    return {
      code: 'out-of-memory',
      message: `The process of this step ran out of memory and ended (${how}).`,
      fix: 'Use fewer rows or columns, or give the engine more memory.',
    }
  return {
    code: 'worker-died',
    message: `The process of this step ended without an answer (${how}).${words}`,
    fix: 'Run it again; if it ends the same way, use fewer rows or give the engine more memory.',
  }
}
