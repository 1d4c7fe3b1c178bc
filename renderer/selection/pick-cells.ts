import type { Column, TablePage } from '#contract'
import type { BarCondition } from './bars-of.ts'
import { cellValue } from './matches-row.ts'

type Row = readonly (TablePage['rows'][number][number] | undefined)[]

const ordered = (type: Column['type']) => type === 'integer' || type === 'number' || type === 'date'

/** What the cells of a column have in common: the span of several numbers or dates, else the values; missing where one is. */
export function pickedCondition(column: Column, at: number, rows: readonly Row[]): BarCondition | undefined {
  if (column.type === 'image' || rows.length === 0) return undefined
  const cells = rows.map((row) => cellValue(row[at] ?? null, column))
  const known = [...new Set(cells.filter((cell) => cell !== undefined))]
  const missing = cells.includes(undefined) ? { missing: true as const } : {}
  if (known.length === 0) return missing
  if (!ordered(column.type) || known.length === 1) return { values: known, ...missing }
  const numbers = known.map(Number)
  const range = numbers.reduce(({ from, to }, number) => ({ from: Math.min(from, number), to: Math.max(to, number) }), {
    from: numbers[0]!,
    to: numbers[0]!,
  })
  return { range, ...missing }
}
