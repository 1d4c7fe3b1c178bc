import type { RolloutGuard } from '#contract'
import type { ArmTally } from './arm-tally.ts'
import { shareSequence } from './share-sequence.ts'

type Groups = ArmTally['groups']
interface Pair {
  readonly column: string
  readonly group: string
  readonly other: string
  /** Share of the group over the other's, with limits that hold at every look. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Whether both are many enough to make anybody wait. */
  readonly many: boolean
}

/** A ratio between groups of fewer people than this is no reason to wait. */
const fewPeople = 30
const fewFavourable = 5

/**
 * Every group against every other of its column: the guard is broken where the challenger's ratio of favourable shares is
 * surely below the limit, and surely below the champion's own. What is unfair already does not stop what is no worse.
 */
export function groupGuard(before: Groups, after: Groups, limit: number, alpha: number): RolloutGuard {
  const name = 'Groups'
  const known = new Map(pairsOf(before, alpha / 2).map((pair) => [keyOf(pair), pair]))
  const pairs = pairsOf(after, alpha / 2)
  if (pairs.length === 0) return { name, state: 'unknown', text: 'no protected columns in the rows' }
  const broken = pairs.find((pair) => pair.high < Math.min(limit, known.get(keyOf(pair))?.low ?? 0))
  const doubtful = pairs.find(
    (pair) => pair.many && pair.ratio < Math.min(limit, known.get(keyOf(pair))?.ratio ?? Number.POSITIVE_INFINITY),
  )
  const shown = broken ?? doubtful ?? pairs.reduce((a, b) => (b.ratio < a.ratio ? b : a))
  const own = known.get(keyOf(shown))
  const text = `favourable decisions of ${shown.column} ${shown.group} are ${shown.ratio.toFixed(2)} times those of ${shown.other}${
    own ? `, before ${own.ratio.toFixed(2)}` : ''
  }; ${limit} is the least`
  return { name, state: broken ? 'broken' : doubtful ? 'unsure' : 'holds', text }
}

const keyOf = ({ column, group, other }: Pair) => JSON.stringify([column, group, other])

function pairsOf(groups: Groups, alpha: number): readonly Pair[] {
  const counts = Object.entries(groups).flatMap(([column, values]) =>
    Object.entries(values).map(([group, [decided, favourable]]) => ({ column, group, decided, favourable })),
  )
  const shares = counts.map((one) => ({
    ...one,
    share: shareSequence(one.favourable, one.decided, alpha / counts.length),
  }))
  return shares.flatMap((one) =>
    shares
      .filter((other) => other.column === one.column && other !== one && other.favourable > 0)
      .map((other) => ({
        column: one.column,
        group: one.group,
        other: other.group,
        ratio: one.share.value! / other.share.value!,
        low: one.share.low! / other.share.high!,
        high: one.share.high! / other.share.low!,
        many: one.decided >= fewPeople && other.decided >= fewPeople && other.favourable >= fewFavourable,
      })),
  )
}
