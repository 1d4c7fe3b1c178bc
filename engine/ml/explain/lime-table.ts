import type { Matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { moments } from '../statistics/moments.ts'
import { normalCdf, normalQuantile } from '../statistics/normal.ts'
import { quantileSorted, sortedValues } from '../statistics/quantiles.ts'
import { needRows } from './score-rows.ts'

/** A part of a number's range: its ends, the mean and deviation of the training cells in it, and their share. */
export interface Bin {
  readonly low: number
  readonly high: number
  readonly mean: number
  readonly deviation: number
  readonly share: number
}

/** What LIME knows of a training column. A missing cell of a binned column is a bin of its own, with NaN for ends. */
export type LimeColumn =
  | { readonly kind: 'bins'; readonly bounds: readonly number[]; readonly bins: readonly Bin[] }
  | { readonly kind: 'levels'; readonly levels: readonly number[]; readonly shares: readonly number[] }
  | { readonly kind: 'number'; readonly mean: number; readonly deviation: number }

/** Describes the training rows: quartile bins of numbers, or mean and deviation; values and shares of categories. */
export function limeColumns(training: Matrix, categorical: readonly number[], quartiles = true): LimeColumn[] {
  needRows(training, 'training table')
  return Array.from({ length: training.columns }, (_, column) => {
    const cells = Float64Array.from(
      { length: training.rows },
      (_, row) => training.values[row * training.columns + column]!,
    )
    if (categorical.includes(column)) return levelsOf(cells)
    const { mean, variance } = moments(cells)
    return quartiles ? binsOf(cells) : { kind: 'number', mean, deviation: Math.sqrt(variance) || 1 }
  })
}

function levelsOf(cells: Float64Array): LimeColumn {
  const counts = new Map<number, number>()
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  const levels = [...counts.keys()].sort((a, b) => a - b)
  return { kind: 'levels', levels, shares: levels.map((level) => counts.get(level)! / cells.length) }
}

function binsOf(cells: Float64Array): LimeColumn {
  const sorted = sortedValues(cells)
  const bounds = sorted.length > 0 ? [0.25, 0.5, 0.75].map((share) => quantileSorted(sorted, share)) : []
  const ends = [sorted[0] ?? Number.NaN, ...bounds, sorted.at(-1) ?? Number.NaN]
  const bins =
    bounds.length > 0
      ? Array.from({ length: bounds.length + 1 }, (_, k): Bin => {
          const { n, mean, variance } = moments(sorted.filter((cell) => binOf(bounds, cell) === k))
          return {
            low: ends[k]!,
            high: ends[k + 1]!,
            mean: n > 0 ? mean : 0,
            deviation: n > 0 ? Math.sqrt(variance) : 0,
            share: n / cells.length,
          }
        })
      : []
  const missing = 1 - sorted.length / cells.length
  const none = { low: Number.NaN, high: Number.NaN, mean: Number.NaN, deviation: 0, share: missing }
  return { kind: 'bins', bounds, bins: missing > 0 ? [...bins, none] : bins }
}

/** The bin (low, high] of a value; missing ones have the last. */
export const binOf = (bounds: readonly number[], value: number): number =>
  Number.isNaN(value) ? bounds.length + (bounds.length > 0 ? 1 : 0) : bounds.filter((bound) => bound < value).length

/** Draws a cell: its value for the model, and what the local regression sees of it. */
export function drawCell(column: LimeColumn, own: number, random: Random): { value: number; seen: number } {
  if (column.kind === 'number') {
    const z = random.normal()
    return { value: column.mean + column.deviation * z, seen: z }
  }
  if (column.kind === 'levels') {
    const value = column.levels[drawIndex(column.shares, random)]!
    return { value, seen: Object.is(value, own) || value === own ? 1 : 0 }
  }
  const bin = drawIndex(
    column.bins.map(({ share }) => share),
    random,
  )
  return { value: drawInside(column.bins[bin]!, random), seen: bin === binOf(column.bounds, own) ? 1 : 0 }
}

function drawIndex(shares: readonly number[], random: Random): number {
  let point = random.uniform()
  for (const [index, share] of shares.entries()) {
    point -= share
    if (point < 0) return index
  }
  return shares.findLastIndex((share) => share > 0)
}

/** The bin's normal distribution cut off at its ends; where it has no width, its only value. */
function drawInside({ low, high, mean, deviation }: Bin, random: Random): number {
  if (!(high > low)) return low
  if (deviation === 0) return Math.min(high, Math.max(low, mean))
  const from = normalCdf((low - mean) / deviation)
  const to = normalCdf((high - mean) / deviation)
  const value = mean + deviation * normalQuantile(from + (to - from) * random.uniform())
  return Math.min(high, Math.max(low, value))
}
