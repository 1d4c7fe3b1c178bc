import { ProblemError, type RolloutOrder } from '#contract'
import type { Database } from './database.ts'
import { endRollout, rolloutsOf, rolloutUnderWay } from './rollout-records.ts'
import { beginRollout } from './rollouts.ts'

/** Begins the rollout of a version in the place of an older one's; one that was aborted is not begun again by a run. Gives a line for the step's card. */
export function challenge(db: Database, name: string, version: number, order: RolloutOrder): string {
  const text = `**${name} v${version}** rolled out: ${order.strategy}`
  const under = rolloutUnderWay(db, name)
  if (under?.challengers.includes(version)) return text
  const before = rolloutsOf(db, name).find((one) => one.challengers.includes(version))
  if (before?.state === 'aborted')
    throw new ProblemError({
      code: 'not-supported',
      message: `The rollout of version ${version} of ${name} was aborted on ${before.endedAt!.slice(0, 10)}; a run does not begin it again. ${before.reason}`,
      fix: `Begin it by hand when it may: plumbline rollout start ${name} ${version} --strategy ${order.strategy}.`,
    })
  if (under) endRollout(db, under, 'aborted', { reason: `Version ${version} takes its place.` })
  beginRollout(db, { name, versions: [version], ...order })
  return text
}
