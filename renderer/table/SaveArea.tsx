import { useState } from 'react'
import { type Engine, type Hash, problemsOf, type SaveRowsQuery } from '#contract'
import { formatCount } from '#report/format-number'
import type { Area } from './selection.ts'
import { tableMessages as words } from './table-messages.ts'
import type { TableView } from './use-table-pages.ts'

interface SaveAreaProps {
  readonly engine: Engine
  readonly table: Hash
  readonly area: Area
  readonly view: TableView
  onNote(text: string): void
}

/** Saves the selected cells of a view, in its order, as a file of the project; of a single cell there is nothing to save. */
export function SaveArea({ engine, table, area, view, onNote }: SaveAreaProps) {
  const [busy, setBusy] = useState(false)
  if (area.top === area.bottom && area.left === area.right) return null
  async function save(format: SaveRowsQuery['format']) {
    setBusy(true)
    const rows = formatCount(area.bottom - area.top + 1, 'row')
    onNote(words.saving(rows))
    const { search, ...chosen } = view
    const place = { rows: [area.top, area.bottom], columns: [area.left, area.right] } as const
    try {
      const { path } = await engine.saveRows({ table, ...chosen, ...(search && { search }), ...place, format })
      onNote(words.saved(rows, path))
    } catch (error) {
      onNote(problemsOf(error)[0]?.message ?? '')
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <button type="button" className="button small" disabled={busy} onClick={() => void save('csv')}>
        {words.saveCsv}
      </button>
      <button type="button" className="button small" disabled={busy} onClick={() => void save('parquet')}>
        {words.saveParquet}
      </button>
    </>
  )
}
