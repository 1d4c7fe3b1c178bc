import { escapeHtml } from './escape.ts'
import {
  type ParallelAxis,
  type ParallelChart,
  type ParallelLayout,
  parallelLayout,
  settingText,
} from './parallel-layout.ts'
import { fitText, place, segment, svgPath, svgPicture, svgText } from './svg.ts'

/** What a line is in words: its label, then each axis with its value. */
export const lineWords = ({ axes }: ParallelChart, { label, values }: ParallelChart['lines'][number]): string =>
  `${label}: ${axes
    .flatMap(({ title }, at) => {
      const value = values[at]
      return value === null || value === undefined
        ? []
        : [`${title} ${typeof value === 'number' ? settingText(value) : value}`]
    })
    .join(', ')}`

/** A line over the axes as path data; it breaks where a value is missing. */
export function threadPath({ axes, upright }: ParallelLayout, values: readonly (number | string | null)[]): string {
  let pen = false
  return axes
    .map((axis, n) => {
      const along = axis.place(values[n] ?? null)
      if (along === undefined) {
        pen = false
        return ''
      }
      const go = `${pen ? 'L' : 'M'}${upright ? `${place(axis.at)} ${place(along)}` : `${place(along)} ${place(axis.at)}`}`
      pen = true
      return go
    })
    .join('')
}

/** Opacity and width of a line by its strength. */
export const threadLook = (strength: number) => ({
  opacity: Math.round((0.1 + 0.8 * strength ** 2) * 100) / 100,
  width: strength >= 1 ? 2.5 : strength > 0.8 ? 1.75 : 1.25,
})

/** An axis with its title and ticks. */
export const parallelAxis = (layout: ParallelLayout, axis: ParallelAxis): string =>
  layout.upright ? uprightAxis(layout, axis) : flatAxis(layout, axis)

function uprightAxis({ ends: [bottom, top] }: ParallelLayout, { title, at, room, ticks }: ParallelAxis): string {
  const marks = ticks.map(
    (tick) =>
      svgPath(segment(at, tick.place, at + 4, tick.place), 'b-axis') +
      svgText(fitText(tick.text, room - 12, 11), { x: at + 7, y: tick.place + 4, class: 'b-small' }),
  )
  const name = svgText(fitText(title, room - 8, 11), { x: at, y: top - 14, class: 'b-tick', anchor: 'middle' })
  return svgPath(segment(at, top, at, bottom), 'b-axis') + name + marks.join('')
}

function flatAxis({ ends: [left, right] }: ParallelLayout, { title, at, ticks }: ParallelAxis): string {
  const space = (right - left) / Math.max(1, ticks.length)
  const marks = ticks.map(
    (tick) =>
      svgPath(segment(tick.place, at, tick.place, at + 3), 'b-axis') +
      svgText(fitText(tick.text, space - 2, 11), { x: tick.place, y: at + 14, class: 'b-small', anchor: 'middle' }),
  )
  const name = svgText(fitText(title, right - left, 11), { x: left, y: at - 6, class: 'b-small' })
  return svgPath(segment(left, at, right, at), 'b-axis') + name + marks.join('')
}

const most = 400

/** Parallel coordinates: a line for each thing that has a value on each of several axes; the strongest on top. */
export function parallelChart(chart: ParallelChart, title: string, width: number): string {
  const layout = parallelLayout(chart, width)
  const drawn = chart.lines.toSorted((a, b) => a.strength - b.strength).slice(-most)
  const lines = drawn.map((line) => {
    const { opacity, width: stroke } = threadLook(line.strength)
    const look = `stroke-opacity="${opacity}" stroke-width="${stroke}"`
    const path = threadPath(layout, line.values)
    return `<path d="${path}" class="b-thread ${line.strength >= 1 ? 'ok' : 'run'}" ${look}><title>${escapeHtml(lineWords(chart, line))}</title></path>`
  })
  const axes = layout.axes.map((axis) => parallelAxis(layout, axis))
  const strongest = drawn.slice(-3).reverse()
  const description = `${chart.lines.length} lines over ${chart.axes.map((axis) => axis.title).join(', ')}. ${strongest.map((line) => lineWords(chart, line)).join('; ')}`
  return svgPicture({ width, height: layout.height, title, description }, lines.join('') + axes.join(''))
}
