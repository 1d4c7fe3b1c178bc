import { type ChiSquareResult, chiSquareTest } from '../statistics/chi-square-test.ts'
import { dropTwins, type TwinChoice } from './drop-twins.ts'

/** Codes from 0 into `levels` levels; a negative code is a missing cell. */
export interface CategoryColumn {
  readonly codes: Int32Array
  readonly levels: number
}

/** Counts of a pair of columns, row-major levels x levels, rows with a missing cell left out. */
export function contingencyCounts(a: CategoryColumn, b: CategoryColumn): Float64Array {
  const counts = new Float64Array(a.levels * b.levels)
  const width = b.levels
  const x = a.codes
  const y = b.codes
  for (let i = 0; i < x.length; i++) {
    const row = x[i]!
    const column = y[i]!
    if (row >= 0 && column >= 0) counts[row * width + column]! += 1
  }
  return counts
}

/**
 * Chi-square test of independence of two columns, without Yates' correction, with Cramér's V (Cramér 1946, Mathematical
 * Methods of Statistics, 21.9). A column of one level tells nothing: statistic 0, p 1, V 0.
 */
export function categoryAssociation(a: CategoryColumn, b: CategoryColumn): ChiSquareResult {
  const counts = contingencyCounts(a, b)
  const rows = Array.from({ length: a.levels }, (_, i) => Array.from(counts.subarray(i * b.levels, (i + 1) * b.levels)))
  return chiSquareTest(rows, false)
}

/**
 * Columns without those whose Cramér's V with a kept one reaches the threshold while the chi-square test of the pair
 * has a p-value of at most `alpha`: a large V of few rows and many levels proves nothing.
 */
export function categoryTwins(
  columns: readonly CategoryColumn[],
  threshold = 0.95,
  alpha = 0.05,
  value?: ArrayLike<number>,
): TwinChoice {
  const strength = (i: number, j: number) => {
    const { cramersV, pValue } = categoryAssociation(columns[i]!, columns[j]!)
    return pValue <= alpha ? cramersV : 0
  }
  return dropTwins(columns.length, strength, threshold, value)
}
