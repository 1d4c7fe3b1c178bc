import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linearScale, niceExtent, niceTicks, tickDigits } from './scale.ts'

test('ticks are round and inside', () => {
  expect(niceTicks(0, 0.62, 4)).toEqual([0, 0.2, 0.4, 0.6])
  expect(niceTicks(-3, 12, 3)).toEqual([0, 5, 10])
  expect(niceTicks(5, 5)).toEqual([5])
})

test('an extent covers its data and is made of ticks', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      fc.pre(high - low > 1e-3)
      const [from, to] = niceExtent(low, high)
      const rounding = (high - low) * 1e-6
      expect(from).toBeLessThanOrEqual(low + rounding)
      expect(to).toBeGreaterThanOrEqual(high - rounding)
      expect(to - from).toBeLessThanOrEqual((high - low) * 3)
    }),
  )
  expect(niceExtent(0, 0)).toEqual([0, 1])
})

test('scale and digits', () => {
  expect(linearScale([0, 10], [100, 0])(2.5)).toBe(75)
  expect(tickDigits([0, 0.25, 0.5])).toBe(1)
  expect(tickDigits([0, 0.05])).toBe(2)
  expect(tickDigits([0, 20])).toBe(0)
})
