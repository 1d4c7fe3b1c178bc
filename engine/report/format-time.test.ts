import { expect, test } from 'vitest'
import { formatDate, formatDuration, formatShortDate, formatTime } from './format-time.ts'

const local = new Date(2026, 10, 24, 13, 48).toISOString()

test('dates as read on this computer', () => {
  expect(formatDate(local)).toBe('24\u00a0November\u00a02026')
  expect(formatShortDate(local)).toBe('24\u00a0Nov')
  expect(formatTime(local)).toBe('13:48')
  expect(formatDate('soon')).toBe('soon')
})

test('durations in the unit one would say', () => {
  expect(formatDuration(0)).toBe('0.0\u00a0s')
  expect(formatDuration(12)).toBe('0.01\u00a0s')
  expect(formatDuration(204)).toBe('0.2\u00a0s')
  expect(formatDuration(41_200)).toBe('41\u00a0s')
  expect(formatDuration(118_000)).toBe('2\u00a0min')
  expect(formatDuration(3_900_000)).toBe('1\u00a0h 5\u00a0min')
  expect(formatDuration(undefined)).toBe('–')
})
