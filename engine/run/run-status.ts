import type { StepStatus, Verdict } from '#contract'
import type { EndedRunStatus } from '#store/records'

/** How a run ended, from how its steps did. A failure outweighs a gate; a cancelled run is cancelled whatever else happened. */
export function endedRunStatus(
  statuses: readonly StepStatus[],
  verdict: Verdict | undefined,
  cancelled: boolean,
): EndedRunStatus {
  if (cancelled) return 'cancelled'
  if (statuses.includes('failed')) return 'failed'
  if (statuses.includes('cancelled')) return 'cancelled'
  if (verdict === 'fail') return 'gate-failed'
  return verdict === 'wait' ? 'waiting' : 'done'
}
