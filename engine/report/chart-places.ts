import type { Chart } from '#contract'
import { barThickness } from './bars-layout.ts'
import { histogramFrame } from './histogram.ts'
import { barsFrame, rowTops } from './horizontal-bars.ts'
import { xyFrame } from './xy-chart.ts'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where the parts of a chart lie that stand for rows, in the coordinates of its picture. */
export interface ChartPlaces {
  readonly width: number
  readonly height: number
  /** Marks grow upwards, or to the right. */
  readonly grow: 'up' | 'right'
  /** The strip that belongs to a part, and the mark drawn in it. */
  readonly places: readonly { readonly strip: Box; readonly mark: Box }[]
  /** Of points: where the strips begin and end along x. */
  readonly edges?: readonly number[]
}

/** Points are taken in so many strips along x. */
const strips = 24

function histogramPlaces(chart: Extract<Chart, { type: 'histogram' }>, width: number): ChartPlaces {
  const { frame } = histogramFrame(chart, width)
  const counts = chart.series[0]?.counts ?? []
  const places = counts.map((count, i) => {
    const x = frame.x(chart.edges[i]!)
    const room = frame.x(chart.edges[i + 1]!) - x
    const gap = room > 6 ? 1 : 0
    const y = frame.y(count)
    return {
      strip: { x, y: frame.top, width: room, height: frame.bottom - frame.top },
      mark: { x: x + gap, y, width: Math.max(0, room - 2 * gap), height: frame.bottom - y },
    }
  })
  return { width, height: frame.height, grow: 'up', places }
}

function barsPlaces(chart: Extract<Chart, { type: 'bars' }>, width: number): ChartPlaces {
  const { layout, x, height } = barsFrame(chart, width)
  const places = chart.rows.map(({ estimate: { value } }, i) => {
    const { top, barTop } = rowTops(i, layout)
    const from = Math.min(x(0), x(value ?? 0))
    return {
      strip: { x: 0, y: top - 2, width, height: layout.rowHeight },
      mark: { x: from, y: barTop, width: Math.abs(x(value ?? 0) - x(0)), height: barThickness },
    }
  })
  return { width, height: height + (chart.x ? 40 : 22), grow: 'right', places }
}

function pointPlaces(chart: Extract<Chart, { type: 'line' | 'scatter' | 'bar' }>, width: number): ChartPlaces {
  const { frame, categories, xExtent } = xyFrame(chart, width)
  if (categories || chart.type !== 'scatter') return { width, height: frame.height, grow: 'up', places: [] }
  const [low, high] = xExtent
  const edges = Array.from({ length: strips + 1 }, (_, i) => low + ((high - low) * i) / strips)
  const places = edges.slice(1).map((edge, i) => {
    const x = frame.x(edges[i]!)
    const strip = { x, y: frame.top, width: frame.x(edge) - x, height: frame.bottom - frame.top }
    return { strip, mark: { ...strip, y: frame.bottom, height: 0 } }
  })
  return { width, height: frame.height, grow: 'up', places, edges }
}

/** The places of a chart's bins, bars or strips of points; undefined for charts whose parts stand for no rows. */
export function chartPlaces(chart: Chart, width: number): ChartPlaces | undefined {
  if (chart.type === 'histogram') return histogramPlaces(chart, width)
  if (chart.type === 'bars') return barsPlaces(chart, width)
  return chart.type === 'scatter' ? pointPlaces(chart, width) : undefined
}
