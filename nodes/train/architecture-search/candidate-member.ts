import type { OpenMember } from '#contract'
import {
  type CandidateJob,
  type CandidateResult,
  type CandidateSetting,
  trainCandidate,
} from '#ml/architecture/train-candidate'

/** One thread of a search: trains candidate after candidate on the same rows. */
export const openMember: OpenMember<CandidateSetting, CandidateJob, CandidateResult> = async (
  setting,
  { kernels, cancelled },
) => {
  // One thread each: results depend on their number in the last bits.
  const open = await kernels.sessions(1)
  return (job) => trainCandidate(open, setting, job, cancelled)
}
