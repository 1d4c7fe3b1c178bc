import type { Column, ColumnCondition, Hash, JsonValue, RowPredicate, Stretches } from '#contract'

/** A row of the form that nodes with conditions have. */
export interface FormCondition {
  readonly column: string
  readonly operator: string
  readonly value?: string
  readonly orMissing?: true
}

type Value = NonNullable<ColumnCondition['values']>[number]

/** As the form reads it back: dates as ISO text, numbers in full. */
function valueText(value: Value, type: Column['type'] | undefined): string {
  if (type === 'date' && typeof value === 'number') {
    const text = new Date(value).toISOString()
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text
  }
  return String(value)
}

/** An item of a list stands in quotes where a comma, a quote or a space at an end would be read otherwise. */
const listed = (text: string) => (text === '' || /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function knownRows({ column, range, values }: ColumnCondition, type: Column['type'] | undefined): FormCondition[] {
  const text = (value: Value) => valueText(value, type)
  if (range)
    return [
      { column, operator: '>=', value: text(range.from) },
      { column, operator: range.below ? '<' : '<=', value: text(range.to) },
    ]
  if (!values) return [{ column, operator: 'is present' }]
  const [only, ...others] = values
  if (only !== undefined && others.length === 0) return [{ column, operator: '=', value: text(only) }]
  return [{ column, operator: 'one of', value: values.map((value) => listed(text(value))).join(', ') }]
}

/** A condition as rows of a form that must all hold; undefined where the form has no words for it. */
function rowsOf(condition: ColumnCondition, type: Column['type'] | undefined, canAddMissing: boolean) {
  const { column, range, values, missing } = condition
  if (missing && !range && !values) return [{ column, operator: 'is missing' }]
  if ((range && values) || (missing && !canAddMissing)) return undefined
  const rows = knownRows(condition, type)
  return missing ? rows.map((row): FormCondition => ({ ...row, orMissing: true })) : rows
}

/** A predicate as rows of a form that must all hold; undefined where it can not be said in them. */
export function formConditions(
  where: RowPredicate,
  columns: readonly Column[],
  canAddMissing: boolean,
): readonly FormCondition[] | undefined {
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  const rows = where.map((condition) =>
    'column' in condition ? rowsOf(condition, types.get(condition.column), canAddMissing) : undefined,
  )
  return rows.every((one) => one !== undefined) ? rows.flat() : undefined
}

/** A coordinate as the form reads it back: a day of four-digit years as ISO text, everything else as a number in full. */
function coordinate(value: number, type: Column['type'] | undefined): string {
  return type === 'date' && value >= 0 && value < 2.5e14 ? valueText(Math.round(value), type) : String(value)
}

/** The parameter with the outlines of a predicate; nothing where there is none. */
export function formAreas(where: RowPredicate, columns: readonly Column[]): { readonly areas?: readonly JsonValue[] } {
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type
  const areas = where.flatMap((condition): JsonValue[] => {
    if (!('area' in condition)) return []
    const [x, y] = condition.area
    const corners = condition.corners.map(([a, b]) => `${coordinate(a, typeOf(x))} ${coordinate(b, typeOf(y))}`)
    return [{ x, y, outline: corners.join(', ') }]
  })
  return areas.length > 0 ? { areas } : {}
}

/** The parameters that name rows by their number, from 1, in a table of this content. */
export function formPlaces(places: Stretches, content: Hash) {
  const parts = places.map(([first, last]) => (first === last ? String(first + 1) : `${first + 1}-${last + 1}`))
  return { rowNumbers: parts.join(', '), rowNumbersOf: content }
}

/** The parameter of a node that takes rows of conditions, by its JSON Schema, and whether a row may add missing cells. */
export function conditionParameter(
  schema: JsonValue,
): { readonly name: string; readonly named: boolean; readonly orMissing: boolean } | undefined {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, ParameterSchema>> }
  for (const [name, { items }] of Object.entries(properties)) {
    const row = items?.properties
    if (row && ['column', 'operator', 'value'].every((key) => Object.hasOwn(row, key)))
      return { name, named: Object.hasOwn(row, 'name'), orMissing: Object.hasOwn(row, 'orMissing') }
  }
  return undefined
}

interface ParameterSchema {
  readonly items?: { readonly properties?: Readonly<Record<string, unknown>> }
}
