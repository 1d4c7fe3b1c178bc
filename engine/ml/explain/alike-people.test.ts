import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnFrom, frameOf, type PlainCell } from '../frame-of.ts'
import { alikeSpace, nearestAlike } from './alike-people.ts'

const cell = fc.option(fc.integer({ min: -5, max: 5 }), { nil: null })
const word = fc.option(fc.constantFrom('cook', 'nurse', 'pilot'), { nil: null })
const person = fc.record({ income: cell, debt: cell, job: word, owner: fc.option(fc.boolean(), { nil: null }) })

test('the nearest are those of a plain search over all pairs', () => {
  fc.assert(
    fc.property(fc.array(person, { minLength: 2, maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (people, k) => {
      const frame = frameOf(
        columnFrom(
          'income',
          'number',
          people.map(({ income }) => income),
        ),
        columnFrom(
          'job',
          'text',
          people.map(({ job }) => job),
        ),
        columnFrom(
          'debt',
          'integer',
          people.map(({ debt }) => debt),
        ),
        columnFrom(
          'owner',
          'boolean',
          people.map(({ owner }) => owner),
        ),
      )
      const space = alikeSpace(frame, ['income', 'job', 'debt', 'owner'])
      const among = Uint32Array.from(people.keys()).filter((row) => row % 3 !== 1)
      const sizes = {
        income: deviation(people.map(({ income }) => income)),
        debt: deviation(people.map(({ debt }) => debt)),
      }
      const distance = (a: (typeof people)[number], b: (typeof people)[number]) =>
        Math.sqrt(
          numberGap(a.income, b.income, sizes.income) +
            numberGap(a.debt, b.debt, sizes.debt) +
            (a.job === b.job ? 0 : 2) +
            (a.owner === b.owner ? 0 : 2),
        )
      const expected = [...among]
        .filter((row) => row !== 0)
        .map((row) => distance(people[0]!, people[row]!))
        .sort((a, b) => a - b)
        .slice(0, k)
      const found = nearestAlike(space, 0, k, among)
      expect(found.rows).toHaveLength(expected.length)
      found.distances.forEach((own, place) => {
        expect(own).toBeCloseTo(expected[place]!, 9)
        expect(own).toBeCloseTo(distance(people[0]!, people[found.rows[place]!]!), 9)
      })
    }),
  )
})

function deviation(cells: readonly PlainCell[]): number {
  const known = cells.filter((one) => one !== null).map(Number)
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length
  return Math.sqrt(known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / known.length) || 1
}

function numberGap(a: number | null, b: number | null, size: number): number {
  if (a === null || b === null) return a === b ? 0 : 2
  return ((a - b) / size) ** 2
}

test('of equals the lower row comes first, and a person is not like themselves', () => {
  const frame = frameOf(columnFrom('x', 'number', [1, 1, 1, 1]))
  expect(nearestAlike(alikeSpace(frame, ['x']), 1, 2, Uint32Array.of(0, 1, 2, 3))).toEqual({
    rows: [0, 2],
    distances: [0, 0],
  })
})
