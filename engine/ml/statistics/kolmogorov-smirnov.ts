import type { TestResult } from './chi-square-test.ts'

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided (Smirnov 1939). Exact when n · m is at most two million and there are
 * no ties to speak of (lattice paths, Hodges 1958, Arkiv för Matematik 3:469); else the limiting distribution.
 */
export function kolmogorovSmirnov(first: Float64Array, second: Float64Array): TestResult {
  const a = first.slice().sort()
  const b = second.slice().sort()
  const statistic = largestGap(a, b)
  const exact = a.length * b.length <= 2_000_000
  const pValue = exact
    ? pathProbability(a.length, b.length, statistic)
    : kolmogorovTail(statistic * Math.sqrt((a.length * b.length) / (a.length + b.length)))
  return { statistic, pValue: Math.min(1, Math.max(0, pValue)) }
}

function largestGap(a: Float64Array, b: Float64Array): number {
  let i = 0
  let j = 0
  let largest = 0
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length))
  }
  return largest
}

/**
 * P(D >= d): the share of lattice paths from (0, 0) to (n, m) that touch |i / n - j / m| >= d, as a recursion over
 * probabilities of a uniformly drawn path, column by column, so that no binomial overflows.
 */
function pathProbability(n: number, m: number, d: number): number {
  const limit = d - 1e-12
  const outside = new Float64Array(m + 1)
  for (let j = 1; j <= m; j++) outside[j] = j / m >= limit || outside[j - 1]! === 1 ? 1 : 0
  if (limit <= 0) return 1
  for (let i = 1; i <= n; i++) {
    if (i / n >= limit) outside[0] = 1
    for (let j = 1; j <= m; j++) {
      if (Math.abs(i / n - j / m) >= limit) outside[j] = 1
      else outside[j] = (outside[j]! * i + outside[j - 1]! * j) / (i + j)
    }
  }
  return outside[m]!
}

/** Q(λ) = 2 Σ (-1)^(k-1) exp(-2 k² λ²), by its theta-function twin where that converges faster (DLMF 20.7.32). */
export function kolmogorovTail(lambda: number): number {
  if (!(lambda > 0)) return 1
  if (lambda < 1.18) {
    const y = Math.exp((-Math.PI * Math.PI) / (8 * lambda * lambda))
    return 1 - (Math.sqrt(2 * Math.PI) / lambda) * (y + y ** 9 + y ** 25 + y ** 49)
  }
  const x = Math.exp(-2 * lambda * lambda)
  return 2 * (x - x ** 4 + x ** 9 - x ** 16)
}
