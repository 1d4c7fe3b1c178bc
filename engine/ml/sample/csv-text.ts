import type { Frame } from '#contract'
import { cellText } from '#ml/frame'

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** A frame as CSV after RFC 4180 with a header and line feeds; missing cells are empty. */
export function csvText(frame: Frame): string {
  const lines = [frame.columns.map((column) => quoted(column.name)).join(',')]
  for (let row = 0; row < frame.rows; row++)
    lines.push(frame.columns.map((column) => quoted(cellText(column, row) ?? '')).join(','))
  return `${lines.join('\n')}\n`
}
