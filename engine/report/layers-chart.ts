import type { LayersChart } from '#contract'
import { formatPercent } from './format-number.ts'
import { fitText, place, segment, svgPath, svgPicture, svgRect, svgText, textWidth } from './svg.ts'

const boxHeight = 24
const gap = 12
const step = boxHeight + gap
/** Room at the left for ways around, and where they run. */
const gutter = 20
const lane = 5
const shapeSize = 11

function inWords({ layers, around }: LayersChart): string {
  const chain = layers.map(({ label, shape, share }) => {
    const values = share > 0 ? `, ${formatPercent(share)} of the values` : ''
    return `${label} (${shape}${values})`
  })
  const ways = around.map(({ from, to }) => `a way around ${layers[from]!.label} to ${layers[to]!.label}`)
  return [chain.join(', then '), ...ways].join('; ')
}

/** Boxes from the input down, each filled by its share of the learned values; a line beside them for each way around. */
export function layersChart(chart: LayersChart, title: string, width: number): string {
  const { layers, around } = chart
  const left = around.length > 0 ? gutter : 0
  const room = Math.min(0.35 * width, Math.max(...layers.map(({ shape }) => textWidth(shape, shapeSize)), 0)) + 8
  const across = width - left - room
  const middle = left + across / 2
  const top = (at: number) => at * step + 1
  const boxes = layers.map(({ label, shape, share }, at) => {
    const y = top(at)
    const link = at === 0 ? '' : svgPath(segment(middle, y - gap, middle, y), 'b-axis')
    return [
      link,
      svgRect(left, y, across, boxHeight, 'b-cell', 5),
      share > 0 ? svgRect(left, y, Math.max(3, across * share), boxHeight, 'b-area run', 5) : '',
      svgText(fitText(label, across - 16), { x: left + 8, y: y + 16 }),
      svgText(fitText(shape, room - 8, shapeSize), { x: width, y: y + 16, class: 'b-tick', anchor: 'end' }),
    ].join('')
  })
  const ways = around.map(({ from, to }) => {
    const [above, below] = [top(from) - gap / 2, top(to) + boxHeight + gap / 2]
    return svgPath(`M${place(middle)} ${place(above)}H${lane}V${place(below)}H${place(middle)}`, 'b-axis')
  })
  const height =
    Math.max(layers.length * step - gap, 0) + 2 + (around.some(({ to }) => to === layers.length - 1) ? gap : 0)
  return svgPicture({ width, height, title, description: inWords(chart) }, ways.join('') + boxes.join(''))
}
