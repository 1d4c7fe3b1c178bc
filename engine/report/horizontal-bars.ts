import type { Chart } from '#contract'
import { type BarsLayout, barLabelSize, barsLayout, barThickness } from './bars-layout.ts'
import { escapeHtml } from './escape.ts'
import { estimateDigits, formatAs, formatInterval, type NumberFormat } from './format-number.ts'
import { linearScale, niceTicks, type Scale, tickDigits } from './scale.ts'
import { fitText, segment, svgPath, svgPicture, svgRect, svgText, textWidth } from './svg.ts'

type BarsChart = Extract<Chart, { type: 'bars' }>
type Row = BarsChart['rows'][number]

function digitsOf(rows: readonly Row[], format: NumberFormat): number | undefined {
  if (format === 'percent') return undefined
  const known = rows.filter((row) => row.estimate.value !== null)
  if (known.some((row) => row.estimate.low !== undefined))
    return known.reduce((digits, row) => Math.max(digits, estimateDigits(row.estimate)), 0)
  const largest = Math.max(...known.map((row) => Math.abs(row.estimate.value!)), 0)
  if (known.every((row) => Number.isInteger(row.estimate.value))) return 0
  return largest >= 100 ? 0 : largest >= 10 ? 1 : largest >= 0.1 ? 2 : largest >= 0.001 ? 4 : undefined
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
  const middle = y + barThickness / 2
  const body = svgRect(from, y, length, barThickness, `b-area ${tone}`, 3)
  const end = svgPath(segment(x(value), y + 1, x(value), y + barThickness - 1), `b-end ${tone}`)
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

/** Where horizontal bars of this width stand, and the words beside them. */
export function barsFrame(chart: BarsChart, width: number) {
  const { rows, format } = chart
  const digits = digitsOf(rows, format)
  const values = rows.map((row) => formatAs(format, row.estimate.value, digits))
  const intervals = rows.map((row) => formatInterval(row.estimate, format, digits))
  const labels = rows.map((row) => row.label)
  const notes = rows.map((row) => row.note ?? '')
  const layout = barsLayout({ labels, values, intervals, notes }, width)
  const extent = extentOf(chart)
  const x = linearScale(extent, [layout.labels + 2, layout.labels + layout.area - 8])
  return { layout, extent, x, values, intervals, height: rows.length * layout.rowHeight + 6 }
}

/** Top of a row, and of its bar. */
export function rowTops(i: number, layout: BarsLayout): { readonly top: number; readonly barTop: number } {
  const top = i * layout.rowHeight + 4
  return { top, barTop: layout.mode === 'stacked' ? top + 19 : top + (layout.rowHeight - barThickness) / 2 - 2 }
}

/** Horizontal bars with their figures in columns, whiskers for intervals and a dashed line for each row's limit. */
export function horizontalBars(chart: BarsChart, title: string, width: number): string {
  const { rows, format } = chart
  const { layout, extent, x, values, intervals, height } = barsFrame(chart, width)
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
  readonly layout: BarsLayout
  readonly x: Scale
  readonly values: readonly string[]
  readonly intervals: readonly string[]
  readonly width: number
  readonly format: BarsChart['format']
}

/** Label and note of a row, where the layout puts them. */
function rowWords(row: Row, top: number, base: number, at: RowPlace): string {
  const { layout, width } = at
  const note = row.note ?? ''
  if (layout.mode === 'stacked') {
    const room = width - textWidth(note, 11) - 10
    return (
      svgText(fitText(row.label, note ? Math.max(room, width * 0.5) : width, barLabelSize), {
        x: 0,
        y: top + 12,
        class: 'b-label',
      }) +
      (note ? svgText(fitText(note, width * 0.5, 11), { x: width, y: top + 12, class: 'b-small', anchor: 'end' }) : '')
    )
  }
  const below = layout.mode === 'below' && note !== ''
  const label = { x: 0, y: below ? base - 7 : base, class: 'b-label' }
  const name = svgText(fitText(row.label, layout.labels - 10, barLabelSize), label)
  if (!note) return name
  if (below) return name + svgText(fitText(note, layout.labels - 8, 11), { x: 0, y: base + 8, class: 'b-small' })
  const right = layout.labels + layout.area + layout.values + layout.intervals
  return name + svgText(note, { x: right, y: base, class: 'b-note' })
}

function rowMarks(row: Row, i: number, at: RowPlace): string {
  const { layout, x } = at
  const { top, barTop } = rowTops(i, layout)
  const base = barTop + barThickness / 2 + 4.5
  const tone = toneOf(row, at.format)
  const right = layout.labels + layout.area
  const strong = tone === 'bad' || tone === 'ok' || tone === 'stale' ? ` ${tone}` : ''
  const limitTop = layout.mode === 'stacked' ? barTop - 4 : top - 3
  const limitBottom = layout.mode === 'stacked' ? barTop + barThickness + 4 : top + layout.rowHeight - 3
  const limit =
    row.limit === undefined ? '' : svgPath(segment(x(row.limit), limitTop, x(row.limit), limitBottom), 'b-limit')
  return [
    '<g>',
    `<title>${escapeHtml(inWords(row, at.format))}</title>`,
    rowWords(row, top, base, at),
    barOf(row, x, barTop, tone),
    limit,
    svgText(at.values[i]!, { x: right + layout.values - 14, y: base, class: `b-value${strong}`, anchor: 'end' }),
    at.intervals[i] ? svgText(at.intervals[i]!, { x: right + layout.values, y: base, class: 'b-note' }) : '',
    '</g>',
  ].join('')
}
