import { expect, test } from 'vitest'
import {
  estimateDigits,
  formatBytes,
  formatCount,
  formatEstimate,
  formatInteger,
  formatInterval,
  formatNumber,
  formatPercent,
  formatSigned,
} from './format-number.ts'

test('thousands, minus and missing', () => {
  expect(formatInteger(48842)).toBe('48\u202f842')
  expect(formatInteger(-1234567)).toBe('\u22121\u202f234\u202f567')
  expect(formatNumber(0.8612)).toBe('0.861')
  expect(formatNumber(-0.5)).toBe('\u22120.500')
  expect(formatNumber(12345.678)).toBe('12\u202f346')
  expect(formatNumber(null)).toBe('–')
  expect(formatNumber(Number.NaN)).toBe('–')
  expect(formatNumber(-0.0001, 2)).toBe('0.00')
})

test('very small and very large numbers', () => {
  expect(formatNumber(1.2e-9)).toBe('1.2\u00a0×\u00a010⁻⁹')
  expect(formatNumber(-3e20)).toBe('\u22123.0\u00a0×\u00a010²⁰')
  expect(formatNumber(0.00042)).toBe('0.000420')
})

test('percentages keep what rounding would hide', () => {
  expect(formatPercent(0.71)).toBe('71\u00a0%')
  expect(formatPercent(0.004)).toBe('0.4\u00a0%')
  expect(formatPercent(0.9962)).toBe('99.6\u00a0%')
  expect(formatPercent(0.0004)).toBe('0.04\u00a0%')
  expect(formatPercent(0)).toBe('0\u00a0%')
  expect(formatPercent(1)).toBe('100\u00a0%')
})

test('signs', () => {
  expect(formatSigned(0.04)).toBe('+0.04')
  expect(formatSigned(-0.11)).toBe('\u22120.11')
  expect(formatSigned(0.0001)).toBe('±0.00')
})

test('intervals decide the decimals', () => {
  expect(estimateDigits({ value: 0.861, low: 0.854, high: 0.868 })).toBe(3)
  expect(estimateDigits({ value: 0.71, low: 0.66, high: 0.76 })).toBe(2)
  expect(formatInterval({ value: 0.71, low: 0.66, high: 0.76 }, 'percent')).toBe('66–76\u00a0%')
  expect(formatInterval({ value: 0.01, low: -0.02, high: 0.05 })).toBe('\u22120.02 to 0.05')
  expect(formatEstimate({ value: 0.71, low: 0.66, high: 0.76 }, 'percent')).toBe(
    '71\u00a0% (95\u00a0% interval 66–76\u00a0%)',
  )
  expect(formatInterval({ value: 0.5 })).toBe('')
})

test('sizes and counts', () => {
  expect(formatBytes(999)).toBe('999\u00a0B')
  expect(formatBytes(2_140_000)).toBe('2.1\u00a0MB')
  expect(formatBytes(999_960)).toBe('1.0\u00a0MB')
  expect(formatCount(1, 'row')).toBe('1 row')
  expect(formatCount(9769, 'person', 'people')).toBe('9\u202f769 people')
})
