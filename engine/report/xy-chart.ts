import type { Chart, Series } from '#contract'
import { estimateDigits, formatNumber } from './format-number.ts'
import { legend, seriesStyle } from './legend.ts'
import { type PlotFrame, plotFrame } from './plot-frame.ts'
import { place, segment, svgPath, svgPicture, svgRect } from './svg.ts'
import { shadeClass } from './swarm-chart.ts'

type XyChart = Extract<Chart, { type: 'line' | 'scatter' | 'bar' }>

/** Smallest and largest of many numbers without spreading them over the call stack. */
function rangeOf(values: Iterable<number>): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : undefined
}

function* heights(chart: XyChart): Generator<number> {
  for (const series of chart.series) {
    for (const value of series.y) if (value !== null && Number.isFinite(value)) yield value
    yield* series.low ?? []
    yield* series.high ?? []
  }
  if (chart.limit !== undefined) yield chart.limit
  if (chart.type === 'bar') yield 0
}

function* places(chart: XyChart): Generator<number> {
  for (const series of chart.series) for (const x of series.x) if (typeof x === 'number') yield x
}

function categoriesOf(chart: XyChart): readonly string[] | undefined {
  const words = chart.type === 'bar' || chart.series.some((series) => series.x.some((x) => typeof x === 'string'))
  if (!words) return undefined
  return [...new Set(chart.series.flatMap((series) => series.x.map(label)))]
}

const label = (x: number | string) => (typeof x === 'number' ? formatNumber(x) : x)

function yExtent(chart: XyChart): readonly [number, number] {
  const range = rangeOf(heights(chart)) ?? [0, 1]
  if (chart.diagonal) return [Math.min(0, range[0]), Math.max(1, range[1])]
  return range[0] === range[1] ? [Math.min(0, range[0]), Math.max(range[1], range[0] + 1)] : range
}

/** Points of a series on the page; a missing value breaks the line. */
function pathOf(series: Series, at: (i: number) => number, frame: PlotFrame): string {
  let path = ''
  let pen = false
  for (const [i, y] of series.y.entries()) {
    if (y === null || !Number.isFinite(y)) pen = false
    else {
      path += `${pen ? 'L' : 'M'}${place(at(i))} ${place(frame.y(y))}`
      pen = true
    }
  }
  return path
}

function bandOf(series: Series, at: (i: number) => number, frame: PlotFrame): string {
  const { low, high } = series
  if (!low || !high || low.length === 0) return ''
  const upper = high.map((value, i) => `${i ? 'L' : 'M'}${place(at(i))} ${place(frame.y(value))}`).join('')
  const lower = low.map((value, i) => `L${place(at(i))} ${place(frame.y(value))}`).reverse()
  return `${upper}${lower.join('')}Z`
}

function lineMarks(series: Series, style: string, at: (i: number) => number, frame: PlotFrame): string {
  const band = bandOf(series, at, frame)
  return (band ? svgPath(band, `b-band ${style}`) : '') + svgPath(pathOf(series, at, frame), `b-line ${style}`)
}

function dotMarks(series: Series, style: string, at: (i: number) => number, frame: PlotFrame): string {
  const radius = series.y.length > 400 ? 1.8 : 3
  return series.y
    .map((y, i) => {
      if (y === null || !Number.isFinite(y)) return ''
      const low = series.low?.[i]
      const high = series.high?.[i]
      const whisker =
        low === undefined || high === undefined
          ? ''
          : svgPath(segment(at(i), frame.y(low), at(i), frame.y(high)), 'b-whisker')
      const look = series.shade ? shadeClass(series.shade[i]) : style
      return `${whisker}<circle cx="${place(at(i))}" cy="${place(frame.y(y))}" r="${radius}" class="b-dot ${look}"/>`
    })
    .join('')
}

function columnMarks(
  chart: XyChart,
  index: number,
  style: string,
  at: (i: number) => number,
  frame: PlotFrame,
): string {
  const series = chart.series[index]!
  const count = categoriesOf(chart)?.length ?? 1
  const band = ((frame.right - frame.left) / Math.max(count, 1)) * 0.74
  const width = Math.min(band / chart.series.length, 64)
  const shift = (index - (chart.series.length - 1) / 2) * width
  return series.y
    .map((y, i) => {
      if (y === null || !Number.isFinite(y)) return ''
      const x = at(i) + shift
      const top = Math.min(frame.y(y), frame.y(0))
      const low = series.low?.[i]
      const high = series.high?.[i]
      const whisker =
        low === undefined || high === undefined ? '' : svgPath(segment(x, frame.y(low), x, frame.y(high)), 'b-whisker')
      const body = svgRect(x - width / 2 + 1, top, width - 2, Math.abs(frame.y(y) - frame.y(0)), `b-area ${style}`, 2)
      const end = svgPath(segment(x - width / 2 + 1, frame.y(y), x + width / 2 - 1, frame.y(y)), `b-end ${style}`)
      return body + end + whisker
    })
    .join('')
}

function inWords(chart: XyChart): string {
  return chart.series
    .map((series) => {
      const known = series.y.filter((y): y is number => y !== null && Number.isFinite(y))
      if (known.length === 0) return `${series.name}: no values`
      if (series.y.length <= 12)
        return `${series.name}: ${series.y.map((y, i) => `${label(series.x[i]!)} ${formatNumber(y)}`).join(', ')}`
      const [low, high] = rangeOf(known)!
      const digits = estimateDigits({ value: high, low, high })
      return `${series.name}: ${known.length} values from ${formatNumber(low, digits)} to ${formatNumber(high, digits)}, last ${formatNumber(known.at(-1), digits)}`
    })
    .join('; ')
}

/** Where lines, dots or columns of this width have their axes and legend. */
export function xyFrame(chart: XyChart, width: number) {
  const categories = categoriesOf(chart)
  const styles = chart.series.map((series, i) => seriesStyle(i, series.tone))
  const mark = chart.type === 'line' ? 'line' : 'area'
  const names = legend(
    chart.series.map((series, i) => ({
      name: series.name,
      style: `${chart.type === 'line' ? 'b-line' : chart.type === 'bar' ? 'b-area' : 'b-dot'} ${styles[i]}`,
      mark,
    })),
    width,
  )
  const xRange = rangeOf(places(chart)) ?? [0, 1]
  const xExtent = chart.diagonal ? ([Math.min(0, xRange[0]), Math.max(1, xRange[1])] as const) : xRange
  const padded = chart.type === 'scatter' && !chart.diagonal ? padding(xExtent) : xExtent
  const frame = plotFrame({
    width,
    head: names.height,
    x: categories ? { title: chart.x, categories } : { title: chart.x, extent: padded },
    y: { title: chart.y, extent: yExtent(chart) },
  })
  return { categories, styles, names, frame, xExtent: padded }
}

/** Lines, points or upright columns over two axes; low and high become a band or whiskers. */
export function xyChart(chart: XyChart, title: string, width: number): string {
  const { categories, styles, names, frame } = xyFrame(chart, width)
  const index = new Map(categories?.map((category, i) => [category, i]))
  const marks = chart.series.map((series, i) => {
    const at = (n: number) => frame.x(categories ? index.get(label(series.x[n]!))! : Number(series.x[n]))
    if (chart.type === 'bar') return columnMarks(chart, i, styles[i]!, at, frame)
    return chart.type === 'line' ? lineMarks(series, styles[i]!, at, frame) : dotMarks(series, styles[i]!, at, frame)
  })
  const diagonal = chart.diagonal ? svgPath(segment(frame.x(0), frame.y(0), frame.x(1), frame.y(1)), 'b-diagonal') : ''
  const limit =
    chart.limit === undefined
      ? ''
      : svgPath(segment(frame.left, frame.y(chart.limit), frame.right, frame.y(chart.limit)), 'b-limit')
  const picture = { width, height: frame.height, title, description: inWords(chart) }
  return svgPicture(picture, names.body + frame.axes + diagonal + marks.join('') + limit)
}

function padding(extent: readonly [number, number]): readonly [number, number] {
  const room = (extent[1] - extent[0]) * 0.03 || 1
  return [extent[0] - room, extent[1] + room]
}
