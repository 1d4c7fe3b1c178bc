import type { DateOrder, NumberStyle } from './reading.ts'

/** Cell texts to values. All return NaN for what is not a cell of their type. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const zero = 48
const nine = 57

/** UTF-8 bytes of no-break and narrow no-break space, as the single-byte characters the scanner sees. */
const wideBlanks = ['\u00c2\u00a0', '\u00e2\u0080\u00af', '\u00e2\u0080\u0089']

function normalBlanks(text: string): string {
  return wideBlanks.reduce((result, wide) => result.replaceAll(wide, ' '), text)
}

/** Whether a text is a whole number without leading zeros. */
export function isInteger(text: string, style: NumberStyle): boolean {
  return /^[+-]?(0|[1-9]\d*)$/.test(withoutThousands(text, style))
}

/** The text without its thousands marks when they stand where they should, else unchanged. */
function withoutThousands(text: string, { decimal, thousands }: NumberStyle): string {
  if (thousands === 'none') return text
  const clean = thousands === ' ' ? normalBlanks(text) : text
  if (!clean.includes(thousands)) return text
  const point = clean.indexOf(decimal)
  const whole = point < 0 ? clean : clean.slice(0, point)
  const groups = whole.replace(/^[+-]/, '').split(thousands)
  const fits = /^\d{1,3}$/.test(groups[0]!) && groups.slice(1).every((group) => /^\d{3}$/.test(group))
  return fits ? whole.replaceAll(thousands, '') + (point < 0 ? '' : clean.slice(point)) : text
}

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** A number in the style of the file; leading zeros before digits are refused, since they mark codes. */
export function parseNumber(text: string, style: NumberStyle): number {
  let plain = withoutThousands(text, style)
  if (style.decimal === ',') {
    if (plain.includes('.')) return Number.NaN
    plain = plain.replace(',', '.')
  }
  return numberPattern.test(plain) && !/^[+-]?0\d/.test(plain) ? Number(plain) : Number.NaN
}

/** A whole number that a float64 holds exactly. */
export function parseInteger(text: string, style: NumberStyle): number {
  const plain = withoutThousands(text, style)
  if (!/^[+-]?(0|[1-9]\d*)$/.test(plain)) return Number.NaN
  const value = Number(plain)
  return Number.isSafeInteger(value) ? value + 0 : Number.NaN
}

/**
 * The number at [start, end), read without making a text: at most 15 digits, one decimal mark, no exponent, no leading
 * zeros. NaN for all else, which the slow functions then look at. Exact: mantissa and power of ten are both exact in a
 * float64, so the one division rounds correctly (Clinger 1990, "How to read floating point numbers accurately").
 */
export function quickNumber(text: string, start: number, end: number, decimal: number): number {
  let at = start
  const negative = text.charCodeAt(at) === 45
  if (negative) at++
  const length = end - at
  if (length < 1 || length > 16) return Number.NaN
  let mantissa = 0
  let point = -1
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code >= zero && code <= nine) mantissa = mantissa * 10 + (code - zero)
    else if (code === decimal && point < 0) point = at
    else return Number.NaN
  }
  if (length === 16 && point < 0) return Number.NaN
  const first = negative ? start + 1 : start
  const wholeEnd = point < 0 ? end : point
  if (wholeEnd === first || point === end - 1) return Number.NaN
  if (text.charCodeAt(first) === zero && wholeEnd - first > 1) return Number.NaN
  const value = point < 0 ? mantissa : mantissa / powers[end - point - 1]!
  return negative ? -value : value
}

/** 1, 0 or NaN; only true and false in any case are booleans, since yes and no are as often categories. */
export function parseBoolean(text: string): number {
  const lower = text.length <= 5 ? text.toLowerCase() : ''
  return lower === 'true' ? 1 : lower === 'false' ? 0 : Number.NaN
}

const datePattern =
  /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/

function offsetMs(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

function timestamp(year: number, month: number, day: number, clock: readonly (string | undefined)[]): number {
  const [hour = '0', minute = '0', second = '0', fraction = '', zone] = clock
  if (month < 1 || month > 12 || day < 1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return Number.NaN
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCDate() !== day) return Number.NaN
  const ms = Number(`${fraction}000`.slice(0, 3))
  return (
    date.getTime() + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1_000 + ms - offsetMs(zone)
  )
}

/** Milliseconds UTC of a day, or of a day and time; a time without a zone counts as UTC. Years need four digits. */
export function parseDate(text: string, order: DateOrder): number {
  const match = datePattern.exec(text)
  if (!match) return Number.NaN
  const [, first, , middle, third, ...clock] = match
  if (order === 'year-first') {
    if (first!.length !== 4 || third!.length > 2) return Number.NaN
    return timestamp(Number(first), Number(middle), Number(third), clock)
  }
  if (first!.length > 2 || third!.length !== 4) return Number.NaN
  const dayFirst = order === 'day-first'
  return timestamp(Number(third), Number(dayFirst ? middle : first), Number(dayFirst ? first : middle), clock)
}
