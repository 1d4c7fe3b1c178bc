import type { RunContext } from '#contract'
import { onBestDevice } from '#ml/neural/best-device'
import type { DeviceWish, FitJob, FittedTrial } from './tunable-learner.ts'

/** Grants a wish: on the first device that can, else on the CPU. */
export async function fitOnDevice(
  { wants, work }: DeviceWish,
  { kernels, log }: Pick<RunContext, 'kernels' | 'log'>,
  fit: (device: NonNullable<FitJob<unknown>['device']>) => Promise<FittedTrial | DeviceWish>,
): Promise<FittedTrial> {
  const { result } = await onBestDevice(kernels, {
    wanted: wants,
    work,
    train: (steps) => fit(steps ?? 'cpu') as Promise<FittedTrial>,
    warn: (reason) => log(reason, 'warning'),
  })
  return result
}
