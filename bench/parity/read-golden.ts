import { readFileSync } from 'node:fs'

/** A committed golden of `bench/parity/golden`; null stands for NaN and infinities. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8')) as T
}

/** Largest difference, relative to the larger of 1 and the expected size, over nested arrays of numbers. */
export function largestDifference(actual: unknown, expected: unknown): number {
  if (isList(actual) && isList(expected)) {
    if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
    return Array.from(actual).reduce<number>(
      (largest, value, index) => Math.max(largest, largestDifference(value, expected[index])),
      0,
    )
  }
  if (expected === null) return actual === null || !Number.isFinite(actual) ? 0 : Number.POSITIVE_INFINITY
  if (typeof actual !== 'number' || typeof expected !== 'number' || Number.isNaN(actual))
    return Number.POSITIVE_INFINITY
  return Math.abs(actual - expected) / Math.max(1, Math.abs(expected))
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value)
