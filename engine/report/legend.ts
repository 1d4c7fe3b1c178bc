import { fitText, segment, svgPath, svgRect, svgText, textWidth } from './svg.ts'

export interface LegendEntry {
  readonly name: string
  readonly style: string
  readonly mark: 'line' | 'area'
}

/** Names of several series in rows above a plot; nothing when there is just one. */
export function legend(
  entries: readonly LegendEntry[],
  width: number,
): { readonly body: string; readonly height: number } {
  if (entries.length < 2) return { body: '', height: 0 }
  let x = 0
  let y = 12
  let body = ''
  for (const entry of entries) {
    const name = fitText(entry.name, width - 30, 11.5)
    const room = 24 + textWidth(name, 11.5) + 16
    if (x > 0 && x + room > width) {
      x = 0
      y += 18
    }
    body +=
      entry.mark === 'line'
        ? svgPath(segment(x, y - 4, x + 18, y - 4), entry.style)
        : svgRect(x + 2, y - 10, 12, 12, entry.style, 3)
    body += svgText(name, { x: x + 24, y, class: 'b-note' })
    x += room
  }
  return { body, height: y + 8 }
}

/** Class of the n-th series: an own colour and an own dash, so that neither stands alone. */
export function seriesStyle(index: number, tone?: string): string {
  return tone ?? `s${index % 6}`
}
