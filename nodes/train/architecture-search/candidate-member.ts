import type { OpenMember } from '#contract'
import { networkCost } from '#ml/architecture/network-cost'
import {
  type CandidateJob,
  type CandidateResult,
  type CandidateSetting,
  trainCandidate,
} from '#ml/architecture/train-candidate'
import { type DeviceChoice, onBestDevice } from '#ml/neural/best-device'

export interface MemberSetting extends CandidateSetting {
  readonly device: DeviceChoice
}

/** One thread of a search: trains candidate after candidate on the same rows. */
export const openMember: OpenMember<MemberSetting, CandidateJob, CandidateResult> = async (
  setting,
  { kernels, cancelled },
) => {
  // One thread each: results depend on their number in the last bits.
  const open = await kernels.sessions(1)
  return async (job) => {
    const rows = setting.train.rows * (job.rowShare ?? 1)
    const { result, device } = await onBestDevice(kernels, {
      wanted: setting.device,
      work: 3 * rows * networkCost(job.network).multiplyAdds,
      train: (steps) => trainCandidate(open, setting, job, cancelled, steps),
    })
    return { ...result, device }
  }
}
