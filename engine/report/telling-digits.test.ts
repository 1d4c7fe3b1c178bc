import { expect, test } from 'vitest'
import { tellingDigits } from './telling-digits.ts'

test('a figure never reads like the limit it misses', () => {
  expect(tellingDigits(0.71, 0.8, 2)).toBe(2)
  expect(tellingDigits(0.7976, 0.8, 2)).toBe(3)
  expect(tellingDigits(79.99, 80, 0)).toBe(2)
  expect(tellingDigits(0.8, 0.8, 2)).toBe(2)
  expect(tellingDigits(0.8 - 1e-12, 0.8, 2)).toBe(6)
})
