import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { sortNumbers } from './sort-numbers.ts'

const kinds: Readonly<Record<string, (draw: () => number) => number>> = {
  'numbers of all sizes': (draw) => (draw() - 0.5) * 10 ** (draw() * 300 - 150),
  'positive numbers': (draw) => draw() * 1e6,
  'whole numbers': (draw) => Math.round((draw() - 0.3) * 100),
  'few values with both zeros and infinities': (draw) =>
    [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][Math.floor(draw() * 6)]!,
  'numbers that differ in their last bits': (draw) => 1 + draw() * 1e-9,
  'one value': () => -2.5,
}

test.each(Object.entries(kinds))('%s come in the order of the built-in sort', (_, make) => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.constantFrom(0, 1, 100, 4_096, 9_999), (seed, length) => {
      const random = createRandom(seed)
      const values = Float64Array.from({ length }, () => make(() => random.uniform()))
      const before = values.slice()
      const sorted = sortNumbers(values)
      // toEqual tells -0 from 0
      expect(sorted).toEqual(before.slice().sort())
      expect(values).toEqual(before)
    }),
    { numRuns: 15 },
  )
})
