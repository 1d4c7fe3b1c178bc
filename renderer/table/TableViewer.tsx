import { type ReactNode, useRef, useState } from 'react'
import type { ArtifactSummary, Column, Engine, Hash } from '#contract'
import './table.css'
import { formatCount, formatInteger, formatPercent } from '#report/format-number'
import { SelectionChip } from '../selection/SelectionChip.tsx'
import { useSelectionCounts } from '../selection/use-selection-counts.ts'
import { useRowSelection } from '../shell/workbench-context.ts'
import { RowTracePanel } from '../wires/RowTracePanel.tsx'
import type { Standing } from './page-loader.ts'
import { SaveArea } from './SaveArea.tsx'
import type { Area } from './selection.ts'
import { TableGrid } from './TableGrid.tsx'
import { tableMessages as words } from './table-messages.ts'
import { useColumnSummaries } from './use-column-summaries.ts'
import { useRowBrush } from './use-row-brush.ts'
import { useSettled } from './use-settled.ts'
import { type TableView, useTablePages } from './use-table-pages.ts'

interface TableViewerProps {
  readonly engine: Engine
  /** A table artifact, or its hash alone. */
  readonly table: Pick<ArtifactSummary, 'hash' | 'rows'> | string
  /** Goes to a node that a row came through. */
  goTo?: (node: string) => void
  /** Further things to do with it, at the end of the bar. */
  readonly more?: ReactNode
}

const noBars: readonly never[] = []

function countLine({ total, looking, columns }: Standing, all: number | undefined, search: string): string {
  if (total === null) return words.reading
  if (looking !== null)
    return search
      ? words.found(formatCount(total, 'row'), formatPercent(looking))
      : words.sorting(formatPercent(looking))
  const width = formatCount(columns.length, 'column')
  if (search && all !== undefined) return words.matches(formatInteger(total), formatCount(all, 'row'))
  return `${formatCount(total, 'row')} × ${width}`
}

/** A table of any length to look through: sorted by a click on a head, searched in all cells, copied with the keys. */
export function TableViewer({ engine, table: given, goTo, more }: TableViewerProps) {
  const table = typeof given === 'string' ? { hash: given as Hash, rows: undefined } : given
  const [typed, setTyped] = useState('')
  const [sort, setSort] = useState<TableView['sort']>()
  const [note, setNote] = useState('')
  const search = useSettled(typed.trim(), 250)
  const only = useRowSelection((state) => (state.only ? state.selection : null))
  const [columns, setColumns] = useState<readonly Column[]>([])
  const brush = useRowBrush(engine, table.hash, columns)
  const where = only && brush.selection === only ? only.where : undefined
  const view = { search, ...(sort ? { sort } : {}), ...(where ? { where } : {}) }
  const pages = useTablePages(engine, table.hash, view)
  const [area, setArea] = useState<Area | null>(null)
  if (pages.columns !== columns && pages.columns.length > 0) setColumns(pages.columns)
  const counts = useSelectionCounts(engine, table.hash, brush.selection, noBars)
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
    setTraced(sort || search || where ? await pages.placeOf(index) : index)
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
        <span className={brush.selection && !note && !search ? 'visually-hidden' : 'mute'} role="status">
          {note || countLine(pages, table.rows, search)}
        </span>
        <span className="spacer" />
        {brush.selection && <SelectionChip counts={counts} ofTable />}
        {area && <SaveArea engine={engine} table={table.hash} area={area} view={view} onNote={setNote} />}
        {sort && (
          <button type="button" className="button small" onClick={() => setSort(undefined)}>
            {words.storedOrder}
          </button>
        )}
        {more}
      </div>
      {problem ? (
        <p className="table-problem">
          <b className="bad">✕ {problem.message}</b> {problem.fix}
        </p>
      ) : (
        <div className="table-beside" ref={beside}>
          <TableGrid
            engine={engine}
            table={table.hash}
            brush={brush}
            pages={pages}
            summaries={summaries}
            rows={table.rows ?? pages.total ?? 0}
            sort={sort}
            resetKey={`${table.hash} ${search} ${sort?.column ?? ''} ${sort?.descending ?? ''} ${JSON.stringify(where ?? '')}`}
            onSort={setSort}
            onNote={setNote}
            onArea={setArea}
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
