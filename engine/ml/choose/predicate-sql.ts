import {
  type AreaCondition,
  areaBox,
  type CellCondition,
  type Column,
  type ColumnBars,
  type ColumnCondition,
} from '#contract'
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

/** A crossed edge counts 1, an edge that the point is on this much: then the sum is no even number, whatever was crossed. */
const onEdge = 2 ** -10

/**
 * The same steps as `insideArea`, in the same doubles; what lies outside the box is not reckoned, so nothing overflows, and a
 * row is only compared with the height of most edges.
 */
export function areaSql(x: Column, y: Column, { corners }: Pick<AreaCondition, 'corners'>): string {
  if (textual(x) || textual(y)) return 'false'
  const [px, py] = [numberSql(x), numberSql(y)]
  const box = areaBox(corners)
  const between = (cell: string, [from, to]: readonly [number, number]) =>
    `(${cell} >= ${numberText(from)} AND ${cell} <= ${numberText(to)})`
  const edges = corners.map(([bx, by], at) => {
    const [ax, ay] = corners.at(at - 1)!
    const side = `(${numberText(bx - ax)} * (${py} - ${numberText(ay)}) - (${px} - ${numberText(ax)}) * ${numberText(by - ay)})`
    const [low, high] = ordered(ay, by)
    const crossed =
      low === high ? '' : `WHEN ${py} < ${numberText(high)} AND ${side} ${by > ay ? '>' : '<'} 0 THEN ${numberText(1)}`
    const found = `CASE WHEN ${side} = 0 AND ${between(px, ordered(ax, bx))} THEN ${numberText(onEdge)} ${crossed} ELSE ${numberText(0)} END`
    return `CASE WHEN ${py} < ${numberText(low)} OR ${py} > ${numberText(high)} THEN ${numberText(0)} ELSE ${found} END`
  })
  const inside = `(${edges.join(' + ')}) % 2 <> 0`
  const known = `NOT ${missingSql(x)} AND NOT ${missingSql(y)}`
  return `CASE WHEN ${known} AND ${between(px, box.x)} AND ${between(py, box.y)} THEN ${inside} ELSE false END`
}

const ordered = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a])

/**
 * A predicate as a condition in DuckDB's SQL that is true or false for every row, never NULL. A condition on a column
 * that is not there holds for no row.
 */
export function predicateSql(where: readonly CellCondition[], columns: readonly Column[]): string {
  const byName = new Map(columns.map((column) => [column.name, column]))
  const parts = where.map((condition) => {
    if ('area' in condition) {
      const [x, y] = condition.area.map((name) => byName.get(name))
      return x && y ? `coalesce(${areaSql(x, y, condition)}, false)` : 'false'
    }
    const column = byName.get(condition.column)
    return column ? `coalesce(${conditionSql(column, condition)}, false)` : 'false'
  })
  return parts.length === 0 ? 'true' : parts.join(' AND ')
}

/** Bins of one width, as `#ml/profile/histogram` makes them, are told by one division, as there; others edge by edge. */
function binSql(edges: readonly number[]): string {
  const bins = edges.length - 1
  const [from, to] = [edges[0]!, edges[bins]!]
  const width = to / bins - from / bins
  const within = `v >= ${numberText(from)} AND v <= ${numberText(to)}`
  if (edges.every((edge, at) => Math.abs(edge - (from + at * width)) <= 1e-9 * (to - from)))
    return `WHEN ${within} THEN least(${bins - 1}, CAST(floor((v - ${numberText(from)}) / ${numberText(width)}) AS INTEGER))`
  const below = edges.slice(1, -1).map((edge, at) => `WHEN v < ${numberText(edge)} THEN ${at}`)
  return `WHEN NOT (${within}) THEN NULL ${below.join(' ')} ELSE ${bins - 1}`
}

/** A cell as bars compare it, and the number of the bar that a cell `v` falls into: -1 missing, from 0, else NULL. */
export function barSql(bars: ColumnBars, column: Column): { readonly cell: string; readonly bar: string } {
  const { edges = [], values = [], ranges = [] } = bars
  const text = textual(column)
  const cell = text ? quotedName(column.name) : numberSql(column)
  const isMissing = text ? `v IS NULL OR v = ''` : 'NOT coalesce(isfinite(v), false)'
  const equal = (value: Value, at: number) => {
    if (text !== (typeof value === 'string')) return ''
    return `WHEN v = ${typeof value === 'string' ? quotedText(value) : numberText(Number(value))} THEN ${at}`
  }
  const within = ({ from, to, below }: (typeof ranges)[number], at: number) =>
    text ? '' : `WHEN v >= ${numberText(from)} AND v ${below ? '<' : '<='} ${numberText(to)} THEN ${at}`
  const listed = [...values.map(equal), ...ranges.map(within)].join(' ')
  const cases = edges.length > 1 && !text ? binSql(edges) : listed
  return { cell, bar: `CASE WHEN ${isMissing} THEN -1 ${cases} END` }
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
