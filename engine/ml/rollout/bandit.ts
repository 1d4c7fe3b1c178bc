import type { RolloutSettings } from '#contract'
import type { ArmTally } from './arm-tally.ts'
import { bestChances, leastRewards, numberBelief, shareBelief } from './best-chances.ts'
import { type Evidence, type Judgement, percent } from './judgement.ts'
import { highestShares, upperIndices } from './upper-index.ts'

/**
 * A bandit moves people to the versions whose outcomes are better, while outcomes come in. Thompson sampling gives each
 * version as many people as it has chance to be the best; with people assigned by hash that is the same as drawing for each
 * person, and most people stay where they were. It ends when a person ends it.
 */
export function judgeThompson({ settings, versions, all }: Evidence): Judgement {
  const count = versions.length
  const known = settings.outcome === 'class' || all.every(({ outcomes }) => outcomes.numbers.n >= leastRewards)
  const best = known ? bestChances(all.map((tally) => belief(tally, settings))) : versions.map(() => 1 / count)
  return { ...judgement(versions, all, best), best }
}

/** UCB1 sends everybody to the version of the highest index until outcomes change it. */
export function judgeUpper({ settings, versions, all }: Evidence): Judgement {
  return judgement(
    versions,
    all,
    highestShares(
      upperIndices(
        all.map((tally) => rewards(tally, settings)),
        settings.index,
      ),
    ),
  )
}

function judgement(versions: readonly number[], all: readonly ArmTally[], shares: readonly number[]): Judgement {
  const known = all.reduce((sum, { outcomes }) => sum + outcomes.n, 0)
  const first = shares.indexOf(Math.max(...shares))
  const verdict =
    known === 0
      ? 'No outcomes yet: the versions answer equal shares of people.'
      : `Version ${versions[first]} answers ${percent(shares[first]!)} of people after ${known} outcomes.`
  return { shares, action: 'stay', verdict, guards: [], figures: [] }
}

const belief = ({ outcomes }: ArmTally, { outcome }: RolloutSettings) =>
  outcome === 'class' ? shareBelief(outcomes.good, outcomes.n) : numberBelief(outcomes.numbers)

/** Rewards of [0, 1]; numbers are scaled by the range that was told. */
function rewards({ outcomes }: ArmTally, { outcome, lowest, highest }: RolloutSettings) {
  if (outcome === 'class') {
    const mean = outcomes.n > 0 ? outcomes.good / outcomes.n : 0
    return { n: outcomes.n, mean, variance: mean * (1 - mean) }
  }
  const { n, mean, squares } = outcomes.numbers
  const range = highest - lowest
  return { n, mean: (mean - lowest) / range, variance: n > 0 ? squares / n / (range * range) : 0 }
}
