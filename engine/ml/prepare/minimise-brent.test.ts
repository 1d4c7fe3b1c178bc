import { expect, test } from 'vitest'
import { minimiseBrent } from './minimise-brent.ts'

test('minima inside and at the ends of the interval', () => {
  expect(minimiseBrent((x) => (x - 1.25) ** 2, -5, 5)).toBeCloseTo(1.25, 7)
  expect(minimiseBrent(Math.cos, 0, 6)).toBeCloseTo(Math.PI, 6)
  expect(minimiseBrent((x) => Math.abs(x + 3), -5, 5)).toBeCloseTo(-3, 6)
  expect(minimiseBrent((x) => x, 2, 4)).toBeCloseTo(2, 6)
  expect(minimiseBrent((x) => -x, 2, 4)).toBeCloseTo(4, 6)
})

test('it needs few evaluations where the function is smooth', () => {
  let count = 0
  minimiseBrent(
    (x) => {
      count++
      return Math.exp(x) - 2 * x
    },
    -5,
    5,
  )
  expect(count).toBeLessThan(20)
})

test('values beyond the numbers are walked away from', () => {
  expect(minimiseBrent((x) => (x > 1 ? Number.POSITIVE_INFINITY : (x - 0.5) ** 2), -5, 5)).toBeCloseTo(0.5, 6)
})
