import { escapeHtml } from './escape.ts'
import { type ParallelAxis, type ParallelChart, parallelLayout, settingText } from './parallel-layout.ts'
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
export function threadPath(axes: readonly ParallelAxis[], values: readonly (number | string | null)[]): string {
  let pen = false
  return axes
    .map((axis, at) => {
      const y = axis.y(values[at] ?? null)
      const go = y === undefined ? '' : `${pen ? 'L' : 'M'}${place(axis.x)} ${place(y)}`
      pen = y !== undefined
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
export function parallelAxis(axis: ParallelAxis, top: number, bottom: number): string {
  const title = svgText(fitText(axis.title, axis.room - 8, 11), {
    x: axis.x,
    y: top - 14,
    class: 'b-tick',
    anchor: 'middle',
  })
  const ticks = axis.ticks.map(
    ({ text, y }) =>
      svgPath(segment(axis.x, y, axis.x + 4, y), 'b-axis') +
      svgText(fitText(text, axis.room - 12, 11), { x: axis.x + 7, y: y + 4, class: 'b-small' }),
  )
  return svgPath(segment(axis.x, top, axis.x, bottom), 'b-axis') + title + ticks.join('')
}

const most = 400

/** Parallel coordinates: a line for each thing that has a value on each of several axes; the strongest on top. */
export function parallelChart(chart: ParallelChart, title: string, width: number): string {
  const layout = parallelLayout(chart, width)
  const drawn = chart.lines.toSorted((a, b) => a.strength - b.strength).slice(-most)
  const lines = drawn.map((line) => {
    const { opacity, width: stroke } = threadLook(line.strength)
    const look = `stroke-opacity="${opacity}" stroke-width="${stroke}"`
    const path = threadPath(layout.axes, line.values)
    return `<path d="${path}" class="b-thread ${line.strength >= 1 ? 'ok' : 'run'}" ${look}><title>${escapeHtml(lineWords(chart, line))}</title></path>`
  })
  const axes = layout.axes.map((axis) => parallelAxis(axis, layout.top, layout.bottom))
  const strongest = drawn.slice(-3).reverse()
  const description = `${chart.lines.length} lines over ${chart.axes.map((axis) => axis.title).join(', ')}. ${strongest.map((line) => lineWords(chart, line)).join('; ')}`
  return svgPicture({ width, height: layout.height, title, description }, lines.join('') + axes.join(''))
}
