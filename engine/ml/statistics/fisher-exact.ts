import { logGamma } from './gamma.ts'

/**
 * Fisher's exact test of a 2 x 2 table [[a, b], [c, d]], two-sided: the probability of all tables with the same margins
 * that are no more probable than this one (Fisher 1922, JRSS 85:87).
 */
export function fisherExact(a: number, b: number, c: number, d: number): { oddsRatio: number; pValue: number } {
  const row = a + b
  const column = a + c
  const total = a + b + c + d
  const from = Math.max(0, row + column - total)
  const to = Math.min(row, column)
  const logOf = (k: number) => logChoose(row, k) + logChoose(total - row, column - k)
  const observed = logOf(a)
  let tail = 0
  let all = 0
  for (let k = from; k <= to; k++) {
    const weight = Math.exp(logOf(k) - observed)
    all += weight
    if (weight <= 1 + 1e-7) tail += weight
  }
  return { oddsRatio: (a * d) / (b * c), pValue: Math.min(1, tail / all) }
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
