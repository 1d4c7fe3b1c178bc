import type { FrameColumn, NumberCells, TextCells } from '#contract'
import { moments } from '#ml/statistics/moments'
import { knownValues, quantileSorted } from '#ml/statistics/quantiles'
import { countBefore, sortNumbers } from '#ml/statistics/sort-numbers'
import { binCount, type Histogram, sortedHistogram } from './histogram.ts'
import { type LevelCount, levelCounts } from './level-counts.ts'

interface Shared {
  readonly rows: number
  readonly missing: number
  readonly distinct: number
}
export interface TextProfile extends Shared {
  readonly kind: 'text'
  /** All levels, most frequent first. */
  readonly levels: readonly LevelCount[]
  readonly shortest: number
  readonly longest: number
}
export interface NumberProfile extends Shared {
  readonly kind: 'number'
  readonly mean: number
  /** Divides by n - 1. */
  readonly deviation: number
  readonly skewness: number
  readonly excessKurtosis: number
  /** Minimum, 1 %, 5 %, quartiles, 95 %, 99 %, maximum. */
  readonly quantiles: readonly number[]
  readonly zeros: number
  readonly infinite: number
  readonly histogram: Histogram
  readonly outliers: Outliers
}
/** Values beyond Tukey's inner fences, 1.5 interquartile ranges from the quartiles (Exploratory Data Analysis, 1977). */
export interface Outliers {
  readonly lowFence: number
  readonly highFence: number
  readonly below: number
  readonly above: number
}
export type ColumnProfile = TextProfile | NumberProfile

export const profileProbabilities = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const
const mostBins = 30

function profileText(cells: TextCells): TextProfile {
  const levels = levelCounts(cells)
  let known = 0
  let shortest = Number.POSITIVE_INFINITY
  let longest = 0
  for (const { level, count } of levels) {
    known += count
    shortest = Math.min(shortest, level.length)
    longest = Math.max(longest, level.length)
  }
  const rows = cells.codes.length
  return {
    kind: 'text',
    rows,
    missing: rows - known,
    distinct: levels.length,
    levels,
    shortest: levels.length === 0 ? 0 : shortest,
    longest,
  }
}

/** Number of different values of a sorted column. */
export function distinctSorted(sorted: Float64Array): number {
  let distinct = 0
  for (let index = 0; index < sorted.length; index++) if (index === 0 || sorted[index] !== sorted[index - 1]) distinct++
  return distinct
}

function findOutliers(sorted: Float64Array, lower: number, upper: number): Outliers {
  const lowFence = lower - 1.5 * (upper - lower)
  const highFence = upper + 1.5 * (upper - lower)
  return {
    lowFence,
    highFence,
    below: countBefore(sorted, (value) => value >= lowFence),
    above: sorted.length - countBefore(sorted, (value) => value > highFence),
  }
}

function profileNumbers({ values }: NumberCells): NumberProfile {
  const known = knownValues(values)
  const all = sortNumbers(known)
  const from = countBefore(all, (value) => value > Number.NEGATIVE_INFINITY)
  const to = countBefore(all, (value) => value === Number.POSITIVE_INFINITY)
  const sorted = all.subarray(from, to)
  const finite = sorted.length === known.length ? known : known.filter(Number.isFinite)
  const { mean, sampleVariance, skewness, excessKurtosis } = moments(finite)
  const quantiles = profileProbabilities.map((probability) => quantileSorted(sorted, probability))
  const [low, , , lower, , upper, , , high] = quantiles as [number, ...number[]]
  return {
    kind: 'number',
    rows: values.length,
    missing: values.length - known.length,
    distinct: distinctSorted(all),
    mean,
    deviation: Math.sqrt(sampleVariance),
    skewness,
    excessKurtosis,
    quantiles,
    zeros: countBefore(sorted, (value) => value > 0) - countBefore(sorted, (value) => value >= 0),
    infinite: known.length - sorted.length,
    histogram: sortedHistogram(sorted, binCount(sorted.length, upper! - lower!, high! - low, mostBins)),
    outliers: findOutliers(sorted, lower!, upper!),
  }
}

/** Everything a profile says of one column; moments and quantiles are of the finite values. */
export function profileColumn(column: FrameColumn): ColumnProfile {
  return column.cells.kind === 'text' ? profileText(column.cells) : profileNumbers(column.cells)
}
