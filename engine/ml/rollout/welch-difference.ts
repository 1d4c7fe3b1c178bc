import { studentTQuantile } from '../statistics/student-t.ts'
import { type Spread, sampleVariance } from './spread.ts'

/** Second mean minus first with Welch's interval (Welch 1947, Biometrika 34:28); null below two values each. */
export function welchDifference(first: Spread, second: Spread, confidence = 0.95) {
  if (first.n < 2 || second.n < 2) return { value: null, n: second.n }
  const [u, v] = [sampleVariance(first) / first.n, sampleVariance(second) / second.n]
  const value = second.mean - first.mean
  if (u + v === 0) return { value, low: value, high: value, n: second.n }
  const degrees = (u + v) ** 2 / ((u * u) / (first.n - 1) + (v * v) / (second.n - 1))
  const half = studentTQuantile(0.5 + confidence / 2, degrees) * Math.sqrt(u + v)
  return { value, low: value - half, high: value + half, n: second.n }
}
