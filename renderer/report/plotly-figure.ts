import type { Chart, Estimate } from '#contract'
import { plainText } from '#report/escape'
import { formatAs, formatInterval } from '#report/format-number'
import { shadeMarker, swarmFigure, waterfallFigure } from './plotly-explanations.ts'
import { pictureFigure } from './plotly-picture.ts'

/** The token colours a chart is drawn with, read from the page. */
export interface ChartColours {
  readonly ink: string
  readonly mute: string
  readonly line: string
  readonly edge: string
  readonly panel: string
  readonly run: string
  readonly ok: string
  readonly bad: string
  readonly stale: string
  readonly accent: string
}
export type Trace = Readonly<Record<string, unknown>>
export interface PlotlyFigure {
  readonly data: readonly Trace[]
  readonly layout: Readonly<Record<string, unknown>>
}

const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot']

function seriesColour(index: number, tone: string | undefined, colours: ChartColours): string {
  const toned: Readonly<Record<string, string>> = {
    ok: colours.ok,
    bad: colours.bad,
    stale: colours.stale,
    run: colours.run,
    newer: colours.run,
    mute: colours.mute,
    older: colours.edge,
  }
  const order = [colours.run, colours.accent, colours.ok, colours.bad, colours.stale, colours.mute]
  return (tone && toned[tone]) || order[index % order.length]!
}

/** Distances from a value to the ends of its interval, as plotly wants them. */
function errorBar(estimates: readonly Estimate[], colour: string) {
  if (estimates.every((estimate) => estimate.low === undefined)) return undefined
  const value = (estimate: Estimate) => estimate.value ?? 0
  return {
    type: 'data',
    symmetric: false,
    array: estimates.map((estimate) => Math.max((estimate.high ?? value(estimate)) - value(estimate), 0)),
    arrayminus: estimates.map((estimate) => Math.max(value(estimate) - (estimate.low ?? value(estimate)), 0)),
    color: colour,
    thickness: 1.5,
    width: 4,
  }
}

function axis(title: string, colours: ChartColours) {
  return {
    title: { text: title, font: { size: 12, color: colours.mute } },
    gridcolor: colours.line,
    zerolinecolor: colours.edge,
    linecolor: colours.edge,
    tickfont: { size: 11, color: colours.mute },
    automargin: true,
  }
}

function layoutOf(x: string, y: string, colours: ChartColours) {
  return {
    paper_bgcolor: 'transparent',
    plot_bgcolor: 'transparent',
    font: { family: 'Inter Variable, Inter, system-ui, sans-serif', size: 12, color: colours.ink },
    margin: { l: 56, r: 16, t: 12, b: 48 },
    hoverlabel: { bgcolor: colours.panel, bordercolor: colours.edge, font: { color: colours.ink } },
    modebar: { bgcolor: 'transparent', color: colours.mute, activecolor: colours.ink },
    legend: { orientation: 'h', y: 1.08, x: 0 },
    xaxis: axis(x, colours),
    yaxis: axis(y, colours),
    separators: '.\u202f',
  }
}

type Xy = Extract<Chart, { type: 'line' | 'scatter' | 'bar' }>
type Bars = Extract<Chart, { type: 'bars' }>

function xyFigure(chart: Xy, colours: ChartColours): PlotlyFigure {
  const traces = chart.series.map((series, i): Trace => {
    const colour = seriesColour(i, series.tone, colours)
    const estimates = series.y.map((value, n) => ({ value, low: series.low?.[n], high: series.high?.[n] }) as Estimate)
    const error = errorBar(estimates, colours.ink)
    const shared = { name: series.name, x: series.x, y: series.y, ...(error ? { error_y: error } : {}) }
    if (chart.type === 'bar') return { ...shared, type: 'bar', marker: { color: colour } }
    if (chart.type === 'scatter')
      return {
        ...shared,
        type: 'scatter',
        mode: 'markers',
        marker: series.shade ? shadeMarker(series.shade, colours, 6) : { color: colour, size: 6, opacity: 0.75 },
      }
    return {
      ...shared,
      type: 'scatter',
      mode: 'lines',
      line: { color: colour, width: 2, dash: dashes[i % dashes.length] },
    }
  })
  const shapes: Trace[] = []
  if (chart.diagonal)
    shapes.push({ type: 'line', x0: 0, y0: 0, x1: 1, y1: 1, line: { color: colours.edge, width: 1, dash: 'dot' } })
  if (chart.limit !== undefined)
    shapes.push({
      type: 'line',
      xref: 'paper',
      x0: 0,
      x1: 1,
      y0: chart.limit,
      y1: chart.limit,
      line: { color: colours.bad, width: 1.5, dash: 'dash' },
    })
  const showlegend = chart.series.length > 1
  return { data: traces, layout: { ...layoutOf(chart.x, chart.y, colours), showlegend, barmode: 'group', shapes } }
}

function barsFigure(chart: Bars, colours: ChartColours): PlotlyFigure {
  const rows = [...chart.rows].reverse()
  const unit = chart.format === 'percent' ? 100 : 1
  const scaled = (value: number | undefined) => (value === undefined ? undefined : value * unit)
  const estimates = rows.map(({ estimate: { value, low, high } }) => {
    const ends = { low: scaled(low), high: scaled(high) }
    return { value: value === null ? null : value * unit, ...ends } as Estimate
  })
  const error = errorBar(estimates, colours.ink)
  const trace: Trace = {
    type: 'bar',
    orientation: 'h',
    x: estimates.map((estimate) => estimate.value),
    y: rows.map((_, i) => i),
    marker: { color: rows.map((row) => barColour(row, chart.format, colours)), opacity: 0.55 },
    hovertext: rows.map((row) => barWords(row, chart.format)),
    hoverinfo: 'text',
    ...(error ? { error_x: error } : {}),
  }
  const shapes = rows.flatMap((row, i) =>
    row.limit === undefined ? [] : [limitLine(row.limit * unit, i - 0.5, i + 0.5, colours)],
  )
  const layout = layoutOf(chart.x ?? '', '', colours)
  const labels = { tickmode: 'array', tickvals: rows.map((_, i) => i), ticktext: rows.map((row) => row.label) }
  const yaxis = { ...layout.yaxis, ...labels, showgrid: false, zeroline: false }
  const xaxis = { ...layout.xaxis, ...(unit === 100 ? { ticksuffix: '\u00a0%' } : {}) }
  return { data: [trace], layout: { ...layout, xaxis, yaxis, bargap: 0.35, showlegend: false, shapes } }
}

function barColour(row: Bars['rows'][number], format: Bars['format'], colours: ChartColours): string {
  const signed = (row.estimate.value ?? 0) < 0 ? 'bad' : 'ok'
  return seriesColour(0, row.tone ?? (format === 'signed' ? signed : 'run'), colours)
}

function barWords(row: Bars['rows'][number], format: Bars['format']): string {
  const interval = formatInterval(row.estimate, format)
  const value = formatAs(format, row.estimate.value)
  return [`<b>${row.label}</b>`, value, interval && `95\u00a0% interval ${interval}`, row.note]
    .filter(Boolean)
    .join('<br>')
}

function limitLine(x: number, from: number, to: number, colours: ChartColours): Trace {
  return { type: 'line', x0: x, x1: x, y0: from, y1: to, line: { color: colours.bad, width: 1.5, dash: 'dash' } }
}

function histogramFigure(chart: Extract<Chart, { type: 'histogram' }>, colours: ChartColours): PlotlyFigure {
  const { edges } = chart
  const data = chart.series.map(
    (series, i): Trace => ({
      type: 'bar',
      name: series.name,
      x: series.counts.map((_, n) => (edges[n]! + edges[n + 1]!) / 2),
      width: series.counts.map((_, n) => edges[n + 1]! - edges[n]!),
      y: series.counts,
      hovertext: series.counts.map(
        (count, n) =>
          `${formatAs('number', edges[n])} to ${formatAs('number', edges[n + 1])}<br>${formatAs('integer', count)} rows`,
      ),
      hoverinfo: 'text',
      marker: {
        color: seriesColour(i, undefined, colours),
        opacity: chart.series.length > 1 ? 0.5 : 0.8,
        line: { color: colours.panel, width: 1 },
      },
    }),
  )
  return {
    data,
    layout: {
      ...layoutOf(chart.x, 'rows', colours),
      barmode: 'overlay',
      bargap: 0,
      showlegend: chart.series.length > 1,
    },
  }
}

function matrixFigure(chart: Extract<Chart, { type: 'matrix' }>, colours: ChartColours): PlotlyFigure {
  const layout = layoutOf(chart.x, chart.y, colours)
  const trace: Trace = {
    type: 'heatmap',
    x: chart.columns,
    y: chart.rows,
    z: chart.values,
    text: chart.values.map((row) => row.map((value) => formatAs('number', value))),
    texttemplate: '%{text}',
    colorscale: [
      [0, colours.panel],
      [1, colours.run],
    ],
    showscale: false,
    xgap: 2,
    ygap: 2,
  }
  const words = { type: 'category' }
  return {
    data: [trace],
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, ...words },
      yaxis: { ...layout.yaxis, ...words, autorange: 'reversed' },
    },
  }
}

/** Plotly reads a few tags in labels; none of ours may be read as one. */
function withoutTags<T>(value: T): T {
  if (typeof value === 'string') return plainText(value).replaceAll('<', '‹') as T
  if (Array.isArray(value)) return value.map(withoutTags) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTags(inner)])) as T
}

/** Charts that plotly's cartesian bundle knows. */
export type PlotlyKind = Exclude<Chart, { type: 'parallel' | 'layers' }>

/** A chart as plotly draws it: the same data, marks and colours as the static picture. */
export function plotlyFigure(chart: PlotlyKind, colours: ChartColours): PlotlyFigure {
  const safe = withoutTags(chart)
  switch (safe.type) {
    case 'bars':
      return barsFigure(safe, colours)
    case 'histogram':
      return histogramFigure(safe, colours)
    case 'matrix':
      return matrixFigure(safe, colours)
    case 'swarm':
      return swarmFigure(safe, layoutOf(safe.x, '', colours), colours)
    case 'waterfall':
      return waterfallFigure(safe, layoutOf(safe.x, '', colours), colours)
    case 'picture':
      return pictureFigure(safe, colours)
    default:
      return xyFigure(safe, colours)
  }
}
