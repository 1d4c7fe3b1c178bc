import {
  type CellCondition,
  type Chart,
  type ChartRows,
  type Column,
  type ColumnBars,
  type ColumnCondition,
  isOfCells,
  type RowPredicate,
  type Stretches,
} from '#contract'
import type { ChartPlaces, PartPlaces } from '#report/chart-places'
import { type Bar, type BarCondition, binRange } from './bars-of.ts'
import { lineParts } from './line-parts.ts'
import { besideConditions, conditionOn, type RowSelection } from './row-selection.ts'
import { hasPlace } from './stretches.ts'

/** What the parts of a chart choose. */
export type Choice =
  /** Conditions on columns of the table, or of the one beside it, in the place of those about these columns. */
  | { readonly cells: readonly CellCondition[]; readonly about: readonly string[]; readonly beside: boolean }
  /** A whole predicate; empty lets go. */
  | { readonly whole: RowPredicate }
  | { readonly places: Stretches }

/** How parts of a chart that lie beside each other choose rows. */
export interface ChartBrush {
  /** Which of several brushes of a chart it is. */
  readonly along?: string
  readonly parts: PartPlaces
  readonly bars: readonly Bar[]
  /** What is chosen now, as the bars say it. */
  readonly condition: BarCondition | undefined
  /** Into which the engine counts the chosen rows, bar after bar; none where the parts of the chart don't count rows. */
  readonly counted: readonly ColumnBars[]
  /** Only one bar is chosen at a time. */
  readonly single?: true
  /** Cells in a line. */
  readonly across?: number
  choice(condition: BarCondition | undefined): Choice
}

export interface Linked {
  readonly chart: Chart
  readonly rows: ChartRows
  /** Of the table whose rows it shows. */
  readonly columns: readonly Column[]
  readonly places: ChartPlaces
  readonly selection: RowSelection | null
}

const number = (value: number) => String(Number(value.toPrecision(4)))

/** A column along an axis: of the table itself, or of the one beside it. */
export interface Axis {
  readonly column: Column
  readonly beside: boolean
  /** What is chosen on it now. */
  readonly condition: BarCondition | undefined
}

/** The column of the table itself goes first: what is chosen on it is followed by all tables that have it. */
export function axisOf({ rows, columns, selection }: Linked, own: string | undefined, said: string | undefined) {
  const column = columns.find(({ name }) => name === own)
  const where = selection?.where ?? []
  if (column) return { column, beside: false, condition: bare(conditionOn(where, column.name)) } satisfies Axis
  const { table } = rows.beside ?? {}
  const other = table?.columns.find(({ name }) => name === said)
  if (!table || !other) return undefined
  const condition = bare(conditionOn(besideConditions(where, table), other.name))
  return { column: other, beside: true, condition } satisfies Axis
}

/** A condition without the name of its column. */
export function bare(condition: ColumnCondition | undefined): BarCondition | undefined {
  if (!condition) return undefined
  const { column: _, ...rest } = condition
  return rest
}

const onAxis =
  ({ column, beside }: Axis) =>
  (condition: BarCondition | undefined): Choice => ({
    cells: condition ? [{ column: column.name, ...condition }] : [],
    about: [column.name],
    beside,
  })

/** Bins or strips along a column of numbers. */
function alongColumn(
  axis: Axis,
  parts: PartPlaces,
  bins: { readonly edges: readonly number[]; readonly counts: readonly number[]; readonly ofPoints?: true },
): ChartBrush {
  const { edges, counts, ofPoints } = bins
  const { type, name } = axis.column
  const bars = counts.map((count, i): Bar => {
    const range = binRange(type, edges[i]!, edges[i + 1]!, i === counts.length - 1)
    const label = `${number(edges[i]!)} – ${number(edges[i + 1]!)}`
    return { label, count, condition: { range }, ...(ofPoints && { ofPoints }) }
  })
  const counted = ofPoints ? [] : [{ column: name, edges }]
  return { parts, bars, condition: axis.condition, counted, choice: onAxis(axis) }
}

/** How many numbers lie in each strip. */
const countIn = (values: readonly number[], edges: readonly number[]) =>
  edges.slice(1).map((to, i) => {
    const isLast = i === edges.length - 2
    return values.filter((value) => value >= edges[i]! && (isLast ? value <= to : value < to)).length
  })

/** The words along x of a text, or yes and no. */
function alongWords(axis: Axis, parts: PartPlaces, xs: readonly string[]): ChartBrush | undefined {
  const { type } = axis.column
  if (type !== 'text' && type !== 'boolean') return undefined
  const bars = (parts.words ?? []).map((label): Bar => {
    const count = xs.filter((x) => x === label).length
    return { label, count, ofPoints: true, condition: { values: [type === 'text' ? label : label === 'true'] } }
  })
  return { parts, bars, condition: axis.condition, counted: [], choice: onAxis(axis) }
}

type XyChart = Extract<Chart, { type: 'line' | 'scatter' | 'bar' }>

/** Strips along both axes, as far as columns lie there. */
function ofPoints(chart: XyChart, linked: Linked): ChartBrush[] {
  const { rows, places } = linked
  const [x, y] = [axisOf(linked, rows.x, rows.beside?.x), axisOf(linked, rows.y, rows.beside?.y)]
  const [across, up] = places.parts
  const strips = (axis: Axis | undefined, parts: PartPlaces | undefined, values: readonly number[]) => {
    const { edges } = parts ?? {}
    return axis && parts && edges
      ? alongColumn(axis, parts, { edges, counts: countIn(values, edges), ofPoints: true })
      : undefined
  }
  const xs = chart.series.flatMap((series) => [...series.x])
  const ys = chart.series.flatMap((series) => series.y.map((value) => value ?? Number.NaN))
  const first = across?.words ? x && alongWords(x, across, xs.map(String)) : strips(x, across, xs.map(Number))
  const second = strips(y, up, ys)
  return [...(first ? [{ ...first, along: chart.x }] : []), ...(second ? [{ ...second, along: chart.y }] : [])]
}

function ofSwarm(chart: Extract<Chart, { type: 'swarm' }>, linked: Linked): ChartBrush[] {
  return chart.rows.flatMap(({ label, x }, at) => {
    const axis = axisOf(linked, undefined, linked.rows.beside?.lines?.[at])
    const parts = linked.places.parts[at]
    if (!axis || !parts?.edges) return []
    const { edges } = parts
    return [{ ...alongColumn(axis, parts, { edges, counts: countIn(x, edges), ofPoints: true }), along: label }]
  })
}

type Predicates = readonly (readonly CellCondition[] | null)[]

/** The predicates that the parts stand for, and what is chosen, in the same words. */
function predicatesOf({ rows, selection }: Linked): { beside: boolean; bars: Predicates; where: RowPredicate } {
  const where = selection?.where ?? []
  const { beside } = rows
  if (beside?.bars) return { beside: true, bars: beside.bars, where: besideConditions(where, beside.table) }
  const bars = (rows.bars ?? []).map((one) => one?.filter(isOfCells) ?? null)
  return { beside: false, bars, where }
}

/** The one column that all bars are about, each with its values, where it is so. */
function sharedColumn(bars: Predicates, columns: readonly Column[]): Column | undefined {
  const single = bars.map((where) => (where?.length === 1 && 'column' in where[0]! ? where[0] : undefined))
  const plain = bars.every((where, at) => where === null || (single[at]?.values && !single[at].missing))
  const names = new Set(single.flatMap((one) => (one ? [one.column] : [])))
  return plain && names.size === 1 ? columns.find(({ name }) => names.has(name)) : undefined
}

type BarsChart = Extract<Chart, { type: 'bars' }>

function ofValues(chart: BarsChart, linked: Linked, column: Column): ChartBrush {
  const predicates = (linked.rows.bars ?? []) as readonly (readonly ColumnCondition[] | null)[]
  const axis: Axis = { column, beside: false, condition: bare(conditionOn(linked.selection?.where, column.name)) }
  const bars = chart.rows.map(({ label, estimate }, i): Bar => {
    const condition = bare(predicates[i]?.[0]) ?? { values: [] }
    return { label, count: estimate.n ?? 0, condition }
  })
  const values = predicates.map((where) => where?.[0]?.values?.[0] ?? '')
  return {
    parts: linked.places.parts[0]!,
    bars,
    condition: axis.condition,
    counted: [{ column: column.name, values }],
    choice: onAxis(axis),
  }
}

/** Parts that stand for predicates of their own are told apart by their number; one is chosen at a time. */
function ofPredicates(
  linked: Linked,
  labels: readonly { readonly label: string; readonly count: number }[],
): ChartBrush {
  const { beside, bars, where } = predicatesOf(linked)
  const same = JSON.stringify(where)
  const chosen = bars.findIndex((one) => one !== null && JSON.stringify(one) === same)
  const about = [
    ...new Set(bars.flatMap((one) => one?.flatMap((part) => ('column' in part ? [part.column] : [])) ?? [])),
  ]
  return {
    parts: linked.places.parts[0]!,
    bars: labels.map((one, i) => ({ ...one, condition: { values: [i] } })),
    condition: chosen < 0 ? undefined : { values: [chosen] },
    counted: [],
    single: true,
    choice: (condition) => {
      const cells = bars[Number(condition?.values?.at(-1) ?? -1)] ?? []
      return beside ? { cells, about, beside } : { whole: cells }
    },
  }
}

/** Cells of one class each way: the chosen rows are counted line by line. */
function ofCells(chart: Extract<Chart, { type: 'matrix' }>, linked: Linked): ChartBrush {
  const { bars } = predicatesOf(linked)
  const across = chart.columns.length
  const labels = chart.rows.flatMap((row, i) =>
    chart.columns.map((column, j) => ({
      label: `${chart.y} ${row}, ${chart.x} ${column}`,
      count: chart.values[i]?.[j] ?? 0,
    })),
  )
  const counted = chart.rows.flatMap((_, i): ColumnBars[] => {
    const cells = bars.slice(i * across, (i + 1) * across)
    const [line, cell] = cells[0] ?? []
    if (!line || !cell || !('column' in cell)) return []
    const values = cells.map((one) => (one?.[1] && 'values' in one[1] ? (one[1].values?.[0] ?? '') : ''))
    return [{ column: cell.column, values, within: [line] }]
  })
  return { ...ofPredicates(linked, labels), counted, across }
}

/** The line of a waterfall that says whom it is about. */
function ofPerson(chart: Extract<Chart, { type: 'waterfall' }>, { rows, places, selection }: Linked): ChartBrush[] {
  const [place] = rows.places ?? []
  if (place === undefined) return []
  const mine = (selection?.where ?? []).some(
    (one) => 'places' in one && one.table === rows.table && hasPlace(one.places, place),
  )
  const bar: Bar = { label: chart.end, count: 1, condition: { values: [0] } }
  return [
    {
      parts: places.parts[0]!,
      bars: [bar],
      condition: mine ? bar.condition : undefined,
      counted: [],
      single: true,
      choice: (condition) => ({ places: condition ? [[place, place]] : [] }),
    },
  ]
}

/** The stretches of a line between its points, or around each of them, along one column. */
function ofLine(linked: Linked): ChartBrush[] {
  const { beside, bars, where } = predicatesOf(linked)
  const ranges = bars.map((one) => (one?.[0] && 'column' in one[0] ? one[0] : undefined))
  const { column } = ranges[0] ?? {}
  const parts = lineParts(linked.places, bars.length)
  if (column === undefined || !parts) return []
  const counts = linked.rows.beside?.counts ?? []
  return [
    {
      parts,
      bars: ranges.map((one, at) => ({
        label: one?.range ? `${column} ${number(one.range.from)} – ${number(one.range.to)}` : column,
        count: counts[at] ?? 0,
        condition: bare(one) ?? {},
      })),
      condition: bare(conditionOn(where, column)),
      counted: [{ column, ranges: ranges.flatMap((one) => (one?.range ? [one.range] : [])) }],
      choice: (condition) => ({ cells: condition ? [{ column, ...condition }] : [], about: [column], beside }),
    },
  ]
}

/** What a chart that knows its rows lets choose, brush by brush; nothing where nothing can be. */
export function chartBrushes(linked: Linked): readonly ChartBrush[] {
  const { chart, rows, columns, places } = linked
  switch (chart.type) {
    case 'histogram': {
      const axis = axisOf(linked, rows.x, rows.beside?.x)
      if (!axis || chart.series.length !== 1) return []
      return [alongColumn(axis, places.parts[0]!, { edges: chart.edges, counts: chart.series[0]!.counts })]
    }
    case 'scatter':
      return ofPoints(chart, linked)
    case 'swarm':
      return ofSwarm(chart, linked)
    case 'waterfall':
      return ofPerson(chart, linked)
    case 'line':
      return rows.beside?.bars ? ofLine(linked) : []
    case 'matrix':
      return rows.bars || rows.beside?.bars ? [ofCells(chart, linked)] : []
    case 'bars': {
      if (!rows.bars) return []
      const column = sharedColumn(predicatesOf(linked).bars, columns)
      const labels = chart.rows.map(({ label, estimate }) => ({ label, count: estimate.n ?? 0 }))
      return [column ? ofValues(chart, linked, column) : ofPredicates(linked, labels)]
    }
    default:
      return []
  }
}
