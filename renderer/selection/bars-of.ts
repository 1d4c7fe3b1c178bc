import type { Column, ColumnCondition, ColumnSummary } from '#contract'

/** What one bar over a column stands for. */
export type BarCondition = Omit<ColumnCondition, 'column'>
export interface Bar {
  readonly label: string
  /** Rows behind it; of points those that are drawn. */
  readonly count: number
  readonly ofPoints?: true
  readonly condition: BarCondition
}
type Range = NonNullable<ColumnCondition['range']>

/** A bin as a range; of whole numbers and dates by the first and last that lie in it, which says the same in fewer digits. */
export function binRange(type: Column['type'], from: number, to: number, isLast: boolean): Range {
  if (type !== 'integer' && type !== 'date') return isLast ? { from, to } : { from, to, below: true }
  return { from: Math.ceil(from), to: isLast ? Math.floor(to) : Math.ceil(to) - 1 }
}

function conditionAt(column: Column, summary: ColumnSummary, bar: number): BarCondition | undefined {
  const { edges, bars } = summary
  if (column.type === 'boolean') return { values: [bars[bar]!.label === 'true'] }
  if (column.type === 'text') return bars[bar]!.label === '' ? { missing: true } : { values: [bars[bar]!.label] }
  if (!edges || edges.length !== bars.length + 1) return undefined
  return { range: binRange(column.type, edges[bar]!, edges[bar + 1]!, bar === bars.length - 1) }
}

/**
 * The bars over a column that rows can be chosen by, the missing cells last; none for pictures. Of a sample the counts are
 * those expected of all rows.
 */
export function barsOf(column: Column, summary: ColumnSummary, rows: number): readonly Bar[] {
  if (column.type === 'image') return []
  const times = summary.sampled ? rows / summary.sampled : 1
  const bars = summary.bars.flatMap(({ label, count }, bar): Bar[] => {
    const condition = conditionAt(column, summary, bar)
    return condition ? [{ label: shownLabel(column, label), count: Math.round(count * times), condition }] : []
  })
  if (summary.missing === 0) return bars
  return [...bars, { label: 'missing', count: summary.missing, condition: { missing: true } }]
}

function shownLabel({ type }: Column, label: string): string {
  if (type === 'boolean') return label === 'true' ? 'yes' : 'no'
  return label === '' ? '(empty)' : label
}

function hull(a: Range | undefined, b: Range | undefined): Range | undefined {
  if (!a || !b) return a ?? b
  const upper = a.to > b.to || (a.to === b.to && !a.below) ? a : b
  return { from: Math.min(a.from, b.from), to: upper.to, ...(upper.below && { below: true as const }) }
}

/** What meets either; ranges grow together over what lies between. */
export function either(a: BarCondition, b: BarCondition): BarCondition {
  const range = hull(a.range, b.range)
  const values = [...new Set([...(a.values ?? []), ...(b.values ?? [])])]
  return {
    ...(range && { range }),
    ...(values.length > 0 && { values }),
    ...((a.missing || b.missing) && { missing: true as const }),
  }
}

/** Whether all that a bar stands for is within a condition. */
export function isWithin(bar: BarCondition, condition: BarCondition | undefined): boolean {
  if (!condition) return false
  if (bar.missing) return condition.missing === true
  if (bar.values) return bar.values.every((value) => condition.values?.includes(value))
  const { range } = condition
  if (!bar.range || !range || bar.range.from < range.from || bar.range.to > range.to) return false
  return bar.range.to < range.to || !range.below || bar.range.below === true
}

/** The condition after a click on a bar: the bar alone; with Shift what was there and the bar, or without it. */
export function clicked(
  condition: BarCondition | undefined,
  bar: BarCondition,
  add: boolean,
): BarCondition | undefined {
  if (!add) return condition && sameCondition(condition, bar) ? undefined : bar
  if (!condition) return bar
  return isWithin(bar, condition) && !bar.range ? without(condition, bar) : either(condition, bar)
}

function without(condition: BarCondition, bar: BarCondition): BarCondition | undefined {
  const values = condition.values?.filter((value) => !bar.values?.includes(value)) ?? []
  const left: BarCondition = {
    ...(condition.range && { range: condition.range }),
    ...(values.length > 0 && { values }),
    ...(condition.missing && !bar.missing && { missing: true as const }),
  }
  return Object.keys(left).length === 0 ? undefined : left
}

const sameCondition = (a: BarCondition, b: BarCondition) =>
  isWithin(a, b) && isWithin(b, a) && Object.keys(a).length === Object.keys(b).length
