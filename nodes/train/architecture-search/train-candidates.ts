import type { Crew, RunContext } from '#contract'
import { networkCost } from '#ml/architecture/network-cost'
import {
  type CandidateJob,
  type CandidateResult,
  type CandidateSetting,
  trainCandidate,
} from '#ml/architecture/train-candidate'
import { type DeviceChoice, onBestDevice } from '#ml/neural/best-device'
import { openTurns } from '../in-turn.ts'

interface Candidates {
  train(job: CandidateJob): Promise<CandidateResult>
  close(): Promise<void>
}

/**
 * Trains candidates side by side on threads, and those for a graphics processor one after the other in this process:
 * drivers do not stand several threads.
 */
export function trainCandidates(setting: CandidateSetting, wanted: DeviceChoice, context: RunContext): Candidates {
  const crew: Crew<CandidateJob, CandidateResult> = context.crew({
    module: new URL('./candidate-member.ts', import.meta.url),
    setup: setting,
  })
  const inTurn = openTurns()
  return {
    async train(job) {
      const rows = setting.train.rows * (job.rowShare ?? 1)
      const { result, device } = await onBestDevice(context.kernels, {
        wanted,
        work: 3 * rows * networkCost(job.network).multiplyAdds,
        train: (steps) =>
          steps
            ? inTurn(async () => {
                const open = await context.kernels.sessions(1)
                return trainCandidate(open, setting, job, () => context.signal.aborted, steps)
              })
            : crew.assign(job),
        warn: (reason) => context.log(reason, 'warning'),
      })
      return { ...result, device }
    },
    close: () => crew.close(),
  }
}
