import type { PictureChart } from '#contract'
import { formatSigned } from './format-number.ts'
import { place, svgPicture, svgText } from './svg.ts'

/** Cells a side that are drawn at most: larger pictures are drawn from every n-th pixel. */
const mostDrawn = 48
/** Colours are drawn in so many steps a channel: squares of one colour are one path. */
const colourSteps = 16
const heatSteps = 8
const side = 168
const top = 22

interface Squares {
  readonly left: number
  readonly size: number
}

/** Groups squares by what they look like; the order of first appearance is kept. */
function squares(
  rows: number,
  columns: number,
  lookOf: (row: number, column: number) => string,
  { left, size }: Squares,
) {
  const paths = new Map<string, string>()
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const look = lookOf(row, column)
      if (look === '') continue
      const path = `M${place(left + column * size)} ${place(top + row * size)}h${place(size)}v${place(size)}h-${place(size)}z`
      paths.set(look, (paths.get(look) ?? '') + path)
    }
  return [...paths].map(([look, path]) => `<path d="${path}" ${look}/>`).join('')
}

function pixels({ width, height, channels, bytes }: NonNullable<PictureChart['picture']>, left: number): string {
  const step = Math.ceil(Math.max(width, height) / mostDrawn)
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)]
  const level = (value: number) => Math.round((Math.round((value / 255) * (colourSteps - 1)) / (colourSteps - 1)) * 255)
  const lookOf = (row: number, column: number) => {
    const at = (Math.min(height - 1, row * step) * width + Math.min(width - 1, column * step)) * channels
    const [r, g, b] = [0, 1, 2].map((channel) => level(bytes[at + Math.min(channel, channels - 1)] ?? 0))
    return `fill="rgb(${r},${g},${b})"`
  }
  return squares(rows, columns, lookOf, { left, size: side / Math.max(rows, columns) })
}

function heat(values: PictureChart['values'], left: number, opacity: number): string {
  const largest = Math.max(...values.flat().map(Math.abs), 0) || 1
  const columns = values[0]?.length ?? 0
  const lookOf = (row: number, column: number) => {
    const value = values[row]![column]!
    const strength = Math.round((Math.abs(value) / largest) * heatSteps) / heatSteps
    return strength === 0
      ? ''
      : `class="b-heat ${value < 0 ? 'bad' : 'ok'}" fill-opacity="${place(strength * opacity)}"`
  }
  return squares(values.length, columns, lookOf, { left, size: side / Math.max(values.length, columns, 1) })
}

/** The strongest cells of each direction. */
function inWords({ values, x }: PictureChart): string {
  const cells = values.flatMap((row, r) => row.map((value, c) => ({ value, where: `row ${r + 1}, column ${c + 1}` })))
  const strongest = cells.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 3)
  return `${x}, strongest at ${strongest.map(({ value, where }) => `${where} ${formatSigned(value, 3)}`).join('; ')}`
}

/** A picture beside itself with what its cells push laid over it; without a picture the grid alone. */
export function pictureChart(chart: PictureChart, title: string, width: number): string {
  const gap = 18
  const { picture, values } = chart
  const description = inWords(chart)
  if (!picture) {
    const frame = { width: side, height: top + side + 4, title, description }
    return svgPicture(frame, svgText(chart.x, { x: 0, y: 14, class: 'b-tick' }) + heat(values, 0, 1))
  }
  const beside = width >= 2 * side + gap
  const right = beside ? side + gap : 0
  const alone = beside ? pixels(picture, 0) : ''
  const body = `${alone}<g opacity="0.35">${pixels(picture, right)}</g>${heat(values, right, 0.85)}`
  const label = svgText(chart.x, { x: right, y: 14, class: 'b-tick' })
  return svgPicture({ width: right + side, height: top + side + 4, title, description }, label + body)
}
