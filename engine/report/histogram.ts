import type { Chart } from '#contract'
import { formatCount, formatNumber } from './format-number.ts'
import { legend, seriesStyle } from './legend.ts'
import { plotFrame } from './plot-frame.ts'
import { segment, svgPath, svgPicture, svgRect } from './svg.ts'

type HistogramChart = Extract<Chart, { type: 'histogram' }>

function inWords(chart: HistogramChart): string {
  const { edges } = chart
  return chart.series
    .map((series) => {
      const total = series.counts.reduce((sum, count) => sum + count, 0)
      const most = series.counts.reduce((best, count, i) => (count > series.counts[best]! ? i : best), 0)
      const from = formatNumber(edges[most])
      const to = formatNumber(edges[most + 1])
      return `${series.name ? `${series.name}: ` : ''}${formatCount(total, 'row')}, most between ${from} and ${to}`
    })
    .join('; ')
}

/** Where a histogram of this width has its axes, its legend and the looks of its series. */
export function histogramFrame(chart: HistogramChart, width: number) {
  const { edges, series } = chart
  const styles = series.map((_, i) => seriesStyle(i, series.length === 1 ? 'run' : i === 0 ? 'older' : 'newer'))
  const names = legend(
    series.map(({ name }, i) => ({ name, style: `b-area ${styles[i]}`, mark: 'area' })),
    width,
  )
  const highest = Math.max(1, ...series.flatMap(({ counts }) => counts))
  const frame = plotFrame({
    width,
    head: names.height,
    x: { title: chart.x, extent: [edges[0] ?? 0, edges.at(-1) ?? 1] },
    y: { title: 'rows', extent: [0, highest] },
  })
  return { styles, names, frame }
}

/** Counts between edges; a second series is drawn as an outline over the first. */
export function histogram(chart: HistogramChart, title: string, width: number): string {
  const { edges } = chart
  const { styles, names, frame } = histogramFrame(chart, width)
  const marks = chart.series.flatMap((series, index) =>
    series.counts.map((count, i) => {
      if (count === 0) return ''
      const left = frame.x(edges[i]!)
      const room = frame.x(edges[i + 1]!) - left
      const gap = room > 6 ? 1 : 0
      const top = frame.y(count)
      const end = svgPath(segment(left + gap, top, left + room - gap, top), `b-end ${styles[index]}`)
      return svgRect(left + gap, top, room - 2 * gap, frame.bottom - top, `b-area ${styles[index]}`) + end
    }),
  )
  const picture = { width, height: frame.height, title, description: inWords(chart) }
  return svgPicture(picture, names.body + frame.axes + marks.join(''))
}
