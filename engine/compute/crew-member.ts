import { parentPort, workerData } from 'node:worker_threads'
import { type OpenMember, problemsOf } from '#contract'
import type { MemberAnswer, MemberSetup } from './crew.ts'
import { createKernels } from './kernels.ts'

/** A thread of a crew: opens its module once, then does one job after the other; `undefined` sends it home. */
const { module, setup, cancelled } = workerData as MemberSetup
const tools = { kernels: createKernels(), cancelled: () => Atomics.load(cancelled, 0) === 1 }
const opened = (import(module) as Promise<{ openMember: OpenMember<unknown, unknown, unknown> }>).then(
  ({ openMember }) => openMember(setup, tools),
)
opened.catch(() => {})

async function answer(job: unknown): Promise<MemberAnswer> {
  try {
    return { answer: await (await opened)(job) }
  } catch (error) {
    return { problems: problemsOf(error) }
  }
}

parentPort?.on('message', async (job: unknown) => {
  if (job === undefined) parentPort?.close()
  else parentPort?.postMessage(await answer(job))
})
