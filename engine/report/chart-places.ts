import type { Chart, SwarmChart, WaterfallChart } from '#contract'
import { barThickness } from './bars-layout.ts'
import { histogramFrame } from './histogram.ts'
import { barsFrame, rowTops } from './horizontal-bars.ts'
import { matrixFrame } from './matrix-chart.ts'
import type { PlotFrame } from './plot-frame.ts'
import { swarmFrame } from './swarm-chart.ts'
import { waterfallEnd } from './waterfall-chart.ts'
import { xyFrame } from './xy-chart.ts'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Spot {
  readonly x: number
  readonly y: number
}

/** Parts of a chart beside each other: bins, bars, cells, strips along an axis or a line. */
export interface PartPlaces {
  /** Marks grow upwards or to the right; cells lie in lines and columns. */
  readonly grow: 'up' | 'right' | 'cells'
  /** The strip that belongs to a part, and the mark drawn in it. */
  readonly places: readonly {
    readonly strip: Box
    readonly mark: Box
    /** Of a stretch of a line: from where to where. */
    readonly line?: readonly [x1: number, y1: number, x2: number, y2: number]
  }[]
  /** Of strips: where they begin and end along the axis. */
  readonly edges?: readonly number[]
  /** Of strips along categories: their words. */
  readonly words?: readonly string[]
}

/** Two axes of numbers: the box they span in the picture, and what lies at its ends. */
export interface Plane {
  readonly box: Box
  /** From the left to the right. */
  readonly x: readonly [number, number]
  /** From the bottom to the top. */
  readonly y: readonly [number, number]
}

/** Where the parts of a chart lie that stand for rows, in the coordinates of its picture. */
export interface ChartPlaces {
  readonly width: number
  readonly height: number
  readonly parts: readonly PartPlaces[]
  /** Of charts of points or of a single line: each in the order of the series. */
  readonly spots?: readonly Spot[]
  readonly plane?: Plane
}

/** Points are taken in so many strips along an axis. */
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
  return { width, height: frame.height, parts: [{ grow: 'up', places }] }
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
  return { width, height: height + (chart.x ? 40 : 22), parts: [{ grow: 'right', places }] }
}

type XyChart = Extract<Chart, { type: 'line' | 'scatter' | 'bar' }>

/** Equal strips over a box, along x from the left or along y from the bottom. */
function stripsOver(box: Box, [low, high]: readonly [number, number], along: 'x' | 'y'): PartPlaces {
  const edges = Array.from({ length: strips + 1 }, (_, i) => low + ((high - low) * i) / strips)
  const places = Array.from({ length: strips }, (_, i) => {
    const strip =
      along === 'x'
        ? { ...box, x: box.x + (box.width * i) / strips, width: box.width / strips }
        : { ...box, y: box.y + box.height * (1 - (i + 1) / strips), height: box.height / strips }
    return { strip, mark: { ...strip, width: 0, height: 0 } }
  })
  return { grow: along === 'x' ? 'up' : 'right', places, edges }
}

function categoryStrips(box: Box, words: readonly string[]): PartPlaces {
  const width = box.width / Math.max(words.length, 1)
  const places = words.map((_, i) => {
    const strip = { ...box, x: box.x + width * i, width }
    return { strip, mark: { ...strip, width: 0, height: 0 } }
  })
  return { grow: 'up', places, words }
}

const boxOf = ({ left, right, top, bottom }: PlotFrame): Box => ({
  x: left,
  y: top,
  width: right - left,
  height: bottom - top,
})

function pointPlaces(chart: XyChart, width: number): ChartPlaces {
  const { frame, categories } = xyFrame(chart, width)
  const box = boxOf(frame)
  const whole = { width, height: frame.height }
  const index = new Map(categories?.map((category, i) => [category, i]))
  const spots = chart.series.flatMap(({ x, y }) =>
    x.map((at, i) => ({
      x: frame.x(categories ? (index.get(String(at)) ?? 0) : Number(at)),
      y: frame.y(y[i] ?? Number.NaN),
    })),
  )
  const up = stripsOver(box, frame.yExtent, 'y')
  if (categories) return { ...whole, parts: [categoryStrips(box, categories), up], spots }
  const plane = { box, x: frame.xExtent, y: frame.yExtent }
  const parts = chart.type === 'scatter' ? [stripsOver(box, frame.xExtent, 'x'), up] : []
  return { ...whole, parts, spots, plane }
}

function matrixPlaces(chart: Extract<Chart, { type: 'matrix' }>, width: number): ChartPlaces {
  const { cell, picture } = matrixFrame(chart, width)
  const places = chart.rows.flatMap((_, i) =>
    chart.columns.map((_, j) => {
      const strip = cell(i, j)
      const mark = { x: strip.x + 4, y: strip.y + strip.height - 6, width: strip.width - 8, height: 3 }
      return { strip, mark }
    }),
  )
  return { ...picture, parts: [{ grow: 'cells', places }] }
}

function swarmPlaces(chart: SwarmChart, width: number): ChartPlaces {
  const { at, extent, lines, lineHeight, height } = swarmFrame(chart, width)
  const [left, right] = [at(extent[0]), at(extent[1])]
  const parts = lines.map(({ top }) =>
    stripsOver({ x: left, y: top, width: right - left, height: lineHeight }, extent, 'x'),
  )
  return { width, height, parts, spots: lines.flatMap(({ points }) => points) }
}

function waterfallPlaces(chart: WaterfallChart, width: number): ChartPlaces {
  const { top, lineHeight, height } = waterfallEnd(chart)
  const strip = { x: 0, y: top, width, height: lineHeight }
  const mark = { ...strip, y: top + lineHeight - 3, height: 3 }
  return { width, height, parts: [{ grow: 'right', places: [{ strip, mark }] }] }
}

/** The places of a chart's bins, bars, cells, points or strips; undefined for charts whose parts stand for no rows. */
export function chartPlaces(chart: Chart, width: number): ChartPlaces | undefined {
  switch (chart.type) {
    case 'histogram':
      return histogramPlaces(chart, width)
    case 'bars':
      return barsPlaces(chart, width)
    case 'matrix':
      return matrixPlaces(chart, width)
    case 'swarm':
      return swarmPlaces(chart, width)
    case 'waterfall':
      return waterfallPlaces(chart, width)
    case 'scatter':
    case 'line':
      return pointPlaces(chart, width)
    default:
      return undefined
  }
}
