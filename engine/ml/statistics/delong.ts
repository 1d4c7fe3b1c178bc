import type { Estimate } from '#contract'
import { criticalValue, normalTwoSided } from './normal.ts'
import { midranks } from './ranks.ts'

/**
 * Areas under ROC curves with their covariance (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837) by midranks in
 * n log n (Sun & Xu 2014, IEEE Signal Processing Letters 21:1389). Covariances divide by n - 1.
 */
export interface DeLong {
  readonly areas: readonly number[]
  /** Row-major, one row a model. */
  readonly covariance: readonly (readonly number[])[]
}

/** `labels` are 1 for the positive class; each of `scores` is one model's on the same rows. */
export function deLong(labels: ArrayLike<number>, scores: readonly Float64Array[]): DeLong {
  const parts = scores.map((score) => components(labels, score))
  const positives = parts[0]?.positive.length ?? 0
  const negatives = parts[0]?.negative.length ?? 0
  return {
    areas: parts.map((part) => part.area),
    covariance: parts.map((a) =>
      parts.map((b) => covariance(a.positive, b.positive) / positives + covariance(a.negative, b.negative) / negatives),
    ),
  }
}

function components(labels: ArrayLike<number>, scores: Float64Array) {
  const positives = scores.filter((_, i) => labels[i] === 1)
  const negatives = scores.filter((_, i) => labels[i] !== 1)
  const pooled = new Float64Array(scores.length)
  pooled.set(positives)
  pooled.set(negatives, positives.length)
  const ranks = midranks(pooled)
  const own = midranks(positives)
  const other = midranks(negatives)
  const m = positives.length
  const n = negatives.length
  const positive = own.map((rank, i) => (ranks[i]! - rank) / n)
  const negative = other.map((rank, i) => 1 - (ranks[m + i]! - rank) / m)
  return { area: positive.reduce((sum, value) => sum + value, 0) / m, positive, negative }
}

function covariance(a: Float64Array, b: Float64Array): number {
  const n = a.length
  if (n < 2) return Number.NaN
  const meanA = a.reduce((sum, value) => sum + value, 0) / n
  const meanB = b.reduce((sum, value) => sum + value, 0) / n
  let sum = 0
  for (let i = 0; i < n; i++) sum += (a[i]! - meanA) * (b[i]! - meanB)
  return sum / (n - 1)
}

/** The area with its normal interval, kept within 0 and 1; null when only one class is there. */
export function deLongInterval(labels: ArrayLike<number>, scores: Float64Array, confidence = 0.95): Estimate {
  const n = scores.length
  const { areas, covariance: matrix } = deLong(labels, [scores])
  const value = areas[0]!
  if (!Number.isFinite(value)) return { value: null, n }
  const spread = criticalValue(confidence) * Math.sqrt(matrix[0]![0]!)
  if (!Number.isFinite(spread)) return { value, n }
  return { value, low: Math.max(0, value - spread), high: Math.min(1, value + spread), n }
}

/** Difference of two paired areas, first minus second, with interval and two-sided p-value. */
export function deLongTest(
  labels: ArrayLike<number>,
  first: Float64Array,
  second: Float64Array,
  confidence = 0.95,
): { readonly difference: Estimate; readonly pValue: number } {
  const { areas, covariance: c } = deLong(labels, [first, second])
  const value = areas[0]! - areas[1]!
  const error = Math.sqrt(Math.max(0, c[0]![0]! + c[1]![1]! - 2 * c[0]![1]!))
  const spread = criticalValue(confidence) * error
  const difference = { value, low: value - spread, high: value + spread, n: first.length }
  return { difference, pValue: error > 0 ? normalTwoSided(value / error) : value === 0 ? 1 : 0 }
}
