import { Worker } from 'node:worker_threads'
import { type Crew, type CrewPlan, type Problem, ProblemError } from '#contract'

/** What a member says: the answer to a job, or why there is none. */
export type MemberAnswer = { readonly answer: unknown } | { readonly problems: readonly Problem[] }
export interface MemberSetup {
  readonly module: string
  readonly setup: unknown
  /** One number that turns 1 when the step is cancelled. */
  readonly cancelled: Int32Array
}

interface Waiting {
  readonly job: unknown
  readonly resolve: (answer: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * Threads of this process, not processes: a step has a process of its own already, threads share its memory and its
 * libraries, and a packaged app can start no further ones. Members start with the first jobs.
 */
export function openCrew<Setup, Job, Answer>(
  plan: CrewPlan<Setup>,
  threads: number,
  throwIfCancelled: () => void,
): Crew<Job, Answer> & { grow(threads: number): void } {
  const sizeWith = (given: number) => Math.max(1, Math.min(plan.size ?? given, given))
  let size = sizeWith(threads)
  const cancelled = new Int32Array(new SharedArrayBuffer(4))
  const members: Worker[] = []
  const free: Worker[] = []
  const queue: Waiting[] = []
  const busy = new Map<Worker, Waiting>()
  const settle = (member: Worker, act: (waiting: Waiting) => void) => {
    const waiting = busy.get(member)
    busy.delete(member)
    if (waiting) act(waiting)
  }
  const start = (): Worker => {
    const workerData: MemberSetup = { module: plan.module.href, setup: plan.setup, cancelled }
    const member = new Worker(new URL('./crew-member.ts', import.meta.url), { workerData })
    members.push(member)
    member.on('message', (said: MemberAnswer) => {
      free.push(member)
      settle(member, ({ resolve, reject }) =>
        'problems' in said ? reject(new ProblemError(said.problems)) : resolve(said.answer as never),
      )
      next()
    })
    member.on('error', (error) => settle(member, ({ reject }) => reject(error)))
    member.on('exit', () => {
      members.splice(members.indexOf(member), 1)
      settle(member, ({ reject }) =>
        reject(new ProblemError({ code: 'worker-died', message: 'A thread of this step ended.' })),
      )
    })
    return member
  }
  const next = () => {
    while (queue.length > 0 && (free.length > 0 || members.length < size)) {
      const member = free.pop() ?? start()
      const waiting = queue.shift()!
      busy.set(member, waiting)
      member.postMessage(waiting.job)
    }
  }
  return {
    get size() {
      return size
    },
    grow(given) {
      size = Math.max(size, sizeWith(given))
      next()
    },
    assign(job) {
      throwIfCancelled()
      return new Promise((resolve, reject) => {
        queue.push({ job, resolve, reject })
        next()
      })
    },
    async close() {
      Atomics.store(cancelled, 0, 1)
      for (const { reject } of queue.splice(0))
        reject(new ProblemError({ code: 'cancelled', message: 'The crew is gone.' }))
      // Ending a thread inside ONNX Runtime ends the process: each leaves between two jobs.
      await Promise.all(
        [...members].map(
          (member) =>
            new Promise<void>((resolve) => {
              member.once('exit', () => resolve())
              member.postMessage(undefined)
            }),
        ),
      )
    },
  }
}
