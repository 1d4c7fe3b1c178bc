import type { Column } from '#contract'
import { formatFixed } from '#report/format-number'
import type { Cell } from './page-cache.ts'
import { tableMessages as words } from './table-messages.ts'

/** Long integers are easier to read in groups; years, post codes and identifiers are not numbers to read. */
const groupedFrom = 10_000

function numberText(value: number, column: Column): string {
  if (column.type === 'integer' || Number.isInteger(value))
    return Math.abs(value) < groupedFrom || column.role === 'id'
      ? String(value).replace('-', '\u2212')
      : formatFixed(value, 0)
  const size = Math.abs(value)
  if (size >= 1e12 || size < 1e-5) return value.toExponential(3).replace('-', '\u2212')
  const digits = Math.max(0, Math.min(8, 5 - Math.floor(Math.log10(size))))
  return formatFixed(value, digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

/** A cell as it is shown; null for missing. */
export function cellText(cell: Cell, column: Column): string | null {
  if (cell === null) return null
  if (typeof cell === 'boolean') return cell ? words.yes : words.no
  if (typeof cell === 'number') return numberText(cell, column)
  return column.type === 'date'
    ? cell
        .replace(/T00:00:00(\.0+)?Z?$/, '')
        .replace('T', ' ')
        .replace(/(\.0+)?Z$/, '')
    : cell
}

/** A cell for the clipboard: plain, so that it can be pasted into a sheet. */
export function cellForCopy(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const typeIcons: Readonly<Record<Column['type'], { readonly glyph: string; readonly word: string }>> = {
  boolean: { glyph: '◩', word: words.types.boolean },
  integer: { glyph: '#', word: words.types.integer },
  number: { glyph: '.0', word: words.types.number },
  text: { glyph: 'Aa', word: words.types.text },
  date: { glyph: '▦', word: words.types.date },
  image: { glyph: '▣', word: words.types.image },
}
