import type { Series, SwarmChart, WaterfallChart } from '#contract'
import { formatAs } from '#report/format-number'
import { waterfallSteps } from '#report/waterfall-chart'
import type { ChartColours, PlotlyFigure } from './plotly-figure.ts'

/** Colours of points from low to high values; grey where there is no order. */
export function shadeMarker(shade: NonNullable<Series['shade']>, colours: ChartColours, size: number) {
  return {
    size,
    opacity: 0.8,
    color: shade.map((value) => (value === null ? -1 : value)),
    cmin: 0,
    cmax: 1,
    colorscale: [
      [0, colours.run],
      [1, colours.accent],
    ],
  }
}

/** Where points of about the same x lie beside each other, from -0.35 to 0.35. */
function beside(xs: readonly number[], span: number): number[] {
  const taken = new Map<number, number>()
  return xs.map((x) => {
    const bin = Math.round((x / (span || 1)) * 120)
    const before = taken.get(bin) ?? 0
    taken.set(bin, before + 1)
    return Math.min(0.35, Math.ceil(before / 2) * 0.06) * (before % 2 === 0 ? 1 : -1)
  })
}

type Layout = PlotlyFigure['layout'] & { readonly xaxis: object; readonly yaxis: object }

/** A line a feature from top to bottom, a point a row. */
export function swarmFigure({ rows }: SwarmChart, layout: Layout, colours: ChartColours): PlotlyFigure {
  const all = rows.flatMap(({ x }) => x)
  const span = Math.max(...all) - Math.min(...all)
  const data = rows.map(({ label, x, shade }, row) => ({
    type: 'scatter',
    mode: 'markers',
    name: label,
    x,
    y: beside(x, span).map((offset) => rows.length - 1 - row + offset),
    marker: shadeMarker(shade, colours, 6),
    hovertext: x.map((value) => `${label}<br>${formatAs('signed', value)}`),
    hoverinfo: 'text',
  }))
  const labels = {
    tickmode: 'array',
    tickvals: rows.map((_, row) => rows.length - 1 - row),
    ticktext: rows.map(({ label }) => label),
  }
  return {
    data,
    layout: { ...layout, showlegend: false, yaxis: { ...layout.yaxis, ...labels, zeroline: false, showgrid: false } },
  }
}

/** Floating bars from top to bottom; the cartesian bundle has no waterfall of its own. */
export function waterfallFigure(chart: WaterfallChart, layout: Layout, colours: ChartColours): PlotlyFigure {
  const steps = waterfallSteps(chart)
  const labels = steps.map(({ label }) => label)
  const places = steps.map((_, step) => steps.length - 1 - step)
  const trace = {
    type: 'bar',
    orientation: 'h',
    base: steps.map(({ from }) => from),
    x: steps.map(({ change }) => change),
    y: places,
    marker: { color: steps.map(({ change }) => (change < 0 ? colours.bad : colours.ok)), opacity: 0.75 },
    hovertext: steps.map(
      ({ label, change, to }) => `<b>${label}</b><br>${formatAs('signed', change)}, to ${formatAs('number', to)}`,
    ),
    hoverinfo: 'text',
  }
  const ends = [chart.start.value, steps.at(-1)?.to ?? chart.start.value]
  const shapes = ends.map((x, end) => ({
    type: 'line',
    yref: 'paper',
    y0: 0,
    y1: 1,
    x0: x,
    x1: x,
    line: { color: end === 0 ? colours.edge : colours.ink, width: 1.5, dash: 'dot' },
  }))
  const yaxis = {
    ...layout.yaxis,
    tickmode: 'array',
    tickvals: places,
    ticktext: labels,
    showgrid: false,
    zeroline: false,
  }
  return { data: [trace], layout: { ...layout, yaxis, bargap: 0.3, showlegend: false, shapes } }
}
