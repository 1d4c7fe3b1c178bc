import { expect, test } from 'vitest'
import { linkMargins } from './link-margins.ts'

test('margins become what the model gives, extremes included', () => {
  const margins = Float64Array.of(0, 800, -800)
  expect(Array.from(linkMargins(margins, 1, 'logistic'))).toEqual([0.5, 0.5, 0, 1, 1, 0])
  expect(Array.from(linkMargins(Float64Array.of(0, 1), 1, 'exponential'))).toEqual([1, Math.E])
  expect(Array.from(linkMargins(margins, 1, 'identity'))).toEqual([0, 800, -800])
  const shares = linkMargins(Float64Array.of(1, 2, 3, 700, 700, -700), 3, 'softmax')
  expect(shares[0]! + shares[1]! + shares[2]!).toBeCloseTo(1, 15)
  expect(shares[2]! / shares[1]!).toBeCloseTo(Math.E, 12)
  expect(Array.from(shares.subarray(3))).toEqual([0.5, 0.5, 0])
  expect(margins[1]).toBe(800)
})
