import type { Problem, ReportBlock } from '#contract'
import type { MadeStep, StepTask } from './worker-messages.ts'
import { diedProblem, type Worker, type WorkerPool } from './worker-pool.ts'

export type WorkerAnswer =
  | { readonly status: 'done'; readonly made: MadeStep }
  | { readonly status: 'failed'; readonly problems: readonly Problem[] }
  | { readonly status: 'cancelled' }

export interface WorkerListener {
  onProgress(fraction: number, note?: string): void
  onLog(message: string, level: 'info' | 'warning'): void
  onShow(blocks: readonly ReportBlock[]): void
  /** Takes what tells the step that it has more threads. */
  onCrew?(grow: (threads: number) => void): void
}

/** How long a step may take to stop by itself once it is asked to. */
const graceMs = 1_000

/** Runs a task on a process of the pool. `finishing` asks for an early result. When `signal` aborts it asks the step to stop, and ends the process after a short grace. */
export async function performOnWorker(
  pool: WorkerPool,
  task: StepTask,
  listener: WorkerListener,
  signal: AbortSignal,
  finishing: AbortSignal,
): Promise<WorkerAnswer> {
  const worker = await pool.take()
  try {
    return signal.aborted ? { status: 'cancelled' } : await converse(worker, task, listener, signal, finishing)
  } finally {
    pool.give(worker)
  }
}

function converse(
  worker: Worker,
  task: StepTask,
  listener: WorkerListener,
  signal: AbortSignal,
  finishing: AbortSignal,
): Promise<WorkerAnswer> {
  return new Promise((resolve) => {
    let insist: NodeJS.Timeout | undefined
    const cancel = () => {
      worker.send({ t: 'cancel', id: task.id })
      insist = setTimeout(() => worker.kill(), graceMs)
    }
    const finish = () => worker.send({ t: 'finish', id: task.id })
    const answer = (value: WorkerAnswer) => {
      clearTimeout(insist)
      signal.removeEventListener('abort', cancel)
      finishing.removeEventListener('abort', finish)
      resolve(signal.aborted ? { status: 'cancelled' } : value)
    }
    signal.addEventListener('abort', cancel)
    finishing.addEventListener('abort', finish)
    worker.listen({
      onMessage(message) {
        if (!('id' in message) || message.id !== task.id) return
        if (message.t === 'progress') listener.onProgress(message.fraction, message.note)
        else if (message.t === 'log') listener.onLog(message.message, message.level)
        else if (message.t === 'live') listener.onShow(message.blocks)
        else if (message.t === 'crew')
          listener.onCrew?.((threads) => worker.send({ t: 'threads', id: task.id, threads }))
        else if (message.t === 'done') answer({ status: 'done', made: message.made })
        else if (message.t === 'failed') answer({ status: 'failed', problems: message.problems })
      },
      onEnd: (end) => answer({ status: 'failed', problems: [diedProblem(end)] }),
    })
    worker.send({ t: 'step', task })
    if (finishing.aborted) finish()
  })
}
