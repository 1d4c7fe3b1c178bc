import type { Kernels } from '#contract'
import { DeviceRefused, deviceSteps } from './device-steps.ts'

export const deviceChoices = ['auto', 'cpu', 'gpu', 'tensorflow'] as const
export type DeviceChoice = (typeof deviceChoices)[number]

/** Where a network was trained, and why there. */
export interface TrainingDevice {
  readonly name: string
  readonly why: string
}

interface Job<Result> {
  readonly wanted: DeviceChoice
  /** Multiplications of an epoch, forward and back. */
  readonly work: number
  /** On the CPU without steps; throws DeviceRefused when the device that takes them can not. */
  train(steps?: ReturnType<typeof deviceSteps>): Promise<Result>
  /** Takes why a device that is there is not used. */
  readonly warn?: (reason: string) => void
}

/** Work of an epoch from which a graphics processor is looked for: some minutes of a processor's time in ten epochs. */
const heavy = 1e12

/** Whether a device other than the CPU is looked for. */
export const looksForDevice = (wanted: DeviceChoice, work: number): boolean =>
  wanted !== 'cpu' && (wanted !== 'auto' || work >= heavy)

/** Trains on the first device of those wanted that computes as the CPU does, else on the CPU, and says why. */
export async function onBestDevice<Result>(
  kernels: Pick<Kernels, 'accelerators'>,
  { wanted, work, train, warn }: Job<Result>,
): Promise<{ readonly result: Result; readonly device: TrainingDevice }> {
  const onCpu = async (why: string) => ({ result: await train(), device: { name: 'CPU', why } })
  if (wanted === 'cpu') return onCpu('as chosen')
  if (wanted === 'auto' && work < heavy) return onCpu('the network is small')
  const why = wanted === 'auto' ? 'the network is large' : 'as chosen'
  const reasons: string[] = []
  for (const offer of await kernels.accelerators(wanted === 'tensorflow' ? 'tensorflow' : 'onnxruntime')) {
    const found = await offer.find()
    if ('missing' in found) reasons.push(found.missing)
    else
      try {
        return { result: await train(deviceSteps(found)), device: { name: found.name, why } }
      } catch (error) {
        if (!(error instanceof DeviceRefused)) throw error
        warn?.(`${found.name} is not used: ${error.message}`)
        reasons.push(`${found.name}: ${error.message}`)
      }
  }
  return onCpu(reasons.join('; ') || 'ONNX Runtime has no graphics processor here')
}
