import type { Column, ColumnCondition, RowPredicate } from '#contract'
import { formatNumber } from '#report/format-number'
import { selectionMessages as words } from './selection-messages.ts'

const mostValues = 3

/** A day, with the time where there is one. */
function dateWords(milliseconds: number): string {
  if (Math.abs(milliseconds) > 8.64e15) return String(milliseconds)
  const text = new Date(milliseconds).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ')
}

function valueWords(value: string | number | boolean, type: Column['type'] | undefined): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'string') return value
  if (type === 'date') return dateWords(value)
  if (Number.isInteger(value) && Math.abs(value) < 10_000) return String(value).replace('-', '−')
  return formatNumber(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

function conditionWords(condition: ColumnCondition, type: Column['type'] | undefined): string {
  const { column, range, values, missing } = condition
  const parts: string[] = []
  if (range) {
    const [from, to] = [valueWords(range.from, type), valueWords(range.to, type)]
    parts.push(range.from === range.to ? `= ${from}` : words.range(from, to, range.below === true))
  }
  if (values && values.length > 0) {
    const shown = values.slice(0, mostValues).map((value) => valueWords(value, type))
    const more = values.length - shown.length
    parts.push(`= ${words.any(more > 0 ? [...shown, words.others(more)] : shown)}`)
  }
  if (missing) parts.push(words.missing)
  if (parts.length === 0) parts.push(words.present)
  return `${column} ${words.any(parts)}`
}

/** "age 20 to 30 and purpose = car". */
export function predicateWords(where: RowPredicate, columns: readonly Column[]): string {
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  return words.all(where.map((condition) => conditionWords(condition, types.get(condition.column))))
}
