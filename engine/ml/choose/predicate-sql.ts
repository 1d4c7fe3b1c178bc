import type { Column, ColumnBars, ColumnCondition, RowPredicate } from '#contract'
import type { BoundRule } from '../baseline/bind-rule.ts'

/** Names and texts as SQL takes them; nothing in them is read as SQL. */
const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`
const quotedText = (text: string) => `'${text.replaceAll("'", "''")}'`

type Value = string | number | boolean

const textual = ({ type }: Column) => type === 'text' || type === 'image'

/** A cell as a number: dates as milliseconds UTC, yes and no as 1 and 0. */
function numberSql({ name, type }: Column): string {
  if (type === 'date') return `CAST(epoch_ms(${quotedName(name)}) AS DOUBLE)`
  return `CAST(${quotedName(name)} AS DOUBLE)`
}

/** Whole text of a number, so that the database reads the same number. */
const numberText = (value: number) => `CAST('${Number.isFinite(value) ? value : 'NaN'}' AS DOUBLE)`

/** Never NULL: whether the cell is missing. */
export function missingSql(column: Column): string {
  const cell = quotedName(column.name)
  if (textual(column)) return `coalesce(${cell} = '', true)`
  return column.type === 'number' ? `NOT coalesce(isfinite(${numberSql(column)}), false)` : `${cell} IS NULL`
}

/** Of a cell with a value; a value of another kind than the column's is none of its cells. */
function valuesSql(column: Column, values: readonly Value[]): string {
  if (textual(column)) {
    const texts = values.filter((value) => typeof value === 'string').map(quotedText)
    return texts.length === 0 ? 'false' : `${quotedName(column.name)} IN (${texts.join(', ')})`
  }
  const numbers = values.filter((value) => typeof value !== 'string').map((value) => numberText(Number(value)))
  return numbers.length === 0 ? 'false' : `${numberSql(column)} IN (${numbers.join(', ')})`
}

function rangeSql(column: Column, { from, to, below }: NonNullable<ColumnCondition['range']>): string {
  if (textual(column)) return 'false'
  const cell = numberSql(column)
  return `(${cell} >= ${numberText(from)} AND ${cell} ${below ? '<' : '<='} ${numberText(to)})`
}

function conditionSql(column: Column, { range, values, missing }: ColumnCondition): string {
  const known = [...(range ? [rangeSql(column, range)] : []), ...(values ? [valuesSql(column, values)] : [])]
  const isMissing = missingSql(column)
  const within =
    known.length > 0 ? `(NOT ${isMissing} AND (${known.join(' OR ')}))` : missing ? 'false' : `NOT ${isMissing}`
  return missing ? `(${isMissing} OR ${within})` : within
}

/**
 * A predicate as a condition in DuckDB's SQL that is true or false for every row, never NULL. A condition on a column
 * that is not there holds for no row.
 */
export function predicateSql(where: RowPredicate, columns: readonly Column[]): string {
  const byName = new Map(columns.map((column) => [column.name, column]))
  const parts = where.map((condition) => {
    const column = byName.get(condition.column)
    return column ? `coalesce(${conditionSql(column, condition)}, false)` : 'false'
  })
  return parts.length === 0 ? 'true' : parts.join(' AND ')
}

/** One condition a bar, in their order: what falls into it. */
export function barConditions({ edges = [], values = [] }: ColumnBars, column: Column): string[] {
  const last = edges.length - 2
  const bins = Array.from({ length: Math.max(0, last + 1) }, (_, bin): ColumnCondition => {
    const range = { from: edges[bin]!, to: edges[bin + 1]!, ...(bin < last && { below: true as const }) }
    return { column: column.name, range }
  })
  const bars =
    edges.length > 0 ? bins : values.map((value): ColumnCondition => ({ column: column.name, values: [value] }))
  return bars.map((bar) => predicateSql([bar], [column]))
}

/** A bound rule as a condition that is true or false for every row; a comparison with a missing cell never holds. */
export function ruleSql(rule: BoundRule, columns: readonly Column[]): string {
  if (rule.kind === 'and' || rule.kind === 'or') {
    const parts = rule.parts.map((part) => `(${ruleSql(part, columns)})`)
    return parts.join(rule.kind === 'and' ? ' AND ' : ' OR ') || String(rule.kind === 'and')
  }
  if (rule.kind === 'missing') return rule.missing ? missingSql(rule.column) : `NOT ${missingSql(rule.column)}`
  const column = columns.find(({ name }) => name === rule.column)
  if (!column) return 'false'
  const [cell, value] =
    rule.kind === 'text'
      ? [quotedName(column.name), quotedText(rule.value)]
      : [numberSql(column), numberText(rule.value)]
  const operator = rule.operator === '!=' ? '<>' : rule.operator
  return `NOT ${missingSql(column)} AND coalesce(${cell} ${operator} ${value}, false)`
}
