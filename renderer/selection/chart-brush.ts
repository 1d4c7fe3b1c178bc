import type { Chart } from '#contract'
import type { PartPlaces } from '#report/chart-places'
import { type Bar, binRange } from './bars-of.ts'
import { type Axis, axisOf, bare, type ChartBrush, type Linked, onAxis } from './chart-axis.ts'
import { lineParts } from './line-parts.ts'
import { partPredicates, predicateBrush } from './predicate-brush.ts'
import { conditionOn } from './row-selection.ts'
import { hasPlace } from './stretches.ts'

const number = (value: number) => String(Number(value.toPrecision(4)))

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

/** Cells of one class each way. */
function ofCells(chart: Extract<Chart, { type: 'matrix' }>, linked: Linked): ChartBrush[] {
  const labels = chart.rows.flatMap((row, i) =>
    chart.columns.map((column, j) => ({
      label: `${chart.y} ${row}, ${chart.x} ${column}`,
      count: chart.values[i]?.[j] ?? 0,
    })),
  )
  return predicateBrush(linked, labels).map((brush) => ({ ...brush, across: chart.columns.length }))
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
  const { beside, bars, where } = partPredicates(linked)
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
  const { chart, rows, places } = linked
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
      return ofCells(chart, linked)
    case 'bars': {
      const labels = chart.rows.map(({ label, estimate }) => ({ label, count: estimate.n ?? 0 }))
      return predicateBrush(linked, labels)
    }
    default:
      return []
  }
}
