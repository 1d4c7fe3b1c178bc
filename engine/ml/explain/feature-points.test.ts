import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { interactionHint, rankShades } from './feature-points.ts'

test('shades are ranks, equal values alike, unknown ones apart', () => {
  expect([...rankShades(Float64Array.of(30, 10, 1e9, 10, Number.NaN))]).toEqual([
    2 / 3,
    0.5 / 3,
    1,
    0.5 / 3,
    Number.NaN,
  ])
  expect([...rankShades(Float64Array.of(7))]).toEqual([0.5])
})

test('the feature that a contribution depends on beside its own value is found', () => {
  const random = createRandom(4)
  const draw = () => Float64Array.from({ length: 300 }, () => random.normal())
  const [x, partner, stranger] = [draw(), draw(), draw()]
  const contributions = x.map((value, row) => value + value * partner[row]!)
  const [hint, none] = [interactionHint(x, contributions, partner), interactionHint(x, contributions, stranger)]
  expect(hint).toBeGreaterThan(0.7)
  expect(none).toBeLessThan(0.3)
  expect(interactionHint(x, contributions, new Float64Array(300))).toBe(0)
  expect(interactionHint(x, contributions, new Float64Array(300).fill(Number.NaN))).toBe(0)
})
