import type { Estimate } from '#contract'
import { wilson } from './wilson.ts'

/**
 * Difference of two independent shares, first minus second, with the hybrid score interval (Newcombe 1998, Statistics in
 * Medicine 17:873, method 10): Wilson limits of both shares, combined by squares. `n` is the first sample's.
 */
export function newcombe(
  successes: number,
  n: number,
  otherSuccesses: number,
  otherN: number,
  confidence = 0.95,
): Estimate {
  const a = wilson(successes, n, confidence)
  const b = wilson(otherSuccesses, otherN, confidence)
  if (a.value === null || b.value === null) return { value: null, n }
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low!, b.high! - b.value),
    high: value + Math.hypot(a.high! - a.value, b.value - b.low!),
    n,
  }
}
