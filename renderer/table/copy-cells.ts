import { formatCount, formatInteger } from '#report/format-number'
import { cellForCopy } from './cell-text.ts'
import type { Row } from './page-cache.ts'
import type { Area } from './selection.ts'
import { tableMessages as words } from './table-messages.ts'

export const mostCopiedCells = 500_000

/** Puts an area into the clipboard as text with tabs; gives the sentence that says so. */
export async function copyCells(
  area: Area,
  read: (first: number, last: number) => Promise<readonly Row[]>,
): Promise<string> {
  const count = (area.bottom - area.top + 1) * (area.right - area.left + 1)
  if (count > mostCopiedCells) return words.tooMany(formatInteger(count), formatInteger(mostCopiedCells))
  const rows = await read(area.top, area.bottom)
  const text = rows
    .map((row) =>
      row
        .slice(area.left, area.right + 1)
        .map(cellForCopy)
        .join('\t'),
    )
    .join('\n')
  await navigator.clipboard.writeText(text)
  return words.copied(formatCount(count, 'cell'))
}
