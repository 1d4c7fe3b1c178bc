import { formatCount, formatInteger } from '#report/format-number'
import { cellForCopy } from './cell-text.ts'
import type { Row } from './page-cache.ts'
import type { Area } from './selection.ts'
import { tableMessages as messages } from './table-messages.ts'

export const mostCopiedCells = 500_000

/** Puts an area into the clipboard as text with tabs; gives the sentence that says so. */
export async function copyCells(
  area: Area,
  read: (area: Area, take: (rows: readonly Row[]) => void) => Promise<void>,
): Promise<string> {
  const count = (area.bottom - area.top + 1) * (area.right - area.left + 1)
  if (count > mostCopiedCells) return messages.tooMany(formatInteger(count), formatInteger(mostCopiedCells))
  const lines: string[] = []
  await read(area, (rows) => {
    for (const row of rows) lines.push(row.map((cell) => cellForCopy(cell ?? null)).join('\t'))
  })
  await navigator.clipboard.writeText(lines.join('\n'))
  return messages.copied(formatCount(count, 'cell'))
}
