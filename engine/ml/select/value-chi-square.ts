import { ProblemError } from '#contract'
import { chiSquareTail } from '../statistics/chi-square.ts'
import type { TestResult } from '../statistics/chi-square-test.ts'

/**
 * scikit-learn's `chi2` feature score: NOT the test of a contingency table of counts, but Pearson's statistic on the SUMS
 * of a feature's values in each class, against sums in proportion to the class sizes. Only for values that are counts
 * or frequencies (Σ of the value is what is spread over the classes); one-hot columns give the usual test without its
 * "absent" row. Rows with a missing value or a negative code are left out; a column of zeros gives 0, p 1.
 */
export function valueChiSquare(values: Float64Array, codes: Int32Array, classes: number): TestResult {
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  let total = 0
  let n = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const code = codes[i]!
    if (code < 0 || Number.isNaN(value)) continue
    if (value < 0) refuseNegative(i)
    sums[code]! += value
    counts[code]! += 1
    total += value
    n++
  }
  const present = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  if (present < 2 || total === 0) return { statistic: 0, pValue: 1 }
  let statistic = 0
  for (let k = 0; k < classes; k++) {
    if (counts[k] === 0) continue
    const expected = (counts[k]! / n) * total
    statistic += (sums[k]! - expected) ** 2 / expected
  }
  return { statistic, pValue: chiSquareTail(statistic, present - 1) }
}

function refuseNegative(row: number): never {
  throw new ProblemError({
    code: 'data-bad',
    message: `Row ${row + 1} holds a negative number, and the chi-square score adds up counts.`,
    fix: 'Choose ANOVA F or mutual information for columns with negative numbers.',
    rows: [row],
  })
}
