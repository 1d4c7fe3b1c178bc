import type { Column, ColumnCondition, RowPredicate, Slice } from '#contract'

/** The condition that one part of a slice says; undefined where its words can be read in more than one way. */
function conditionOf(
  { column, value }: Slice['conditions'][number],
  columns: readonly Column[],
): ColumnCondition | undefined {
  const type = columns.find(({ name }) => name === column)?.type
  if (value === 'missing') return { column, missing: true }
  if (type === 'text') return value === 'any other value' ? undefined : { column, values: [value] }
  if (type === 'boolean') return { column, values: [value === 'true'] }
  const number = type === 'date' || value.trim() === '' ? Number.NaN : Number(value)
  return Number.isNaN(number) ? undefined : { column, values: [number] }
}

/** The rows of a slice that was found value by value, so that they can be chosen; null for all others. */
export function sliceRows({ label, conditions }: Slice, columns: readonly Column[]): RowPredicate | null {
  const named = conditions.map(({ column, value }) => `${column} = ${value}`).join(' and ')
  if (label !== named) return null
  const where = conditions.map((condition) => conditionOf(condition, columns))
  return where.every((one) => one !== undefined) ? where : null
}
