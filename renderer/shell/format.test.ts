import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatFigure, formatNumber, formatPercent, formatWhen } from './format.ts'

describe('figures in words', () => {
  it('separate thousands thinly and use a real minus', () => {
    expect(formatNumber(48842)).toBe('48\u202f842')
    expect(formatNumber(-1234567.5)).toBe('\u22121\u202f234\u202f567.5')
    expect(formatNumber(999)).toBe('999')
    expect(formatNumber(Number.NaN)).toBe('–')
    expect(formatFigure(0.85714)).toBe('0.857')
    expect(formatPercent(0.624)).toBe('62\u00a0%')
  })
  it('give durations and sizes a unit that fits', () => {
    expect([20, 230, 14_200, 61_000, 3_900_000].map(formatDuration)).toEqual([
      '0.1\u00a0s',
      '0.2\u00a0s',
      '14\u00a0s',
      '1\u00a0min',
      '1\u00a0h 5\u00a0min',
    ])
    expect([0, 999, 1_500, 12_000_000].map(formatBytes)).toEqual([
      '0\u00a0B',
      '999\u00a0B',
      '1.5\u00a0kB',
      '12\u00a0MB',
    ])
  })
  it('say when as people do', () => {
    const now = Date.parse('2026-11-24T14:00:00')
    expect(formatWhen('2026-11-24T13:59:40', now)).toBe('just now')
    expect(formatWhen('2026-11-24T13:48:00', now)).toBe('12 min ago')
    expect(formatWhen('2026-11-24T09:05:00', now)).toBe('09:05')
    expect(formatWhen('2026-11-23T09:05:00', now)).toBe('yesterday')
    expect(formatWhen('2026-11-20T09:05:00', now)).toBe('Friday')
    expect(formatWhen('2026-03-01T09:05:00', now)).toBe('1 March')
    expect(formatWhen('2025-03-01T09:05:00', now)).toBe('1 March 2025')
  })
})
