import type { RolloutSettings, RolloutStrategy } from '#contract'
import { type ArmTally, emptyTally, joinTallies, noOutcomes, type OutcomeTally } from '#ml/rollout/arm-tally'
import { addValue, noSpread } from '#ml/rollout/spread'
import type { Database } from './database.ts'
import { addTallies, rolloutOfId } from './rollout-records.ts'

/** An outcome beside what had been answered, and the rollout that was under way then. */
interface Answered {
  readonly rollout: number | null
  readonly version: number
  readonly decision: string | number
  readonly outcome: string | number | boolean
}

/** Counts outcomes for the versions whose answers they belong to. */
export function creditOutcomes(db: Database, answered: readonly Answered[]): void {
  const ids = new Set(answered.flatMap(({ rollout }) => (rollout === null ? [] : [rollout])))
  if (ids.size === 0) return
  db.transaction(() => {
    for (const id of ids) {
      const record = rolloutOfId(db, id)
      if (!record) continue
      const counted = new Map<number, ArmTally>()
      for (const one of answered) {
        if (one.rollout !== id) continue
        const outcomes = tallyOf(one, record)
        counted.set(one.version, joinTallies(counted.get(one.version) ?? emptyTally, { ...emptyTally, outcomes }))
      }
      addTallies(db, id, record.step, counted)
    }
  })
}

function tallyOf(
  { outcome, decision }: Answered,
  { settings, strategy }: { readonly settings: RolloutSettings; readonly strategy: RolloutStrategy },
): OutcomeTally {
  if (settings.outcome === 'number') {
    const value = Number(outcome)
    if (!Number.isFinite(value)) return noOutcomes
    const bounded = strategy === 'bandit-ucb' ? Math.min(settings.highest, Math.max(settings.lowest, value)) : value
    const misses = typeof decision === 'number' ? addValue(noSpread, Math.abs(decision - value)) : noSpread
    return { ...noOutcomes, n: 1, numbers: addValue(noSpread, bounded), misses }
  }
  const said = String(outcome)
  const judged = settings.classes.includes(said)
  return {
    ...noOutcomes,
    n: 1,
    good: Number(said === settings.success),
    judged: Number(judged),
    wrong: Number(judged && said !== String(decision)),
  }
}
