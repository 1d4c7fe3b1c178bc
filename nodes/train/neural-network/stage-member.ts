import type { OpenMember } from '#contract'
import { openStageWorker, type StageAnswer, type StageJob, type StageSetup } from '#ml/neural/stage-worker'

export interface TimedAnswer extends StageAnswer {
  readonly busyMs: number
}

/** One thread of a training that is spread: takes parts of batches. */
export const openMember: OpenMember<StageSetup, StageJob, TimedAnswer> = async (setup, { kernels }) => {
  const work = openStageWorker(await kernels.sessions(1), setup)
  return async (job) => {
    const began = Date.now()
    const answer = await work(job)
    return { ...answer, busyMs: Date.now() - began }
  }
}
