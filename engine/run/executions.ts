import type { Hash, Problem, ReportBlock } from '#contract'
import type { StepResult } from '#store/records'

export type Outcome =
  | { readonly status: 'done'; readonly result: StepResult }
  | { readonly status: 'failed'; readonly problems: readonly Problem[]; readonly ms: number }
  | { readonly status: 'cancelled' }

export interface ExecutionListener {
  onStart(): void
  onProgress(fraction: number, note?: string): void
  onLog(message: string, level: 'info' | 'warning'): void
  onShow(blocks: readonly ReportBlock[]): void
}

/** Work of one key that is under way; `finishing` aborts when somebody wants what there is by now. */
export type Work = (everyone: ExecutionListener, signal: AbortSignal, finishing: AbortSignal) => Promise<Outcome>

/** Sees to it that no key is worked on twice at a time: who asks for one that is under way shares it. */
export interface Executions {
  /**
   * `owner` says whether this call began the work. When `signal` aborts the caller leaves with `cancelled`; the work
   * itself ends when nobody waits for it any more.
   */
  join(
    key: Hash,
    work: Work,
    listener: ExecutionListener,
    signal: AbortSignal,
  ): Promise<Outcome & { readonly owner: boolean }>
  /** Asks the work of a key to end early with what it has. */
  finish(key: Hash): void
}

interface Entry {
  readonly listeners: Set<ExecutionListener>
  readonly controller: AbortController
  readonly finishing: AbortController
  started: boolean
  outcome: Promise<Outcome>
}

export function createExecutions(): Executions {
  const entries = new Map<Hash, Entry>()
  return {
    async join(key, work, listener, signal) {
      const known = entries.get(key)
      const entry = known ?? begin(key, work, entries)
      entry.listeners.add(listener)
      if (known?.started) listener.onStart()
      return { ...(await leaveable(entry, listener, signal)), owner: !known }
    },
    finish: (key) => entries.get(key)?.finishing.abort(),
  }
}

function begin(key: Hash, work: Work, entries: Map<Hash, Entry>): Entry {
  const listeners = new Set<ExecutionListener>()
  const controller = new AbortController()
  const finishing = new AbortController()
  const entry: Entry = {
    listeners,
    controller,
    finishing,
    started: false,
    outcome: Promise.resolve({ status: 'cancelled' }),
  }
  const everyone: ExecutionListener = {
    onStart() {
      entry.started = true
      for (const listener of listeners) listener.onStart()
    },
    onProgress: (fraction, note) => {
      for (const listener of listeners) listener.onProgress(fraction, note)
    },
    onLog: (message, level) => {
      for (const listener of listeners) listener.onLog(message, level)
    },
    onShow: (blocks) => {
      for (const listener of listeners) listener.onShow(blocks)
    },
  }
  entries.set(key, entry)
  const forget = () => {
    if (entries.get(key) === entry) entries.delete(key)
  }
  // The next one with this key must not join work that is about to be cancelled.
  controller.signal.addEventListener('abort', forget)
  entry.outcome = work(everyone, controller.signal, finishing.signal).finally(forget)
  return entry
}

function leaveable(entry: Entry, listener: ExecutionListener, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      entry.listeners.delete(listener)
      if (entry.listeners.size > 0) return resolve({ status: 'cancelled' })
      entry.controller.abort()
      // The last one out waits until the process has stopped.
      entry.outcome.then(() => resolve({ status: 'cancelled' }), reject)
    }
    const stop = () => signal.removeEventListener('abort', leave)
    signal.addEventListener('abort', leave)
    entry.outcome.then(resolve, reject).finally(stop)
    if (signal.aborted) leave()
  })
}
