import type { FrameColumn, SchemaColumn } from '#contract'
import { textCells } from '#ml/frame'

/** One expectation and the rows that break it; none for expectations about a column as a whole. */
export interface Finding {
  readonly column: string
  readonly rule: string
  /** What stands in the reason of each row. */
  readonly reason: string
  readonly rows: readonly number[]
  /** For the column as a whole: how many cells it concerns. */
  readonly cells?: number
}

type Test = (row: number) => boolean

function rowsWhere(count: number, test: Test): number[] {
  const rows: number[] = []
  for (let row = 0; row < count; row++) if (test(row)) rows.push(row)
  return rows
}

/** Rows whose level fails a test; each level is looked at once. */
function levelsFailing(column: FrameColumn, fails: (level: string) => boolean): Test {
  const { codes, levels } = textCells(column)
  const bad = levels.map(fails)
  return (row) => codes[row]! >= 0 && bad[codes[row]!]!
}

function numbersFailing({ cells }: FrameColumn, fails: (value: number) => boolean): Test {
  if (cells.kind !== 'number') return () => false
  return (row) => fails(cells.values[row]!)
}

export function isMissing({ cells }: FrameColumn, row: number): boolean {
  return cells.kind === 'text' ? cells.codes[row]! < 0 : Number.isNaN(cells.values[row]!)
}

/** True for every row whose value an earlier row has. */
function repeated(column: FrameColumn): Test {
  const { codes, levels } = textCells(column)
  const seen = new Uint8Array(levels.length)
  return (row) => {
    const code = codes[row]!
    if (code < 0) return false
    if (seen[code] === 1) return true
    seen[code] = 1
    return false
  }
}

/** True for every row that falls behind the furthest value so far. */
function outOfOrder(column: FrameColumn, direction: 'ascending' | 'descending'): Test {
  const { codes } = textCells(column)
  const sign = direction === 'ascending' ? 1 : -1
  let furthest = Number.NEGATIVE_INFINITY
  return (row) => {
    const code = codes[row]!
    if (code < 0) return false
    if (sign * code < furthest) return true
    furthest = sign * code
    return false
  }
}

/** Compiles the pattern to match the whole text; undefined when it is none. */
export function wholePattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u')
  } catch {
    return undefined
  }
}

/**
 * The expectations of one column, in the order in which a person would name them. `column` has the schema's type;
 * `failed` marks cells that could not be turned into it.
 */
export function checkColumn(column: FrameColumn, expected: SchemaColumn, failed: Uint8Array, rows: number): Finding[] {
  const { name, domain, min, max, pattern, type } = expected
  const findings: Finding[] = []
  const add = (rule: string, reason: string, test: Test) => {
    const broken = rowsWhere(rows, test)
    if (broken.length > 0) findings.push({ column: name, rule, reason: `${name}: ${reason}`, rows: broken })
  }
  add(`is ${type}`, `is not ${type}`, (row) => failed[row] === 1)
  if (!expected.nullable) add('is present', 'is missing', (row) => failed[row] === 0 && isMissing(column, row))
  if (domain !== undefined) {
    const allowed = new Set(domain)
    add(
      'is in its domain',
      'is not in its domain',
      levelsFailing(column, (level) => !allowed.has(level)),
    )
  }
  if (min !== undefined)
    add(
      'reaches its minimum',
      'is below its minimum',
      numbersFailing(column, (value) => value < min),
    )
  if (max !== undefined)
    add(
      'keeps its maximum',
      'is above its maximum',
      numbersFailing(column, (value) => value > max),
    )
  const regex = pattern === undefined ? undefined : wholePattern(pattern)
  if (regex)
    add(
      'matches its pattern',
      'does not match its pattern',
      levelsFailing(column, (level) => !regex.test(level)),
    )
  if (expected.unique) add('is unique', 'stands in an earlier row', repeated(column))
  if (expected.ordered)
    add(`is ${expected.ordered}`, `breaks the ${expected.ordered} order`, outOfOrder(column, expected.ordered))
  return findings
}

/** The share of missing cells, as a finding about the column. */
export function checkMissing(column: FrameColumn, expected: SchemaColumn, rows: number): Finding[] {
  if (expected.maxMissing === undefined || rows === 0) return []
  const cells = rowsWhere(rows, (row) => isMissing(column, row)).length
  if (cells / rows <= expected.maxMissing) return []
  return [{ column: expected.name, rule: 'is rarely missing', reason: '', rows: [], cells }]
}
