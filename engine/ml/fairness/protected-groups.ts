import type { FrameColumn } from '#contract'
import { textCells } from '../frame.ts'
import { quantileSorted, sortedValues } from '../statistics/quantiles.ts'

/** Which group each row is in. Every code has a name; names of groups without rows are kept out. */
export interface Groups {
  readonly codes: Int32Array
  readonly names: readonly string[]
  /** Code of the rows whose value is missing; -1 when there are none. Never a reference group. */
  readonly missing: number
}

export const missingGroup = '(missing)'

/** Numbers with at most this many different values are groups as they are. */
const mostValues = 12

const isMeasure = ({ type }: FrameColumn) => type === 'number' || type === 'integer' || type === 'date'

/**
 * The groups of a protected column. Text and booleans: one group a value. Numbers and dates with more than twelve
 * values: cut at `edges` (a group begins at its edge), else at their quartiles. Missing cells are a group of their own.
 */
export function protectedGroups(column: FrameColumn, edges: readonly number[] = []): Groups {
  const { cells } = column
  if (cells.kind === 'number' && isMeasure(column)) {
    const sorted = sortedValues(cells.values)
    const cuts = edges.length > 0 ? [...new Set(edges)].sort((a, b) => a - b) : quartiles(sorted)
    if (cuts.length > 0) return binned(column, cells.values, cuts)
  }
  const { codes, levels } = textCells(column)
  return compact(
    codes.map((code) => (code >= 0 && levels[code] === '' ? -1 : code)),
    levels,
  )
}

/** Cuts at the quartiles; none when there are few values. Rounded up for whole numbers, so that edges read well. */
function quartiles(sorted: Float64Array): number[] {
  if (new Set(sorted).size <= mostValues) return []
  const cuts = [0.25, 0.5, 0.75].map((share) => quantileSorted(sorted, share))
  const whole = sorted.every(Number.isInteger)
  const first = sorted[0]!
  return [...new Set(whole ? cuts.map(Math.ceil) : cuts)].filter((cut) => cut > first)
}

function binned(column: FrameColumn, values: Float64Array, cuts: readonly number[]): Groups {
  const codes = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1
    let bin = 0
    while (bin < cuts.length && value >= cuts[bin]!) bin++
    return bin
  })
  return compact(codes, binNames(column, cuts))
}

function binNames({ type }: FrameColumn, cuts: readonly number[]): string[] {
  const say = (value: number) => (type === 'date' ? new Date(value).toISOString().slice(0, 10) : shortNumber(value))
  const inner = cuts.slice(1).map((to, index) => {
    const from = cuts[index]!
    if (type !== 'integer') return `${say(from)} to below ${say(to)}`
    return to - 1 === from ? say(from) : `${say(from)}–${say(to - 1)}`
  })
  return [`below ${say(cuts[0]!)}`, ...inner, type === 'date' ? `from ${say(cuts.at(-1)!)}` : `${say(cuts.at(-1)!)}+`]
}

const shortNumber = (value: number) => String(Number(value.toPrecision(6)))

/** Drops names without rows and gives missing cells their group, last. */
function compact(codes: Int32Array, names: readonly string[]): Groups {
  const present = new Set(codes)
  const kept = names.flatMap((_, code) => (present.has(code) ? [code] : []))
  const place = new Map(kept.map((code, index) => [code, index]))
  const missing = present.has(-1) ? kept.length : -1
  return {
    codes: codes.map((code) => (code < 0 ? missing : place.get(code)!)),
    names: [...kept.map((code) => names[code]!), ...(missing < 0 ? [] : [missingGroup])],
    missing,
  }
}

/** Groups that are in the same group of every attribute; those without rows are left out. */
export function crossGroups(attributes: readonly Groups[]): Groups {
  const rows = attributes[0]?.codes.length ?? 0
  const keys = new Float64Array(rows)
  for (const { codes, names } of attributes)
    for (let row = 0; row < rows; row++) keys[row] = keys[row]! * names.length + codes[row]!
  const distinct = [...new Set(keys)].sort((a, b) => a - b)
  const place = new Map(distinct.map((key, index) => [key, index]))
  return {
    codes: Int32Array.from(keys, (key) => place.get(key)!),
    names: distinct.map((key) => keyName(key, attributes)),
    missing: -1,
  }
}

function keyName(key: number, attributes: readonly Groups[]): string {
  const parts: string[] = []
  let rest = key
  for (const { names } of [...attributes].reverse()) {
    parts.unshift(names[rest % names.length]!)
    rest = Math.floor(rest / names.length)
  }
  return parts.join(', ')
}
