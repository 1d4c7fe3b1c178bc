import type { Column, FrameColumn } from '#contract'

/** A cell as a JSON scalar: dates as ISO text (the day alone at midnight), missing and infinite as null. */
export function cellValue(column: FrameColumn, row: number): string | number | boolean | null {
  const { cells } = column
  if (cells.kind === 'text') return cells.codes[row]! < 0 ? null : cells.levels[cells.codes[row]!]!
  return numberCell(column, cells.values[row]!)
}

/** The same of a number as it is held in memory. */
export function numberCell(column: Column, value: number): string | number | boolean | null {
  if (!Number.isFinite(value)) return null
  if (column.type === 'boolean') return value !== 0
  return column.type === 'date' ? dateText(value) : value
}

export function dateText(milliseconds: number): string {
  if (Math.abs(milliseconds) > 8.64e15) return String(milliseconds)
  const text = new Date(milliseconds).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, -14) : text.replace('.000Z', 'Z')
}
