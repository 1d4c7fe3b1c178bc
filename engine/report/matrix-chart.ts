import type { Chart } from '#contract'
import { escapeHtml } from './escape.ts'
import { formatNumber } from './format-number.ts'
import { fitText, place, svgPicture, svgText, textWidth } from './svg.ts'

type MatrixChart = Extract<Chart, { type: 'matrix' }>

function cell(
  chart: MatrixChart,
  i: number,
  j: number,
  at: { x: number; y: number; width: number; height: number },
): string {
  const value = chart.values[i]?.[j] ?? 0
  const largest = Math.max(...chart.values.flat().map(Math.abs), 0) || 1
  const strength = Math.round((Math.abs(value) / largest) * 45) / 100
  const words = `${chart.y} ${chart.rows[i]}, ${chart.x} ${chart.columns[j]}: ${formatNumber(value)}`
  const box = `x="${place(at.x + 1)}" y="${place(at.y + 1)}" width="${place(at.width - 2)}" height="${place(at.height - 2)}" rx="4"`
  const text = fitText(formatNumber(value), at.width - 4, 12.5)
  return [
    `<g><title>${escapeHtml(words)}</title>`,
    `<rect ${box} class="b-cell"/><rect ${box} fill-opacity="${strength}" class="b-heat ${value < 0 ? 'bad' : 'run'}"/>`,
    at.width > 26
      ? svgText(text, { x: at.x + at.width / 2, y: at.y + at.height / 2 + 4.5, class: 'b-value', anchor: 'middle' })
      : '',
    '</g>',
  ].join('')
}

/** Where the cells of a matrix of this width stand. */
export function matrixFrame(chart: MatrixChart, width: number) {
  const labels = Math.min(Math.max(...chart.rows.map((row) => textWidth(row, 12)), 20) + 14, width * 0.32)
  const side = Math.min((width - labels - 4) / Math.max(chart.columns.length, 1), 132)
  const height = Math.max(22, Math.min(side * 0.55, 46))
  const top = 40
  return {
    labels,
    side,
    height,
    top,
    picture: {
      width: Math.min(width, labels + side * chart.columns.length + 4),
      height: top + height * chart.rows.length + 4,
    },
    cell: (i: number, j: number) => ({ x: labels + j * side, y: top + i * height, width: side, height }),
  }
}

/** A table of counts or strengths as tinted cells with their numbers: confusions, correlations. */
export function matrixChart(chart: MatrixChart, title: string, width: number): string {
  const frame = matrixFrame(chart, width)
  const { labels, side, height, top } = frame
  const cells = chart.rows.flatMap((_, i) => chart.columns.map((_, j) => cell(chart, i, j, frame.cell(i, j))))
  const heads = chart.columns.map((column, j) =>
    side < 18
      ? ''
      : svgText(fitText(column, side - 4, 12), {
          x: labels + (j + 0.5) * side,
          y: top - 8,
          class: 'b-label',
          anchor: 'middle',
        }),
  )
  const names = chart.rows.map((row, i) =>
    svgText(fitText(row, labels - 10, 12), {
      x: labels - 10,
      y: top + (i + 0.5) * height + 4,
      class: 'b-label',
      anchor: 'end',
    }),
  )
  const axes =
    svgText(chart.x, { x: labels + (side * chart.columns.length) / 2, y: 12, class: 'b-tick', anchor: 'middle' }) +
    svgText(chart.y, { x: 0, y: top - 8, class: 'b-tick' })
  const description = chart.rows
    .slice(0, 12)
    .map(
      (row, i) =>
        `${row}: ${chart.columns
          .slice(0, 12)
          .map((column, j) => `${column} ${formatNumber(chart.values[i]?.[j])}`)
          .join(', ')}`,
    )
    .join('; ')
  const picture = {
    ...frame.picture,
    title,
    description: `${chart.y} by ${chart.x}. ${description}`,
  }
  return svgPicture(picture, axes + heads.join('') + names.join('') + cells.join(''))
}
