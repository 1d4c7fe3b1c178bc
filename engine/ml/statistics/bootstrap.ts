import type { Random } from '../random/random.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { quantileSorted } from './quantiles.ts'

/**
 * Bootstrap intervals (Efron & Tibshirani 1993, An Introduction to the Bootstrap, 13 and 14). A resample is given as
 * the number of times each row is drawn, so any weighted statistic serves and nothing is sorted again.
 */
export interface BootstrapOptions {
  readonly random: Random
  readonly replicates?: number
  readonly confidence?: number
  /** Called now and then with the share done; may throw to cancel. */
  readonly onProgress?: (fraction: number) => void
}
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Every statistic on every resample: one array of replicates a statistic. `statistics` must not keep `counts`. */
export function resample(
  rows: number,
  statistics: (counts: Float64Array) => readonly number[],
  { random, replicates = 1_000, onProgress }: BootstrapOptions,
): Float64Array[] {
  const counts = new Float64Array(rows)
  const results: Float64Array[] = []
  for (let replicate = 0; replicate < replicates; replicate++) {
    counts.fill(0)
    for (let draw = 0; draw < rows; draw++) counts[random.integer(rows)]!++
    statistics(counts).forEach((value, index) => {
      results[index] ??= new Float64Array(replicates)
      results[index]![replicate] = value
    })
    if (onProgress && replicate % 16 === 15) onProgress((replicate + 1) / replicates)
  }
  return results
}

/** Percentile intervals; replicates in which a statistic is undefined are left out. */
export function percentileIntervals(
  rows: number,
  statistics: (counts: Float64Array) => readonly number[],
  options: BootstrapOptions,
): Interval[] {
  const tail = (1 - (options.confidence ?? 0.95)) / 2
  return resample(rows, statistics, options).map((values) => {
    const sorted = values.filter((value) => Number.isFinite(value)).sort()
    return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) }
  })
}

/** Bias-corrected and accelerated intervals; the acceleration comes from the jackknife, one evaluation a row. */
export function bcaIntervals(
  rows: number,
  statistics: (counts: Float64Array) => readonly number[],
  options: BootstrapOptions,
): Interval[] {
  const tail = (1 - (options.confidence ?? 0.95)) / 2
  const observed = statistics(new Float64Array(rows).fill(1)).slice()
  const accelerations = jackknife(rows, statistics, observed.length).map(acceleration)
  return resample(rows, statistics, options).map((values, index) => {
    const sorted = values.filter((value) => Number.isFinite(value)).sort()
    const bias = normalQuantile(shareBelow(sorted, observed[index]!))
    const at = (z: number) => {
      const shifted = bias + z
      return normalCdf(bias + shifted / (1 - accelerations[index]! * shifted))
    }
    const z = normalQuantile(tail)
    return { low: quantileSorted(sorted, at(z)), high: quantileSorted(sorted, at(-z)) }
  })
}

/** Share of replicates below the observed value, ties counting half. */
function shareBelow(sorted: Float64Array, observed: number): number {
  let below = 0
  let equal = 0
  for (const value of sorted) {
    if (value < observed) below++
    else if (value === observed) equal++
  }
  return (below + equal / 2) / sorted.length
}

function jackknife(
  rows: number,
  statistics: (counts: Float64Array) => readonly number[],
  width: number,
): Float64Array[] {
  const counts = new Float64Array(rows).fill(1)
  const results = Array.from({ length: width }, () => new Float64Array(rows))
  for (let row = 0; row < rows; row++) {
    counts[row] = 0
    statistics(counts).forEach((value, index) => {
      results[index]![row] = value
    })
    counts[row] = 1
  }
  return results
}

function acceleration(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  let squares = 0
  let cubes = 0
  for (const value of values) {
    squares += (mean - value) ** 2
    cubes += (mean - value) ** 3
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}
