import type { WaterfallChart } from '#contract'
import { formatNumber, formatSigned } from './format-number.ts'
import { linearScale, niceExtent, niceTicks, tickDigits } from './scale.ts'
import { fitText, segment, svgPath, svgPicture, svgRect, svgText, textWidth } from './svg.ts'

const line = 26
const head = 6

/** Where each push begins and ends. */
export function waterfallSteps({ start, steps }: WaterfallChart) {
  let at = start.value
  return steps.map(({ label, change }) => {
    const from = at
    at += change
    return { label, change, from, to: at }
  })
}

/** Where the last line of a waterfall lies: the one it is about. */
export function waterfallEnd({ steps }: WaterfallChart) {
  return { top: head + (steps.length + 1) * line, lineHeight: line, height: head + (steps.length + 2) * line + 40 }
}

/** Bars one after the other, each from where the one before ended: the start, every push, the end. */
export function waterfallChart(chart: WaterfallChart, title: string, width: number): string {
  const { start, end } = chart
  const steps = waterfallSteps(chart)
  const last = steps.at(-1)?.to ?? start.value
  const names = [start.label, ...steps.map(({ label }) => label), end]
  const labels = Math.min(Math.max(...names.map((name) => textWidth(name, 12.5))) + 12, width * 0.42)
  const values = [start.value, last, ...steps.map(({ to }) => to)]
  const [low, high] = niceExtent(Math.min(...values), Math.max(...values))
  const at = linearScale([low, high], [labels + 44, width - 48])
  const bottom = head + (steps.length + 2) * line
  const ticks = niceTicks(low, high, width < 420 ? 3 : 5)
  const axis = ticks.map(
    (tick) =>
      svgPath(segment(at(tick), head, at(tick), bottom), 'b-grid') +
      svgText(formatNumber(tick, tickDigits(ticks)), {
        x: at(tick),
        y: bottom + 15,
        class: 'b-tick',
        anchor: 'middle',
      }),
  )
  const name = (label: string, row: number) =>
    svgText(fitText(label, labels - 8, 12.5), {
      x: labels,
      y: head + (row + 0.5) * line + 4,
      class: 'b-label',
      anchor: 'end',
    })
  const bars = steps.map(({ label, change, from, to }, step) => {
    const row = step + 1
    const [left, right] = [Math.min(at(from), at(to)), Math.max(at(from), at(to))]
    const y = head + row * line + 5
    const down = change < 0
    const said = {
      x: down ? left - 5 : right + 5,
      y: y + 12,
      class: 'b-small',
      anchor: down ? 'end' : 'start',
    } as const
    return [
      name(label, row),
      svgRect(left, y, Math.max(right - left, 1), line - 10, `b-solid ${down ? 'bad' : 'ok'}`, 2),
      svgPath(segment(at(to), y + line - 10, at(to), y + line), 'b-axis'),
      svgText(formatSigned(change), said),
    ].join('')
  })
  const mark = (label: string, value: number, row: number) =>
    name(label, row) +
    svgPath(segment(at(value), head + row * line + 2, at(value), head + (row + 1) * line - 2), 'b-whisker') +
    svgText(formatNumber(value), { x: at(value) + 6, y: head + (row + 0.5) * line + 4, class: 'b-value' })
  const under = svgText(chart.x, { x: (labels + width) / 2, y: bottom + 32, class: 'b-tick', anchor: 'middle' })
  const words = steps.map(({ label, change }) => `${label} ${formatSigned(change)}`).join(', ')
  const description = `${start.label} ${formatNumber(start.value)}, ${words}, ${end} ${formatNumber(last)}`
  const body =
    axis.join('') + mark(start.label, start.value, 0) + bars.join('') + mark(end, last, steps.length + 1) + under
  return svgPicture({ width, height: bottom + 40, title, description }, body)
}
