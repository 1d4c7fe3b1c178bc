import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDate, parseInteger, parseNumber, quickNumber } from './parse-cells.ts'

const plain = { decimal: '.', thousands: 'none' } as const
const quick = (text: string) => quickNumber(text, 0, text.length, 46)

test('the quick way gives JavaScript’s own number, or none', () => {
  const decimal = fc.tuple(fc.integer(), fc.nat(99_999)).map(([whole, part]) => `${whole}.${part}`)
  fc.assert(
    fc.property(fc.oneof(fc.double().map(String), fc.integer().map(String), decimal), (text) => {
      const value = quick(text)
      if (!Number.isNaN(value)) expect(value).toBe(Number(text))
    }),
    { numRuns: 2_000 },
  )
  for (const text of ['0.1', '123456789.123456', '-0.5', '9007199254740991', '0'])
    expect(Object.is(quick(text), Number(text)) || text.length === 16).toBe(true)
  for (const text of ['', '-', '.', '1.', '.5', '01', '1e5', '+1', ' 1', '1 ', '12345678901234567'])
    expect(quick(text)).toBeNaN()
})

test('the slow way reads every float that JavaScript writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseNumber(String(value), plain)).toBe(value + 0)
    }),
  )
})

test('decimal comma, thousands marks of every kind, in their places only', () => {
  expect(parseNumber('1.234.567,5', { decimal: ',', thousands: '.' })).toBe(1_234_567.5)
  expect(parseNumber('-1,234.5', { decimal: '.', thousands: ',' })).toBe(-1_234.5)
  expect(parseInteger("1'234'567", { decimal: '.', thousands: "'" })).toBe(1_234_567)
  expect(parseInteger('1\u00c2\u00a0234', { decimal: '.', thousands: ' ' })).toBe(1_234)
  expect(parseNumber('12.34.567', { decimal: ',', thousands: '.' })).toBeNaN()
  expect(parseNumber('1234.567', { decimal: ',', thousands: '.' })).toBeNaN()
  expect(parseNumber('1.5', { decimal: ',', thousands: 'none' })).toBeNaN()
})

test('whole numbers are exact or refused', () => {
  expect(parseInteger('9007199254740991', plain)).toBe(9_007_199_254_740_991)
  for (const text of ['9007199254740993', '007', '1.0', '1e3', 'Infinity', '0x10'])
    expect(parseInteger(text, plain)).toBeNaN()
  expect(Object.is(parseInteger('-0', plain), 0)).toBe(true)
})

test('dates are days of the calendar; every ISO time comes back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(parseDate(date.toISOString(), 'year-first')).toBe(date.getTime())
    }),
  )
  expect(parseDate('29.02.2020', 'day-first')).toBe(Date.UTC(2020, 1, 29))
  expect(parseDate('2/3/2020', 'month-first')).toBe(Date.UTC(2020, 1, 3))
  expect(parseDate('2020-01-01 10:30:00.25 -0530', 'year-first')).toBe(Date.UTC(2020, 0, 1, 16, 0, 0, 250))
  for (const text of ['29.02.2021', '31.04.2020', '1.1.20', '2020-01-01', '12.13.2020', '1-1.2020'])
    expect(parseDate(text, 'day-first')).toBeNaN()
})
