import { chiSquareTail } from './chi-square.ts'

export interface TestResult {
  readonly statistic: number
  readonly pValue: number
}
export interface ChiSquareResult extends TestResult {
  readonly degrees: number
  /** Cramér's V of the uncorrected statistic, 0 to 1. */
  readonly cramersV: number
}

/**
 * Pearson's chi-square test of independence of a contingency table, rows of counts (Pearson 1900). `yates` takes the
 * continuity correction on 2 x 2 tables, as SciPy does by default. Empty rows and columns are left out.
 */
export function chiSquareTest(counts: readonly (readonly number[])[], yates = true): ChiSquareResult {
  const rowSums = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  const columnSums = (counts[0] ?? []).map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0))
  const total = rowSums.reduce((sum, count) => sum + count, 0)
  const rows = rowSums.filter((sum) => sum > 0).length
  const columns = columnSums.filter((sum) => sum > 0).length
  const degrees = (rows - 1) * (columns - 1)
  if (degrees < 1) return { statistic: 0, pValue: 1, degrees: 0, cramersV: 0 }
  let statistic = 0
  let uncorrected = 0
  counts.forEach((row, i) => {
    row.forEach((count, j) => {
      const expected = (rowSums[i]! * columnSums[j]!) / total
      if (expected === 0) return
      const gap = Math.abs(count - expected)
      uncorrected += (gap * gap) / expected
      statistic += (gap - (yates && degrees === 1 ? Math.min(0.5, gap) : 0)) ** 2 / expected
    })
  })
  return {
    statistic,
    pValue: chiSquareTail(statistic, degrees),
    degrees,
    cramersV: Math.sqrt(uncorrected / total / (Math.min(rows, columns) - 1)),
  }
}
