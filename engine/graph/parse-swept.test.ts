import { expect, test } from 'vitest'
import { parseSwept } from './parse-swept.ts'

test('values, lists and ranges as people write them', () => {
  expect(parseSwept('a.b=1, 2.5,true,no pen,')).toEqual({ setting: 'a.b', values: [1, 2.5, true, 'no pen'] })
  expect(parseSwept('a.b=[[64],[64,32]]')).toEqual({ setting: 'a.b', values: [[64], [64, 32]] })
  expect(parseSwept('a.b=1..100')).toEqual({ setting: 'a.b', range: { low: 1, high: 100, integer: true } })
  expect(parseSwept('a.b=0.5 .. 3')).toEqual({ setting: 'a.b', range: { low: 0.5, high: 3 } })
  expect(parseSwept('a.b=1e-4..1:log:points=3')).toEqual({
    setting: 'a.b',
    range: { low: 1e-4, high: 1, log: true, points: 3 },
  })
})

test('what can not be read is said with its cure', () => {
  expect(() => parseSwept('a.b')).toThrow(/needs a name and values/)
  expect(() => parseSwept('a.b=')).toThrow(/needs a name and values/)
  expect(() => parseSwept('a.b=1..2:cubic')).toThrow(/no option "cubic"/)
})
