import type { RunContext } from '#contract'
import { onBestDevice } from '#ml/neural/best-device'
import { openTurns } from '../in-turn.ts'
import { openMember, type TrialAnswer, type TrialJob, type TrialSetup } from './trial-member.ts'

export interface TrialCrew {
  assign(job: TrialJob): Promise<TrialAnswer>
  close(): Promise<void>
}

/**
 * Fits side by side on threads; what wishes for a graphics processor, one after the other in this process. Where none can be
 * used the threads do it, and are not asked again.
 */
export function openTrialCrew(setup: TrialSetup, context: RunContext): TrialCrew {
  const crew = context.crew<TrialSetup, TrialJob, TrialAnswer>({
    module: new URL('./trial-member.ts', import.meta.url),
    setup,
  })
  const inTurn = openTurns()
  const tools = { kernels: context.kernels, cancelled: () => context.signal.aborted }
  let own: ReturnType<typeof openMember> | undefined
  let none = false
  return {
    async assign(job) {
      const answer = await crew.assign(none ? { ...job, device: 'cpu' } : job)
      if (!answer.wish) return answer
      const { result, device } = await onBestDevice(context.kernels, {
        wanted: answer.wish.wants,
        work: answer.wish.work,
        train: (device) =>
          device
            ? inTurn(async () => {
                own ??= openMember(setup, tools)
                return (await own)({ ...job, device })
              })
            : crew.assign({ ...job, device: 'cpu' }),
        warn: (reason) => context.log(reason, 'warning'),
      })
      if (device.name === 'CPU' && !none) {
        none = true
        context.log(`Networks are trained on the CPU: ${device.why}.`, 'info')
      }
      return result
    },
    close: () => crew.close(),
  }
}
