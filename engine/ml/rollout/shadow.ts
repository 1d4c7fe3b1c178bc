import type { RolloutFigure } from '#contract'
import { compareNumbers } from '../drift/compare-samples.ts'
import { quantiles } from '../statistics/quantiles.ts'
import { type Evidence, type Judgement, people, percent } from './judgement.ts'
import { noPairs, type PairTally } from './paired-scores.ts'
import { shareSequence } from './share-sequence.ts'

/**
 * A version in the shadow answers nobody: it scores what the champion has answered, and is compared with it person by
 * person. How often they agree has limits that hold at every look (`shareSequence`); differences of scores have mean and
 * quantiles; population stability and the Kolmogorov-Smirnov distance compare the two distributions on a sample. It ends
 * when a person ends it.
 */
export function judgeShadow({ settings, versions, all }: Evidence): Judgement {
  const { pairs = noPairs } = all[1]!
  const agreement = shareSequence(pairs.agreed, pairs.n, settings.alpha)
  const verdict =
    agreement.value === null
      ? `Version ${versions[1]} scores in the shadow of version ${versions[0]}; nothing was asked yet.`
      : `Version ${versions[1]} decides as version ${versions[0]} for ${percent(agreement.value)} of ${people(pairs.n)} (at least ${percent(agreement.low!)}, at most ${percent(agreement.high!)}).`
  return {
    shares: [1, 0],
    action: 'stay',
    verdict,
    guards: [],
    figures: [{ label: 'Agreement', estimate: agreement }, ...differences(pairs)],
  }
}

function differences({ differences: { n, mean }, sample, dropped }: PairTally): readonly RolloutFigure[] {
  const left = { label: 'Rows left out', estimate: { value: dropped } }
  if (n === 0) return [left]
  const first = Float64Array.from(sample, (pair) => pair[1])
  const second = Float64Array.from(sample, (pair) => pair[2])
  const [low, middle, high] = quantiles(
    second.map((score, row) => score - first[row]!),
    [0.05, 0.5, 0.95],
  )
  const change = compareNumbers(first, second)
  return [
    { label: 'Mean difference of scores', estimate: { value: mean, n } },
    { label: 'Median difference, 5 to 95 % of people', estimate: { value: middle!, low: low!, high: high! } },
    ...(change
      ? [
          { label: 'Population stability index of scores', estimate: { value: change.stability, n: sample.length } },
          { label: 'Kolmogorov-Smirnov distance of scores', estimate: { value: change.largestGap, n: sample.length } },
        ]
      : []),
    left,
  ]
}
