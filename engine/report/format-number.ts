import type { Estimate } from '#contract'

/** Narrow no-break space between thousands, no-break space before the percent sign, real minus: see the design's type rules. */
const thousands = '\u202f'
const beforeUnit = '\u00a0'
const minus = '\u2212'
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** What stands where there is no number. */
export const noValue = '–'

export type NumberFormat = 'percent' | 'number' | 'integer' | 'signed'

const known = (value: number | null | undefined): value is number => value != null && Number.isFinite(value)

function withSign(text: string, negative: boolean): string {
  return negative && /[1-9]/.test(text) ? minus + text : text
}

/** A number with this many decimals: 48 842, −0.11. */
export function formatFixed(value: number, digits: number): string {
  const [whole = '', decimals] = Math.abs(value).toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands)
  return withSign(decimals ? `${grouped}.${decimals}` : grouped, value < 0)
}

/** Decimals that show a figure without noise: three below ten, fewer above, none for whole numbers. */
export function defaultDigits(value: number): number {
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 1_000) return 0
  if (size >= 100) return 1
  if (size >= 10) return 2
  return size >= 0.001 ? 3 : 6
}

/** Decimals worth showing beside an interval: those of its half width's first digit, two at least for shares. */
export function estimateDigits(estimate: Estimate): number {
  if (!known(estimate.value)) return 0
  if (!known(estimate.low) || !known(estimate.high) || estimate.high <= estimate.low)
    return defaultDigits(estimate.value)
  const digits = -Math.floor(Math.log10((estimate.high - estimate.low) / 2))
  return Math.max(Math.abs(estimate.value) <= 10 ? 2 : 0, Math.min(digits, 4))
}

function formatTiny(value: number): string {
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential(1).split('e')
  const power = [...String(Math.abs(Number(exponent)))].map((digit) => superscripts[Number(digit)]).join('')
  return `${withSign(mantissa, value < 0)}${beforeUnit}×${beforeUnit}10${Number(exponent) < 0 ? '⁻' : ''}${power}`
}

/** A number for reading; without `digits` as many decimals as its size asks for. */
export function formatNumber(value: number | null | undefined, digits?: number): string {
  if (!known(value)) return noValue
  const size = Math.abs(value)
  if (digits === undefined && size > 0 && (size < 1e-6 || size >= 1e15)) return formatTiny(value)
  return formatFixed(value, digits ?? defaultDigits(value))
}

export function formatInteger(value: number | null | undefined): string {
  return known(value) ? formatFixed(Math.round(value), 0) : noValue
}

function percentDigits(share: number): number {
  const size = Math.abs(share * 100)
  if (size === 0 || size === 100) return 0
  if (size < 0.1) return 2
  return size < 1 || (size < 100 && size >= 99.5) ? 1 : 0
}

/** A share as a percentage: 0.71 is "71 %". */
export function formatPercent(share: number | null | undefined, digits?: number): string {
  if (!known(share)) return noValue
  return `${formatFixed(share * 100, digits ?? percentDigits(share))}${beforeUnit}%`
}

/** A difference with its sign: +0.04, −0.11, ±0.00. */
export function formatSigned(value: number | null | undefined, digits = 2): string {
  if (!known(value)) return noValue
  const size = formatFixed(Math.abs(value), digits)
  if (!/[1-9]/.test(size)) return `±${size}`
  return (value > 0 ? '+' : minus) + size
}

export function formatAs(format: NumberFormat, value: number | null | undefined, digits?: number): string {
  if (format === 'percent') return formatPercent(value, digits)
  if (format === 'integer') return formatInteger(value)
  return format === 'signed' ? formatSigned(value, digits) : formatNumber(value, digits)
}

/** An interval's two ends with their unit once: "66–76 %", "0.66–0.76", "−0.02 to 0.05". Empty when there is none. */
export function formatInterval(estimate: Estimate, format: NumberFormat = 'number', digits?: number): string {
  const { low, high } = estimate
  if (!known(low) || !known(high)) return ''
  const joint = low < 0 || high < 0 ? ' to ' : '–'
  if (format !== 'percent') {
    const places = digits ?? (format === 'signed' ? 2 : estimateDigits(estimate))
    return `${formatAs(format, low, places)}${joint}${formatAs(format, high, places)}`
  }
  const places = digits ?? Math.max(percentDigits(low), percentDigits(high))
  return `${formatFixed(low * 100, places)}${joint}${formatPercent(high, places)}`
}

/** A figure with its interval in words: "71 % (95 % interval 66–76 %)". */
export function formatEstimate(estimate: Estimate, format: NumberFormat = 'number'): string {
  const digits = format === 'percent' ? undefined : estimateDigits(estimate)
  const interval = formatInterval(estimate, format)
  const value = formatAs(format, estimate.value, digits)
  return interval ? `${value} (95${beforeUnit}% interval ${interval})` : value
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** A size in decimal units: 1 kB, 2.1 MB. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!known(bytes)) return noValue
  let size = bytes
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1_000
    unit++
  }
  return `${formatFixed(size, unit === 0 || size >= 9.95 ? 0 : 1)}${beforeUnit}${units[unit]}`
}

/** "1 row", "48 842 rows"; `many` when the plural isn't just an s. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatInteger(count)} ${count === 1 ? one : many}`
}
