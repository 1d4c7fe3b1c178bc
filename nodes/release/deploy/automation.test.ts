import fc from 'fast-check'
import { expect, test } from 'vitest'
import { automationProblems } from './automation.ts'
import deploy from './node.ts'
import { bandOfError, bandOfShare } from './uncertain-band.ts'

const rows = fc.array(
  fc.record({ distance: fc.integer({ min: 0, max: 20 }).map((k) => k / 40), wrong: fc.boolean() }),
  { minLength: 1, maxLength: 60 },
)

test('a share of the rows, at least, and none surer than one outside', () => {
  fc.assert(
    fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
      const { distance, people } = bandOfShare(given, share)
      expect(people).toBeGreaterThanOrEqual(Math.ceil(share * given.length))
      expect(given.filter((row) => row.distance <= distance).length).toBe(people)
      const narrower = given.filter((row) => row.distance < distance).length
      expect(narrower).toBeLessThan(Math.max(1, Math.ceil(share * given.length)))
    }),
  )
})

test('the narrowest band that keeps the error, by trying them all', () => {
  fc.assert(
    fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (given, most) => {
      const { distance, judged, wrong } = bandOfError(given, most)
      expect(wrong).toBeLessThanOrEqual(most * judged)
      const candidates = [-1, ...given.map((row) => row.distance)].filter((candidate) => {
        const rest = given.filter((row) => row.distance > candidate)
        return rest.filter((row) => row.wrong).length <= most * rest.length
      })
      expect(distance).toBe(Math.min(...candidates))
    }),
  )
})

test('numbers have no certainty, and a band begins before it ends', () => {
  const params = deploy.params.parse({ automation: 'uncertain-to-human', band: 'scores', low: 0.7, high: 0.3 })
  expect(automationProblems(params, 'binary')).toMatchObject([{ code: 'parameter-bad', path: ['params', 'low'] }])
  expect(automationProblems(params, 'regression')).toMatchObject([{ code: 'not-supported' }])
  expect(automationProblems(deploy.params.parse({}), 'regression')).toEqual([])
})
