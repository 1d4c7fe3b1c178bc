import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '#ml/random/random'
import { foldRows, meanOfFolds, stratifiedFolds } from './cross-validate.ts'

test('folds share out every class evenly and cover each row once', () => {
  const codes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 120 })
  fc.assert(
    fc.property(codes, fc.constantFrom(3, 5), fc.nat(), (drawn, folds, seed) => {
      const assigned = stratifiedFolds(drawn, folds, createRandom(seed))
      for (const code of new Set(drawn)) {
        const counts = Array.from(
          { length: folds },
          (_, k) => drawn.filter((c, i) => c === code && assigned[i] === k).length,
        )
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }
      for (let k = 0; k < folds; k++) {
        const { fit, held } = foldRows(assigned, k)
        expect([...fit, ...held].sort((a, b) => a - b)).toEqual([...drawn.keys()])
      }
    }),
  )
})

test('the mean of folds has Student’s t interval and skips folds without a score', () => {
  const estimate = meanOfFolds([0.7, 0.8, 0.9, Number.NaN], 40)
  expect(estimate.value).toBeCloseTo(0.8, 12)
  expect(estimate.high! - 0.8).toBeCloseTo((4.302652729749 * 0.1) / Math.sqrt(3), 9)
  expect(meanOfFolds([Number.NaN], 4)).toEqual({ value: null, n: 4 })
  expect(meanOfFolds([0.5], 4)).toEqual({ value: 0.5, n: 4 })
})
