import type { Groups } from '../fairness/protected-groups.ts'
import { quantileSorted } from '../statistics/quantiles.ts'

/**
 * Disparate impact removal (Feldman et al. 2015, KDD, geometric repair): a number at quantile q of its group moves by
 * `level` of the way to the median over groups of their numbers at q, so that at level 1 groups no longer differ in it,
 * while the order within a group stays. Quantiles are exact, interpolated between the sorted values; aif360 repairs by
 * medians of histogram bins, and only the table it is fitted on: a fitted repair here also serves new rows.
 */
export interface ImpactRemoval {
  /** Ascending values of the column by group. */
  readonly values: readonly Float64Array[]
  readonly level: number
}

/** A column of numbers (NaN where missing: left as they are) and everyone's group. */
export function fitImpactRemoval(column: Float64Array, groups: Groups, level = 1): ImpactRemoval {
  const values = groups.names.map((_, group) =>
    column.filter((value, row) => groups.codes[row] === group && !Number.isNaN(value)).sort(),
  )
  return { values, level }
}

/** The column repaired; rows of a group without values stay as they are. */
export function removeImpact({ values, level }: ImpactRemoval, column: Float64Array, groups: Groups): Float64Array {
  const filled = values.filter((sorted) => sorted.length > 0)
  return column.map((value, row) => {
    const own = values[groups.codes[row]!]
    if (Number.isNaN(value) || !own || own.length === 0) return value
    const rank = rankOf(own, value)
    const targets = Float64Array.from(filled, (sorted) => quantileSorted(sorted, rank)).sort()
    return (1 - level) * value + level * quantileSorted(targets, 0.5)
  })
}

/** The share of [0, 1] at which a value stands among sorted ones: the middle of equals, interpolated between others. */
function rankOf(sorted: Float64Array, value: number): number {
  const last = sorted.length - 1
  const from = firstAtLeast(sorted, value)
  if (sorted[from] === value) {
    let to = from
    while (to < last && sorted[to + 1] === value) to++
    return last > 0 ? (from + to) / (2 * last) : 0.5
  }
  if (from === 0) return 0
  if (from > last) return 1
  return (from - 1 + (value - sorted[from - 1]!) / (sorted[from]! - sorted[from - 1]!)) / last
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! >= value) high = middle
    else low = middle + 1
  }
  return low
}
