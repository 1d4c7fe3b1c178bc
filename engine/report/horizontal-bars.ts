import type { Chart } from '#contract'
import { escapeHtml } from './escape.ts'
import { estimateDigits, formatAs, formatInterval, type NumberFormat } from './format-number.ts'
import { linearScale, niceTicks, type Scale, tickDigits } from './scale.ts'
import { fitText, segment, svgPath, svgPicture, svgRect, svgText, textWidth } from './svg.ts'

type BarsChart = Extract<Chart, { type: 'bars' }>
type Row = BarsChart['rows'][number]

const size = 12.5
const bar = 18

interface Layout {
  readonly labels: number
  readonly area: number
  readonly values: number
  readonly intervals: number
  readonly notes: number
  readonly rowHeight: number
  readonly noteBelow: boolean
}

const widest = (texts: readonly string[], fontSize = size) =>
  texts.reduce((width, text) => Math.max(width, textWidth(text, fontSize)), 0)

function digitsOf(rows: readonly Row[], format: NumberFormat): number | undefined {
  if (format === 'percent') return undefined
  const known = rows.filter((row) => row.estimate.value !== null)
  if (known.some((row) => row.estimate.low !== undefined))
    return known.reduce((digits, row) => Math.max(digits, estimateDigits(row.estimate)), 0)
  const largest = Math.max(...known.map((row) => Math.abs(row.estimate.value!)), 0)
  if (known.every((row) => Number.isInteger(row.estimate.value))) return 0
  return largest >= 100 ? 0 : largest >= 10 ? 1 : largest >= 0.1 ? 2 : largest >= 0.001 ? 4 : undefined
}

/** Columns from left to right: label, bars, value, interval, note. Where room is short the note goes under its label. */
function layoutOf(
  rows: readonly Row[],
  values: readonly string[],
  intervals: readonly string[],
  width: number,
): Layout {
  const gap = 14
  const notes = widest(rows.map((row) => row.note ?? ''))
  const valueWidth = Math.max(widest(values) * 1.06, 24) + 10
  const intervalWidth = widest(intervals, 11.5)
  const fixed = valueWidth + gap + (intervalWidth ? intervalWidth + gap : 0)
  const noteBelow = notes > 0 && notes + fixed > width * 0.42
  const noteWidth = noteBelow ? 0 : notes + (notes ? gap : 0)
  const labelWidth = Math.max(
    widest(rows.map((row) => row.label)),
    noteBelow
      ? widest(
          rows.map((r) => r.note ?? ''),
          11,
        )
      : 0,
  )
  const labels = Math.min(labelWidth + gap, width * 0.4)
  const area = Math.max(width - labels - fixed - noteWidth, 60)
  const rowHeight = noteBelow ? 38 : 29
  return {
    labels,
    area,
    values: valueWidth + gap,
    intervals: intervalWidth ? intervalWidth + gap : 0,
    notes: noteWidth,
    rowHeight,
    noteBelow,
  }
}

function extentOf(chart: BarsChart): readonly [number, number] {
  const ends = chart.rows.flatMap((row) => {
    const { value, low, high } = row.estimate
    return [value ?? 0, low ?? 0, high ?? 0, row.limit ?? 0]
  })
  const low = Math.min(0, ...ends)
  const high = Math.max(0, ...ends)
  return high > low ? [low, high] : [0, 1]
}

function toneOf(row: Row, format: BarsChart['format']): string {
  if (row.tone) return row.tone
  if (format !== 'signed') return 'run'
  return (row.estimate.value ?? 0) < 0 ? 'bad' : 'ok'
}

function barOf(row: Row, x: Scale, y: number, tone: string): string {
  const { value, low, high } = row.estimate
  if (value === null) return ''
  const from = Math.min(x(0), x(value))
  const length = Math.abs(x(value) - x(0))
  const middle = y + bar / 2
  const body = svgRect(from, y, length, bar, `b-area ${tone}`, 3)
  const end = svgPath(segment(x(value), y + 1, x(value), y + bar - 1), `b-end ${tone}`)
  const whisker =
    low === undefined || high === undefined
      ? ''
      : svgPath(
          `${segment(x(low), middle, x(high), middle)}${segment(x(low), middle - 4, x(low), middle + 4)}${segment(x(high), middle - 4, x(high), middle + 4)}`,
          'b-whisker',
        )
  return body + end + whisker
}

function inWords(row: Row, format: NumberFormat): string {
  const interval = formatInterval(row.estimate, format)
  const parts = [
    `${row.label}: ${formatAs(format, row.estimate.value, format === 'percent' ? undefined : estimateDigits(row.estimate))}`,
  ]
  if (interval) parts.push(`95 % interval ${interval}`)
  if (row.limit !== undefined) parts.push(`limit ${formatAs(format, row.limit)}`)
  if (row.estimate.n !== undefined) parts.push(`${formatAs('integer', row.estimate.n)} rows`)
  if (row.note) parts.push(row.note)
  return parts.join(', ')
}

function axis(extent: readonly [number, number], x: Scale, height: number, chart: BarsChart, area: number): string {
  const ticks = niceTicks(extent[0], extent[1], Math.max(2, Math.floor(area / 90)))
  const digits = chart.format === 'percent' ? Math.max(0, tickDigits(ticks) - 2) : tickDigits(ticks)
  return ticks
    .map((tick) => {
      const line = svgPath(segment(x(tick), 0, x(tick), height), tick === 0 ? 'b-zero' : 'b-grid')
      const text = formatAs(chart.format === 'signed' && tick === 0 ? 'number' : chart.format, tick, digits)
      return line + svgText(text, { x: x(tick), y: height + 15, class: 'b-tick', anchor: 'middle' })
    })
    .join('')
}

/** Horizontal bars with their figures in columns, whiskers for intervals and a dashed line for each row's limit. */
export function horizontalBars(chart: BarsChart, title: string, width: number): string {
  const { rows, format } = chart
  const digits = digitsOf(rows, format)
  const values = rows.map((row) => formatAs(format, row.estimate.value, digits))
  const intervals = rows.map((row) => formatInterval(row.estimate, format, digits))
  const layout = layoutOf(rows, values, intervals, width)
  const extent = extentOf(chart)
  const x = linearScale(extent, [layout.labels + 2, layout.labels + layout.area - 8])
  const height = rows.length * layout.rowHeight + 6
  const marks = rows.map((row, i) => rowMarks(row, i, { layout, x, values, intervals, width, format }))
  const foot = chart.x
    ? svgText(chart.x, { x: layout.labels + layout.area / 2, y: height + 33, class: 'b-tick', anchor: 'middle' })
    : ''
  const description = rows
    .slice(0, 40)
    .map((row) => inWords(row, format))
    .join('; ')
  const picture = { width, height: height + (chart.x ? 40 : 22), title, description }
  return svgPicture(picture, axis(extent, x, height, chart, layout.area) + marks.join('') + foot)
}

interface RowPlace {
  readonly layout: Layout
  readonly x: Scale
  readonly values: readonly string[]
  readonly intervals: readonly string[]
  readonly width: number
  readonly format: BarsChart['format']
}

function rowMarks(row: Row, i: number, at: RowPlace): string {
  const { layout, x } = at
  const top = i * layout.rowHeight + 4
  const barTop = top + (layout.rowHeight - bar) / 2 - 2
  const base = barTop + bar / 2 + 4.5
  const tone = toneOf(row, at.format)
  const right = layout.labels + layout.area
  const labelBase = layout.noteBelow && row.note ? base - 7 : base
  const strong = tone === 'bad' || tone === 'ok' || tone === 'stale' ? ` ${tone}` : ''
  const note =
    row.note && layout.noteBelow
      ? svgText(fitText(row.note, layout.labels - 8, 11), { x: 0, y: base + 8, class: 'b-small' })
      : ''
  const aside =
    row.note && !layout.noteBelow
      ? svgText(row.note, { x: right + layout.values + layout.intervals, y: base, class: 'b-note' })
      : ''
  const limit =
    row.limit === undefined
      ? ''
      : svgPath(segment(x(row.limit), top - 3, x(row.limit), top + layout.rowHeight - 3), 'b-limit')
  return [
    '<g>',
    `<title>${escapeHtml(inWords(row, at.format))}</title>`,
    svgText(fitText(row.label, layout.labels - 10, size), { x: 0, y: labelBase, class: 'b-label' }),
    note,
    barOf(row, x, barTop, tone),
    limit,
    svgText(at.values[i]!, { x: right + layout.values - 14, y: base, class: `b-value${strong}`, anchor: 'end' }),
    at.intervals[i] ? svgText(at.intervals[i]!, { x: right + layout.values, y: base, class: 'b-note' }) : '',
    aside,
    '</g>',
  ].join('')
}
