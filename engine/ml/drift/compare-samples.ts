import { chiSquareTest } from '../statistics/chi-square-test.ts'
import { kolmogorovSmirnov } from '../statistics/kolmogorov-smirnov.ts'
import { moments } from '../statistics/moments.ts'
import { binnedShares, quantileEdges } from './binned-shares.ts'
import { hellinger, jensenShannon, populationStability } from './share-distances.ts'
import { wasserstein } from './wasserstein.ts'

/** Distances of the shares in bins or levels. */
interface ShareDistances {
  /** Population stability index, nats. */
  readonly stability: number
  /** 0 to 1. */
  readonly jensenShannon: number
  /** 0 to 1. */
  readonly hellinger: number
}

/** How two samples of a numeric column differ; null where one of them has no finite value. */
export interface NumberChange extends ShareDistances {
  /** Kolmogorov-Smirnov distance and its p-value. */
  readonly largestGap: number
  readonly pValue: number
  /** In the unit of the column, and in standard deviations of the reference (null where that is 0). */
  readonly wasserstein: number
  readonly wassersteinDeviations: number | null
}

/**
 * A later sample of numbers against the reference. Values that are not finite are left out: their share is a change of
 * its own, to be seen in the counts of missing values. Shares are those of `bins` bins that each hold an equal part of
 * the reference.
 */
export function compareNumbers(reference: Float64Array, current: Float64Array, bins = 10): NumberChange | null {
  const a = reference.filter(Number.isFinite)
  const b = current.filter(Number.isFinite)
  if (a.length === 0 || b.length === 0) return null
  const { statistic, pValue } = kolmogorovSmirnov(a, b)
  const edges = quantileEdges(a, bins)
  const moved = wasserstein(a, b)
  const deviation = Math.sqrt(moments(a).variance)
  return {
    largestGap: statistic,
    pValue,
    wasserstein: moved,
    wassersteinDeviations: deviation > 0 ? moved / deviation : null,
    ...distances(binnedShares(a, edges), binnedShares(b, edges)),
  }
}

/** How two samples of a categorical column differ. */
export interface LevelChange extends ShareDistances {
  /** Pearson's statistic of the 2 x k table, without correction, and its p-value. */
  readonly chiSquare: number
  readonly degrees: number
  readonly pValue: number
  /** Levels that only the later sample has, and those that only the reference has. */
  readonly added: readonly string[]
  readonly gone: readonly string[]
}

/** A later sample of levels against the reference; `null` counts as a level of its own. */
export function compareLevels(
  reference: readonly (string | null)[],
  current: readonly (string | null)[],
): LevelChange | null {
  if (reference.length === 0 || current.length === 0) return null
  const before = countLevels(reference)
  const after = countLevels(current)
  const levels = [...new Set([...before.keys(), ...after.keys()])]
  const counts = [before, after].map((count) => levels.map((level) => count.get(level) ?? 0))
  const { statistic, pValue, degrees } = chiSquareTest(counts, false)
  const only = (these: ReadonlyMap<string | null, number>, others: ReadonlyMap<string | null, number>) =>
    [...these.keys()].filter((level): level is string => level !== null && !others.has(level)).sort()
  return {
    chiSquare: statistic,
    degrees,
    pValue,
    added: only(after, before),
    gone: only(before, after),
    ...distances(
      counts[0]!.map((count) => count / reference.length),
      counts[1]!.map((count) => count / current.length),
    ),
  }
}

function countLevels(values: readonly (string | null)[]): Map<string | null, number> {
  const counts = new Map<string | null, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

const distances = (p: ArrayLike<number>, q: ArrayLike<number>): ShareDistances => ({
  stability: populationStability(p, q),
  jensenShannon: jensenShannon(p, q),
  hellinger: hellinger(p, q),
})
