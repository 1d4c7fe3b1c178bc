import { moments } from './moments.ts'
import { studentTCdf } from './student-t.ts'

/**
 * P-value of Welch's test that the first mean is larger (Welch 1947, Biometrika 34:28), one-sided. 1 where a sample has
 * fewer than two values; where neither varies, 0 or 1 as the first mean is larger or not.
 */
export function welchTail(first: Float64Array, second: Float64Array): number {
  const [a, b] = [moments(first), moments(second)]
  if (a.n < 2 || b.n < 2) return 1
  const [u, v] = [a.sampleVariance / a.n, b.sampleVariance / b.n]
  if (u + v === 0) return a.mean > b.mean ? 0 : 1
  const degrees = (u + v) ** 2 / ((u * u) / (a.n - 1) + (v * v) / (b.n - 1))
  return studentTCdf((b.mean - a.mean) / Math.sqrt(u + v), degrees)
}
