import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Column } from '#contract'
import { numberContains } from './number-contains.ts'

const column = (type: Column['type']): Column => ({ name: 'x', type, nullable: true })
const decimals = fc
  .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 7 }))
  .map(([digits, places]) => digits / 10 ** places)
const values = fc.oneof(
  decimals,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
)
const digits = fc.stringMatching(/^\d{1,6}$/)

test('digits are found in a number where its text has them', () => {
  const holds = (value: number, wanted: string) => {
    expect(numberContains(column('number'), wanted)(value), `${value} and ${wanted}`).toBe(
      String(value).includes(wanted),
    )
  }
  fc.assert(fc.property(values, digits, holds), { numRuns: 3_000 })
  const inside = fc
    .tuple(values, fc.nat(), fc.integer({ min: 1, max: 5 }))
    .map(
      ([value, from, length]) =>
        [
          value,
          String(value)
            .slice(from % String(value).length)
            .slice(0, length),
        ] as const,
    )
    .filter(([, wanted]) => /^\d+$/.test(wanted))
  fc.assert(
    fc.property(inside, ([value, wanted]) => holds(value, wanted)),
    { numRuns: 3_000 },
  )
  for (const [value, wanted] of [
    [0, '0'],
    [0, '00'],
    [10.05, '05'],
    [10.05, '005'],
    [100, '00'],
    [0.5, '05'],
    [1e21, '1'],
    [1e21, '21'],
    [1e-7, '7'],
    [-120, '12'],
  ] as const)
    holds(value, wanted)
})
