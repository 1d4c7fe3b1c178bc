import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance, nearest } from './nearest.ts'

test.each([
  ['kitten', 'sitting', 3],
  ['ca', 'ac', 1],
  ['', 'abc', 3],
])('%s and %s are %i apart', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
})

test('distance is symmetric, zero only for the same, at most the longer length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }),
  )
})

test.each([
  ['incom', ['age', 'income'], 'income'],
  ['AGE', ['age', 'income'], 'age'],
  ['Age', ['age_group', 'income'], 'age_group'],
  ['zzz', ['age', 'income'], undefined],
  ['run', ['runs', 'run-all'], 'runs'],
])('%s of %j means %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant)
})
