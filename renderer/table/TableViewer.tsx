import { useRef, useState } from 'react'
import type { ArtifactSummary, Engine, Hash } from '#contract'
import './table.css'
import { formatCount, formatInteger } from '#report/format-number'
import { RowTracePanel } from '../wires/RowTracePanel.tsx'
import { TableGrid } from './TableGrid.tsx'
import { tableMessages as words } from './table-messages.ts'
import { useColumnSummaries } from './use-column-summaries.ts'
import { useSettled } from './use-settled.ts'
import { type TableView, useTablePages } from './use-table-pages.ts'

interface TableViewerProps {
  readonly engine: Engine
  /** A table artifact, or its hash alone. */
  readonly table: Pick<ArtifactSummary, 'hash' | 'rows'> | string
  /** Goes to a node that a row came through. */
  goTo?: (node: string) => void
}

function countLine(total: number | null, all: number | undefined, columns: number, search: string): string {
  if (total === null) return words.reading
  const width = formatCount(columns, 'column')
  if (search && all !== undefined) return words.matches(formatInteger(total), formatCount(all, 'row'))
  return `${formatCount(total, 'row')} × ${width}`
}

/** A table of any length to look through: sorted by a click on a head, searched in all cells, copied with the keys. */
export function TableViewer({ engine, table: given, goTo }: TableViewerProps) {
  const table = typeof given === 'string' ? { hash: given as Hash, rows: undefined } : given
  const [typed, setTyped] = useState('')
  const [sort, setSort] = useState<TableView['sort']>()
  const [note, setNote] = useState('')
  const search = useSettled(typed.trim(), 250)
  const pages = useTablePages(engine, table.hash, { search, ...(sort ? { sort } : {}) })
  const summaries = useColumnSummaries(engine, table.hash)
  const [problem] = pages.problems
  const [traced, setTraced] = useState<number | null>(null)
  const beside = useRef<HTMLDivElement>(null)
  function closeTrace() {
    setTraced(null)
    beside.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  }
  /** Of a row of the view, which may be sorted or searched. */
  async function trace(index: number) {
    setTraced(sort || search ? await pages.placeOf(index) : index)
  }
  return (
    <section className="table-viewer" aria-label={words.label}>
      <div className="table-bar">
        <input
          type="search"
          className="field table-search"
          placeholder={words.search}
          aria-label={words.search}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className="mute" role="status">
          {note || countLine(pages.total, table.rows, pages.columns.length, search)}
        </span>
        <span className="spacer" />
        {sort && (
          <button type="button" className="button small" onClick={() => setSort(undefined)}>
            {words.storedOrder}
          </button>
        )}
      </div>
      {problem ? (
        <p className="table-problem">
          <b className="bad">✕ {problem.message}</b> {problem.fix}
        </p>
      ) : (
        <div className="table-beside" ref={beside}>
          <TableGrid
            pages={pages}
            summaries={summaries}
            rows={table.rows ?? pages.total ?? 0}
            sort={sort}
            resetKey={`${table.hash} ${search} ${sort?.column ?? ''} ${sort?.descending ?? ''}`}
            onSort={setSort}
            onNote={setNote}
            onRow={trace}
          />
          {traced !== null && (
            <RowTracePanel engine={engine} table={table.hash} row={traced} goTo={goTo} close={closeTrace} />
          )}
        </div>
      )}
    </section>
  )
}
