import { paretoFront } from '#ml/architecture/joint-objective'
import type { Settings } from '#ml/search/space'
import type { Goal } from './metric.ts'
import type { TuneParams } from './params.ts'

/** One trial and what came of it. */
export interface TrialRecord {
  readonly number: number
  readonly settings: Settings
  /** Share of the full length. */
  readonly share: number
  /** The shorter trial that this one goes on from. */
  readonly from?: number
  /** Mean over the folds; null when the trial failed. */
  readonly value: number | null
  /** Standard deviation over the folds. */
  readonly spread?: number
  /** By the second goal, where there is one. */
  readonly cost?: number
  /** Why it failed. */
  readonly reason?: string
}

export type ValuedRecord = TrialRecord & { readonly value: number }

/** The trials that may win: those with a value, of the longest there are. */
export function finalists(records: readonly TrialRecord[]): readonly ValuedRecord[] {
  const valued = records.filter((record): record is ValuedRecord => record.value !== null)
  const longest = valued.reduce((most, { share }) => Math.max(most, share), 0)
  return valued.filter(({ share }) => share === longest)
}

/** Higher is better, whatever the metric. */
export const quality = ({ value }: ValuedRecord, { direction }: Pick<Goal, 'direction'>): number =>
  direction === 'maximise' ? value : -value

/** The best trial; with a second goal the cheapest of those that are worse by no more than may be given up. */
export function winnerOf(
  records: readonly TrialRecord[],
  goal: Pick<Goal, 'direction'>,
  { second, giveUp }: Pick<TuneParams, 'second' | 'giveUp'>,
): ValuedRecord | undefined {
  const ranked = finalists(records).toSorted((a, b) => quality(b, goal) - quality(a, goal) || a.number - b.number)
  const best = ranked[0]
  if (!best || second === 'none') return best
  const least = quality(best, goal) - giveUp * Math.abs(best.value)
  return ranked
    .filter((record) => quality(record, goal) >= least)
    .reduce((a, b) => ((b.cost ?? 0) < (a.cost ?? 0) ? b : a))
}

/** The trials that no other beats in both goals, the cheapest first. */
export function frontOf(records: readonly TrialRecord[], goal: Pick<Goal, 'direction'>): readonly ValuedRecord[] {
  const known = finalists(records).filter((record) => record.cost !== undefined)
  const points = known.map((record) => ({ quality: quality(record, goal), cost: record.cost! }))
  return paretoFront(points).map((at) => known[at]!)
}
