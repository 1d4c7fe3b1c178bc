import { type Hash, mostStretches, type Problem, ProblemError, type Stretches, type Table } from '#contract'
import { formatCount } from '#report/format-number'
import type { RowTest } from './row-test.ts'

/** Rows by their number in the table, from 1: "3, 7-12". */
export interface FilterNumbers {
  readonly rowNumbers: string
  /** The content the numbers were chosen in; empty takes them as they stand. */
  readonly rowNumbersOf: string
}

/** Places from 0; undefined where the text can not be read. */
export function parseRowNumbers(text: string): Stretches | undefined {
  const stretches: [number, number][] = []
  for (const part of text.split(',')) {
    const found = /^\s*(\d{1,15})\s*(?:[-–]\s*(\d{1,15})\s*)?$/.exec(part)
    if (!found) return undefined
    const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])]
    if (first < 1 || last < first) return undefined
    stretches.push([first - 1, last - 1])
  }
  return stretches.length > mostStretches ? undefined : stretches
}

const unread: Problem = {
  code: 'parameter-bad',
  message: 'The row numbers can not be read.',
  path: ['params', 'rowNumbers'],
  fix: `Write numbers and stretches with commas between them, as 3, 7-12, of ${mostStretches} at most`,
}

/** A test by place; none where no row is numbered. */
export function numbersTest({ rowNumbers }: FilterNumbers): readonly RowTest[] {
  if (rowNumbers.trim() === '') return []
  const stretches = parseRowNumbers(rowNumbers)
  const rows = (stretches ?? []).reduce((sum, [first, last]) => sum + last - first + 1, 0)
  const values = (stretches ?? []).map(([first, last]) => `(${first}, ${last})`).join(', ')
  return [
    {
      words: formatCount(rows, 'numbered row'),
      problems: stretches ? [] : [unread],
      columns: [],
      sql: stretches
        ? `__row IN (SELECT unnest(range(first, last + 1)) FROM (VALUES ${values}) AS s(first, last))`
        : 'false',
      rows: (frame) => {
        const holds = new Uint8Array(frame.rows)
        for (const [first, last] of stretches ?? []) holds.fill(1, first, last + 1)
        return holds
      },
    },
  ]
}

/** Numbers mean the rows they were chosen as only in the very content they were chosen in. */
export function checkContent({ rowNumbers, rowNumbersOf }: FilterNumbers, table: Table): void {
  if (rowNumbers.trim() === '' || rowNumbersOf === '' || table.data === (rowNumbersOf as Hash)) return
  throw new ProblemError({
    code: 'data-bad',
    message:
      'The table has changed since its rows were chosen by their numbers, so a number may be another row by now.',
    path: ['params', 'rowNumbers'],
    fix: 'Choose the rows again; or empty "Numbers of" to take the numbers as they stand',
  })
}
