import type { Column, ColumnCondition, PredicateCondition, RowPredicate, Stretches } from '#contract'
import { formatNumber } from '#report/format-number'
import { selectionMessages as words } from './selection-messages.ts'
import { countPlaces } from './stretches.ts'

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

const mostStretches = 3

/** "row 5", "rows 3 to 9", or how many they are. */
function placeWords(places: Stretches): string {
  const [only] = places
  if (only && places.length === 1 && only[0] === only[1]) return words.row(only[0] + 1)
  if (places.length > mostStretches) return words.picked(countPlaces(places))
  return words.rows(
    places.map(([first, last]) => (first === last ? String(first + 1) : words.span(first + 1, last + 1))),
  )
}

function columnWords(condition: ColumnCondition, type: Column['type'] | undefined): string {
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

function conditionWords(condition: PredicateCondition, columns: readonly Column[]): string {
  if ('area' in condition) return words.area(...condition.area)
  if ('places' in condition) return placeWords(condition.places)
  if ('beside' in condition) return predicateWords(condition.where, condition.beside.columns)
  return columnWords(condition, columns.find(({ name }) => name === condition.column)?.type)
}

/** "age 20 to 30 and purpose = car". */
export function predicateWords(where: RowPredicate, columns: readonly Column[]): string {
  return words.all(where.map((condition) => conditionWords(condition, columns)))
}
