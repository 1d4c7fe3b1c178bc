import type { FrameColumn, NumberCells, TextCells } from '#contract'
import { moments } from '#ml/statistics/moments'
import { quantileSorted } from '#ml/statistics/quantiles'
import { binCount, type Histogram, histogram } from './histogram.ts'
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
  let below = 0
  let above = 0
  for (const value of sorted) {
    if (value < lowFence) below++
    if (value > highFence) above++
  }
  return { lowFence, highFence, below, above }
}

function profileNumbers(cells: NumberCells): NumberProfile {
  const { values } = cells
  const known = values.filter((value) => !Number.isNaN(value))
  const finite = known.filter((value) => Number.isFinite(value))
  const sorted = finite.slice().sort()
  const { mean, sampleVariance, skewness, excessKurtosis } = moments(finite)
  const quantiles = profileProbabilities.map((probability) => quantileSorted(sorted, probability))
  const [low, , , lower, , upper, , , high] = quantiles as [number, ...number[]]
  const infinite = known.length - finite.length
  return {
    kind: 'number',
    rows: values.length,
    missing: values.length - known.length,
    distinct: distinctSorted(sorted) + new Set(known.filter((value) => !Number.isFinite(value))).size,
    mean,
    deviation: Math.sqrt(sampleVariance),
    skewness,
    excessKurtosis,
    quantiles,
    zeros: finite.filter((value) => value === 0).length,
    infinite,
    histogram: histogram(finite, binCount(finite.length, upper! - lower!, high! - low, mostBins)),
    outliers: findOutliers(sorted, lower!, upper!),
  }
}

/** Everything a profile says of one column; moments and quantiles are of the finite values. */
export function profileColumn(column: FrameColumn): ColumnProfile {
  return column.cells.kind === 'text' ? profileText(column.cells) : profileNumbers(column.cells)
}
