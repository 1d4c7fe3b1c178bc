import { incompleteBeta } from './beta.ts'
import { chiSquareTail } from './chi-square.ts'
import type { TestResult } from './chi-square-test.ts'

/**
 * McNemar's test of two paired classifiers from the cases only one of them has right (1947, Psychometrika 12:153): the
 * exact binomial below 26 such cases, else chi-square with continuity correction.
 */
export function mcnemar(onlyFirst: number, onlySecond: number, exact = onlyFirst + onlySecond < 26): TestResult {
  const n = onlyFirst + onlySecond
  if (n === 0) return { statistic: 0, pValue: 1 }
  if (exact) {
    const smaller = Math.min(onlyFirst, onlySecond)
    const tail = smaller === n ? 1 : incompleteBeta(n - smaller, smaller + 1, 0.5).lower
    return { statistic: smaller, pValue: Math.min(1, 2 * tail) }
  }
  const statistic = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1) ** 2 / n
  return { statistic, pValue: chiSquareTail(statistic, 1) }
}
