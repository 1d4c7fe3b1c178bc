import type { TestResult } from './chi-square-test.ts'
import { normalTwoSided } from './normal.ts'
import { midranks, tieSum } from './ranks.ts'

/**
 * Mann & Whitney's U of the first sample, two-sided (1947, Annals of Mathematical Statistics 18:50): exact when a sample
 * has at most eight values and none are equal, else the normal limit with correction for ties and continuity.
 */
export function mannWhitney(first: Float64Array, second: Float64Array): TestResult {
  const n = first.length
  const m = second.length
  const pooled = new Float64Array(n + m)
  pooled.set(first)
  pooled.set(second, n)
  const ranks = midranks(pooled)
  let rankSum = 0
  for (let i = 0; i < n; i++) rankSum += ranks[i]!
  const statistic = rankSum - (n * (n + 1)) / 2
  const larger = Math.max(statistic, n * m - statistic)
  const ties = tieSum(pooled)
  if (Math.min(n, m) <= 8 && ties === 0) return { statistic, pValue: Math.min(1, 2 * exactTail(n, m, larger)) }
  const total = n + m
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)))
  const z = Math.max(0, larger - (n * m) / 2 - 0.5) / Math.sqrt(variance)
  return { statistic, pValue: variance > 0 ? normalTwoSided(z) : 1 }
}

/** P(U >= u), counting rank sums by the recursion over the last value's sample. */
function exactTail(n: number, m: number, u: number): number {
  const [few, many] = n < m ? [n, m] : [m, n]
  const top = few * many
  let counts: Float64Array[] = [new Float64Array(top + 1)]
  counts[0]![0] = 1
  for (let i = 1; i <= few; i++) counts.push(new Float64Array(top + 1))
  for (let value = 1; value <= few + many; value++) counts = takeValue(counts, value, few, top)
  const all = counts[few]!
  let tail = 0
  let sum = 0
  for (let k = 0; k <= top; k++) {
    sum += all[k]!
    if (k >= u) tail += all[k]!
  }
  return tail / sum
}

/** Rank `value` joins the smaller sample or not; sums are kept less the least possible sum. */
function takeValue(counts: readonly Float64Array[], value: number, few: number, top: number): Float64Array[] {
  const next = counts.map((row) => row.slice())
  for (let size = 1; size <= Math.min(few, value); size++) {
    const shift = value - size
    for (let sum = shift; sum <= top; sum++) next[size]![sum]! += counts[size - 1]![sum - shift]!
  }
  return next
}
