import type { Chart, ChartRows, Column, ColumnBars, RowPredicate } from '#contract'
import type { ChartPlaces } from '#report/chart-places'
import { type Bar, type BarCondition, binRange } from './bars-of.ts'
import { conditionOn, type RowSelection } from './row-selection.ts'

/** How the parts of a chart choose rows. */
export interface ChartBrush {
  readonly bars: readonly Bar[]
  /** What is chosen now, as the bars say it. */
  readonly condition: BarCondition | undefined
  /** Into which the engine counts the chosen rows; none where the parts of the chart don't count rows. */
  readonly counted: readonly ColumnBars[]
  /** What a condition of the bars chooses: of one column, or a whole predicate; undefined lets go. */
  choice(
    condition: BarCondition | undefined,
  ): { readonly column: Column; readonly condition: BarCondition | undefined } | RowPredicate
}

const number = (value: number) => String(Number(value.toPrecision(4)))

/** Bins or strips along a column of numbers. */
function alongColumn(
  column: Column,
  edges: readonly number[],
  counts: readonly number[],
  selection: RowSelection | null,
  counted: readonly ColumnBars[],
): ChartBrush {
  const bars = counts.map((count, i): Bar => {
    const range = binRange(column.type, edges[i]!, edges[i + 1]!, i === counts.length - 1)
    return { label: `${number(edges[i]!)} – ${number(edges[i + 1]!)}`, count, condition: { range } }
  })
  const condition = conditionOn(selection?.where, column.name)
  return { bars, condition, counted, choice: (chosen) => ({ column, condition: chosen }) }
}

/** The one column that all bars are about, each with its values, where it is so. */
function sharedColumn(bars: readonly (RowPredicate | null)[], columns: readonly Column[]): Column | undefined {
  const names = new Set(bars.flatMap((where) => where?.map(({ column }) => column) ?? []))
  const single = bars.every((where) => where === null || (where.length === 1 && where[0]!.values && !where[0]!.missing))
  return single && names.size === 1 ? columns.find(({ name }) => names.has(name)) : undefined
}

function ofValues(
  chart: Extract<Chart, { type: 'bars' }>,
  rows: ChartRows,
  column: Column,
  selection: RowSelection | null,
) {
  const predicates = rows.bars ?? []
  const bars = chart.rows.map(({ label, estimate }, i): Bar => {
    const { column: _, ...condition } = predicates[i]?.[0] ?? { column: '', values: [] }
    return { label, count: estimate.n ?? 0, condition }
  })
  const values = predicates.map((where) => where?.[0]?.values?.[0] ?? '')
  return {
    bars,
    condition: conditionOn(selection?.where, column.name),
    counted: [{ column: column.name, values }],
    choice: (condition: BarCondition | undefined) => ({ column, condition }),
  }
}

/** Bars that stand for predicates of their own are told apart by their number; one is chosen at a time. */
function ofPredicates(
  chart: Extract<Chart, { type: 'bars' }>,
  rows: ChartRows,
  selection: RowSelection | null,
): ChartBrush {
  const predicates = rows.bars ?? []
  const same = JSON.stringify(selection?.where ?? null)
  const chosen = predicates.findIndex((where) => where !== null && JSON.stringify(where) === same)
  return {
    bars: chart.rows.map(({ label, estimate }, i) => ({ label, count: estimate.n ?? 0, condition: { values: [i] } })),
    condition: chosen < 0 ? undefined : { values: [chosen] },
    counted: [],
    choice: (condition) => predicates[Number(condition?.values?.at(-1) ?? -1)] ?? [],
  }
}

/** What a chart that knows its rows lets choose; undefined where nothing can be. */
export function chartBrush(a: {
  readonly chart: Chart
  readonly rows: ChartRows
  readonly columns: readonly Column[]
  readonly places: ChartPlaces
  readonly selection: RowSelection | null
}): ChartBrush | undefined {
  const { chart, rows, columns, places, selection } = a
  const x = columns.find(({ name }) => name === rows.x)
  if (chart.type === 'histogram' && x && chart.series.length === 1) {
    const { edges } = chart
    return alongColumn(x, edges, chart.series[0]!.counts, selection, [{ column: x.name, edges }])
  }
  if (chart.type === 'scatter' && x && places.edges) {
    const xs = chart.series.flatMap((series) => series.x.map(Number))
    const { edges } = places
    const counts = edges.slice(1).map((to, i) => xs.filter((value) => value >= edges[i]! && value < to).length)
    return alongColumn(x, edges, counts, selection, [])
  }
  if (chart.type !== 'bars' || !rows.bars) return undefined
  const column = sharedColumn(rows.bars, columns)
  return column ? ofValues(chart, rows, column, selection) : ofPredicates(chart, rows, selection)
}
