import { addValue, joinSpreads, noSpread, type Spread } from './spread.ts'

/** Answers of two versions to the same people. */
export interface PairTally {
  readonly n: number
  readonly agreed: number
  /** Second score minus first. */
  readonly differences: Spread
  /** Rows that were not scored, because too many waited. */
  readonly dropped: number
  /**
   * Scores of a random sample of people: those with the smallest hashes (bottom-k, Cohen & Kaplan 2007, PODC), so that
   * samples of several servers join to the sample of all.
   */
  readonly sample: readonly (readonly [hash: number, first: number, second: number])[]
}
export const noPairs: PairTally = { n: 0, agreed: 0, differences: noSpread, dropped: 0, sample: [] }

const sampleSize = 400

export interface Pair {
  /** Of the person, in [0, 1). */
  readonly hash: number
  readonly agreed: boolean
  /** Scores; null where a rule answered. */
  readonly first: number | null
  readonly second: number | null
}

export function addPair(tally: PairTally, pair: Pair): PairTally {
  const { hash, first, second } = pair
  const scored = first !== null && second !== null
  return {
    n: tally.n + 1,
    agreed: tally.agreed + Number(pair.agreed),
    differences: scored ? addValue(tally.differences, second - first) : tally.differences,
    dropped: tally.dropped,
    sample:
      scored && hash < (tally.sample[sampleSize - 1]?.[0] ?? Number.POSITIVE_INFINITY)
        ? smallest([...tally.sample, [hash, first, second]])
        : tally.sample,
  }
}

export const joinPairs = (a: PairTally = noPairs, b: PairTally = noPairs): PairTally => ({
  n: a.n + b.n,
  agreed: a.agreed + b.agreed,
  differences: joinSpreads(a.differences, b.differences),
  dropped: a.dropped + b.dropped,
  sample: smallest([...a.sample, ...b.sample]),
})

function smallest(sample: PairTally['sample']): PairTally['sample'] {
  if (sample.length < sampleSize) return sample
  return [...sample].sort((a, b) => a[0] - b[0]).slice(0, sampleSize)
}
