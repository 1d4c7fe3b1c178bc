import type { SwarmChart } from '#contract'
import { formatNumber } from './format-number.ts'
import { linearScale, niceExtent, niceTicks, tickDigits } from './scale.ts'
import { fitText, place, segment, svgPath, svgPicture, svgText, textWidth } from './svg.ts'

const line = 34
const head = 24
const radius = 2.6

/** The class of a colour from low to high in five steps; without an order it is grey. */
export const shadeClass = (shade: number | null | undefined): string =>
  shade === null || shade === undefined || !Number.isFinite(shade) ? 'mute' : `h${Math.min(4, Math.floor(shade * 5))}`

/** Heights of points beside each other that would lie on one another: 0, then in turn above and below. */
function spread(xs: readonly number[], room: number): number[] {
  const taken = new Map<number, number>()
  return xs.map((x) => {
    const bin = Math.round(x / (radius * 1.6))
    const before = taken.get(bin) ?? 0
    taken.set(bin, before + 1)
    const steps = Math.ceil(before / 2) * radius * 1.5
    return Math.min(steps, room) * (before % 2 === 0 ? 1 : -1)
  })
}

function inWords({ rows, x }: SwarmChart): string {
  const ranges = rows.map(({ label, x: pushes }) => {
    const [low, high] = [Math.min(...pushes), Math.max(...pushes)]
    return `${label} from ${formatNumber(low)} to ${formatNumber(high)}`
  })
  return `${x}: ${ranges.join('; ')}`
}

/** Colours of low and high values with their words, at the right end of a line. */
function shadeKey(right: number): string {
  const dots = [0, 1, 2, 3, 4].map(
    (step) => `<circle cx="${place(right - 84 + step * 9)}" cy="10" r="3.4" class="b-dot h${step}"/>`,
  )
  return (
    svgText('low', { x: right - 92, y: 14, class: 'b-tick', anchor: 'end' }) +
    dots.join('') +
    svgText('high value', { x: right - 40, y: 14, class: 'b-tick' })
  )
}

/** Where the lines of a swarm of this width lie, and the points on each. */
export function swarmFrame(chart: SwarmChart, width: number) {
  const labels = Math.min(Math.max(...chart.rows.map(({ label }) => textWidth(label, 12.5)), 20) + 12, width * 0.36)
  const all = chart.rows.flatMap(({ x }) => x)
  const extent = niceExtent(Math.min(0, ...all), Math.max(0, ...all))
  const right = width - 22
  const at = linearScale(extent, [labels + 6, right])
  const bottom = head + chart.rows.length * line
  const lines = chart.rows.map(({ x }, row) => {
    const middle = head + (row + 0.5) * line
    const places = x.map(at)
    const offsets = spread(places, line / 2 - radius)
    return { top: head + row * line, middle, points: places.map((left, i) => ({ x: left, y: middle + offsets[i]! })) }
  })
  return { labels, extent, right, at, bottom, lines, lineHeight: line, height: bottom + 40 }
}

/** A line a feature with a point a row: where it is says what the value pushed, its colour how high the value is. */
export function swarmChart(chart: SwarmChart, title: string, width: number): string {
  const frame = swarmFrame(chart, width)
  const {
    labels,
    right,
    at,
    bottom,
    extent: [low, high],
  } = frame
  const ticks = niceTicks(low, high, width < 420 ? 3 : 5)
  const digits = tickDigits(ticks)
  const axis = ticks.map(
    (tick) =>
      svgPath(segment(at(tick), head, at(tick), bottom), tick === 0 ? 'b-zero' : 'b-grid') +
      svgText(formatNumber(tick, digits), { x: at(tick), y: bottom + 15, class: 'b-tick', anchor: 'middle' }),
  )
  const lines = chart.rows.map(({ label, shade }, row) => {
    const { middle, points } = frame.lines[row]!
    const dots = points.map(
      ({ x, y }, i) =>
        `<circle cx="${place(x)}" cy="${place(y)}" r="${radius}" class="b-dot ${shadeClass(shade[i])}"/>`,
    )
    const name = svgText(fitText(label, labels - 10, 12.5), {
      x: labels - 6,
      y: middle + 4,
      class: 'b-label',
      anchor: 'end',
    })
    return name + dots.join('')
  })
  const under = svgText(chart.x, { x: (labels + right) / 2, y: bottom + 32, class: 'b-tick', anchor: 'middle' })
  const picture = { width, height: frame.height, title, description: inWords(chart) }
  return svgPicture(picture, shadeKey(width) + axis.join('') + lines.join('') + under)
}
