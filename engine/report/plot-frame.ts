import { formatNumber } from './format-number.ts'
import { linearScale, niceExtent, niceTicks, type Scale, tickDigits } from './scale.ts'
import { fitText, segment, svgPath, svgText, textWidth } from './svg.ts'

export interface PlotFrame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly x: Scale
  readonly y: Scale
  /** What lies at the left and right end, and at the bottom and top. */
  readonly xExtent: readonly [number, number]
  readonly yExtent: readonly [number, number]
  /** Axes, grid and axis titles. */
  readonly axes: string
}

export interface PlotAxis {
  readonly title: string
  /** Numbers from low to high, or categories that each take a band. */
  readonly extent?: readonly [number, number]
  readonly categories?: readonly string[]
}

export interface FrameOptions {
  readonly width: number
  readonly x: PlotAxis
  readonly y: PlotAxis
  /** Room above the plot, for a legend. */
  readonly head?: number
  readonly height?: number
}

const tickTexts = (ticks: readonly number[]) => {
  const digits = tickDigits(ticks)
  return ticks.map((tick) => (Math.abs(tick) >= 1e6 ? formatNumber(tick) : formatNumber(tick, digits)))
}

function numberMarks(extent: readonly [number, number], x: Scale, bottom: number, room: number): string {
  const ticks = niceTicks(extent[0], extent[1], Math.max(2, Math.floor(room / 70)))
  const texts = tickTexts(ticks)
  return ticks
    .map(
      (tick, i) =>
        svgPath(segment(x(tick), bottom, x(tick), bottom + 4), 'b-axis') +
        svgText(texts[i]!, { x: x(tick), y: bottom + 17, class: 'b-tick', anchor: 'middle' }),
    )
    .join('')
}

function categoryMarks(categories: readonly string[], x: Scale, bottom: number, room: number): string {
  const band = room / Math.max(categories.length, 1)
  const every = Math.max(1, Math.ceil(26 / band))
  return categories
    .map((category, i) =>
      i % every
        ? ''
        : svgText(fitText(category, band * every - 4, 11), {
            x: x(i),
            y: bottom + 17,
            class: 'b-tick',
            anchor: 'middle',
          }),
    )
    .join('')
}

/** The frame of a plot with two axes: a light grid across, ticks below, the axes' titles at their ends. */
export function plotFrame(options: FrameOptions): PlotFrame {
  const { width } = options
  const head = options.head ?? 0
  const height = (options.height ?? Math.round(Math.min(280, Math.max(170, width * 0.46)))) + head
  const yExtent = niceExtent(...(options.y.extent ?? [0, 1]), 4)
  const yTicks = niceTicks(yExtent[0], yExtent[1], 4)
  const yTexts = tickTexts(yTicks)
  const left = Math.ceil(Math.max(...yTexts.map((text) => textWidth(text, 11)), 16)) + 12
  const right = width - 12
  const top = head + (options.y.title ? 22 : 8)
  const bottom = height - (options.x.title ? 42 : 26)
  const y = linearScale(yExtent, [bottom, top])
  const categories = options.x.categories
  const xExtent = options.x.extent ?? [0, 1]
  const band = (right - left) / Math.max(categories?.length ?? 1, 1)
  const x = categories ? (value: number) => left + (value + 0.5) * band : linearScale(xExtent, [left, right])
  const grid = yTicks
    .map(
      (tick, i) =>
        svgPath(segment(left, y(tick), right, y(tick)), 'b-grid') +
        svgText(yTexts[i]!, { x: left - 8, y: y(tick) + 4, class: 'b-tick', anchor: 'end' }),
    )
    .join('')
  const marks = categories
    ? categoryMarks(categories, x, bottom, right - left)
    : numberMarks(xExtent, x, bottom, right - left)
  const titles =
    (options.y.title ? svgText(options.y.title, { x: 0, y: head + 11, class: 'b-tick' }) : '') +
    (options.x.title
      ? svgText(options.x.title, { x: (left + right) / 2, y: height - 6, class: 'b-tick', anchor: 'middle' })
      : '')
  const axes = grid + svgPath(segment(left, bottom, right, bottom), 'b-axis') + marks + titles
  return { width, height, left, right, top, bottom, x, y, xExtent, yExtent, axes }
}
