// biome-ignore-all lint/a11y/useSemanticElements: a table of millions of rows can not be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its cells
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { Engine, Hash } from '#contract'
import { conditionOn } from '../selection/row-selection.ts'
import { selectionMessages } from '../selection/selection-messages.ts'
import { useChosenAmong } from '../selection/use-chosen-among.ts'
import { wireMessages } from '../shell/wire-messages.ts'
import { BodyRow } from './BodyRow.tsx'
import { columnLayout, columnsInView, numberColumnWidth } from './column-layout.ts'
import { copyCells } from './copy-cells.ts'
import { HeadCell } from './HeadCell.tsx'
import { rowHeight, rowsInView, scrollRange, topToShow } from './scroll-range.ts'
import { type Area, areaOf, contains, moved, nextSort, type Selection } from './selection.ts'
import { tableMessages as words } from './table-messages.ts'
import type { ColumnSummaries } from './use-column-summaries.ts'
import { useGridScroll } from './use-grid-scroll.ts'
import { type RowBrush, useColumnShares } from './use-row-brush.ts'
import type { TablePages, TableView } from './use-table-pages.ts'

interface TableGridProps {
  readonly engine: Engine
  readonly table: Hash
  readonly brush: RowBrush
  readonly pages: TablePages
  readonly summaries: ColumnSummaries
  /** Rows of the whole table, for shares of missing values. */
  readonly rows: number
  readonly sort: TableView['sort']
  /** Changes when other rows are shown, so that the view begins at the top again. */
  readonly resetKey: string
  onSort(sort: TableView['sort']): void
  onNote(text: string): void
  /** Other cells are selected. */
  onArea(area: Area): void
  /** Somebody asks for more about a row. */
  onRow(index: number): void
}

export const headHeight = 46
const origin: Selection = { active: { row: 0, column: 0 }, anchor: { row: 0, column: 0 } }

/** Rows and columns in view, and nothing else, over a scroll bar that stands for all of them. */
export function TableGrid(props: TableGridProps) {
  const { pages, sort } = props
  const { columns } = pages
  const total = pages.total ?? 0
  const grid = useId()
  const place = useRef<HTMLDivElement>(null)
  const [selection, setSelection] = useState(origin)
  const [dragging, setDragging] = useState(false)
  const layout = useMemo(() => columnLayout(columns), [columns])
  const scroll = useGridScroll(place, total, headHeight)
  const { top, left, width } = scroll
  const range = scrollRange(total, scroll.viewport)
  const firstRow = Math.floor(top)
  const lastRow = Math.min(total - 1, Math.ceil(top + scroll.viewport / rowHeight))
  const [firstColumn, lastColumn] = columnsInView(layout, left, width - numberColumnWidth)
  const area = areaOf(selection)
  const { want } = pages
  const inView = useMemo(() => columns.slice(firstColumn, lastColumn + 1), [columns, firstColumn, lastColumn])
  const { brush } = props
  const chosenPlace = useChosenAmong(props.engine, props.table, brush.placed, placesInView(pages, firstRow, lastRow))
  const lastPicked = useRef(0)
  const shares = useColumnShares(props.engine, props.table, brush.selection, inView, props.summaries.byName)

  // biome-ignore lint/correctness/useExhaustiveDependencies: begins again when other rows are shown
  useEffect(() => {
    setSelection(origin)
    scroll.showTop(0)
  }, [props.resetKey])
  useEffect(() => {
    if (total > 0) want([firstRow, lastRow], [firstColumn, lastColumn], brush.columns)
  }, [want, firstRow, lastRow, firstColumn, lastColumn, total, brush.columns])
  const { onArea } = props
  useEffect(() => onArea(areaOf(selection)), [onArea, selection])
  const { want: wantSummaries } = props.summaries
  useEffect(() => {
    if (total > 0) wantSummaries(inView)
  }, [wantSummaries, inView, total])

  const show = (next: Selection) => {
    setSelection(next)
    if (next.active.row >= 0) scroll.showTop(topToShow(range, next.active.row, top))
    const from = layout.edges[next.active.column] ?? 0
    const to = layout.edges[next.active.column + 1] ?? from
    scroll.showColumn(from, to + numberColumnWidth)
  }
  const toBars = (column: number) =>
    document.querySelector<HTMLElement>(`[id="${grid}-head-${column}"] .brush-bars`)?.focus()
  const sortBy = (column: string) => props.onSort(nextSort(sort, column))

  const onKeyDown = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey
    const size = { rows: total, columns: columns.length, page: rowsInView(range) - 1 }
    const column = columns[selection.active.column]
    if (command && event.key.toLowerCase() === 'c') {
      void copyCells(area, pages.read).then(props.onNote, () => props.onNote(words.closedClipboard))
    } else if (command && event.key.toLowerCase() === 'a') {
      const last = { row: total - 1, column: columns.length - 1 }
      setSelection({ active: last, anchor: { row: 0, column: 0 } })
    } else if ((event.key === 'Enter' || event.key === ' ') && selection.active.row < 0 && column) sortBy(column.name)
    else if (event.key === 'Enter' && selection.active.row >= 0 && total > 0) props.onRow(selection.active.row)
    else if (event.key === ' ' && event.shiftKey && total > 0) pickRows(area.top, area.bottom)
    else if (event.key === ' ' && total > 0) void brush.pickArea(area, pages.read).then(props.onNote)
    else if (!command && !event.altKey && event.key.toLowerCase() === 'b') toBars(selection.active.column)
    else {
      const next = moved(selection, { key: event.key, shift: event.shiftKey, far: command }, size)
      if (!next) return
      show(next)
      props.onNote('')
    }
    event.preventDefault()
  }

  /** All of them, as they are shown. */
  function pickRows(top: number, bottom: number) {
    lastPicked.current = bottom
    void brush.pickRows({ top, bottom }, pages.read, pages.placesOf).then(props.onNote)
  }
  const cellAt = (event: PointerEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-row]')
    return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : undefined
  }
  const onPointerDown = (event: PointerEvent) => {
    const cell = cellAt(event)
    if (!cell || event.button !== 0) return
    setDragging(true)
    const next = { active: cell, anchor: event.shiftKey ? selection.anchor : cell }
    setSelection(next)
    if (event.ctrlKey || event.metaKey) void brush.pickArea(areaOf(next), pages.read).then(props.onNote)
  }
  const onPointerMove = (event: PointerEvent) => {
    const cell = dragging ? cellAt(event) : undefined
    if (cell) setSelection({ active: cell, anchor: selection.anchor })
  }

  const isChosen = (index: number) => {
    const place = pages.placeAt(index)
    const placed = brush.placed === null || (place !== undefined && (chosenPlace?.(place) ?? false))
    return placed && brush.isChosen(pages.row(index))
  }
  const rows = Array.from({ length: Math.max(lastRow - firstRow + 1, 0) }, (_, i) => firstRow + i)
  const active = selection.active
  return (
    <div
      ref={place}
      role="grid"
      tabIndex={0}
      aria-label={words.rows}
      aria-description={`${wireMessages.trace.hint} ${selectionMessages.pickHow}`}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={
        active.row < 0
          ? `${grid}-head-${active.column}`
          : active.row < total
            ? `${grid}-${active.row}-${active.column}`
            : undefined
      }
      className="table-grid"
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => setDragging(false)}
      onClick={(event) => {
        const number = (event.target as Element).closest<HTMLElement>('[data-trace]')?.dataset.trace
        if (number === undefined) return
        const row = Number(number)
        if (event.ctrlKey || event.metaKey) pickRows(row, row)
        else if (event.shiftKey) pickRows(Math.min(row, lastPicked.current), Math.max(row, lastPicked.current))
        else props.onRow(row)
      }}
    >
      <div
        className="table-room"
        style={{ height: headHeight + range.height, width: numberColumnWidth + (layout.edges.at(-1) ?? 0) }}
      >
        <div className="table-layer">
          <div role="row" aria-rowindex={1} className="table-head" style={{ height: headHeight }}>
            <div role="columnheader" aria-colindex={1} className="table-index" style={{ width: numberColumnWidth }}>
              #
            </div>
            {inView.map((column, i) => {
              const at = firstColumn + i
              return (
                <HeadCell
                  key={column.name}
                  id={`${grid}-head-${at}`}
                  column={column}
                  index={at}
                  left={numberColumnWidth + layout.edges[at]!}
                  width={layout.edges[at + 1]! - layout.edges[at]!}
                  rows={props.rows}
                  summary={props.summaries.byName.get(column.name)}
                  order={sort?.column === column.name ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                  active={active.row < 0 && active.column === at}
                  tabStop={active.column === at}
                  brush={{
                    counts: shares?.bars.get(column.name),
                    condition: brush.selection ? conditionOn(brush.selection.where, column.name) : undefined,
                    choose: brush.choose,
                    leave: brush.selection ? undefined : () => place.current?.focus(),
                  }}
                  onSort={sortBy}
                />
              )
            })}
          </div>
          {rows.map((index) => {
            const inArea = contains(area, index, area.left)
            return (
              <BodyRow
                key={index}
                grid={grid}
                index={index}
                top={headHeight + (index - top) * rowHeight}
                cells={pages.row(index)}
                columns={columns}
                layout={layout}
                first={firstColumn}
                last={lastColumn}
                selectedFrom={inArea ? area.left : -1}
                selectedTo={inArea ? area.right : -2}
                activeColumn={active.row === index ? active.column : -1}
                chosen={isChosen(index)}
              />
            )
          })}
        </div>
      </div>
      {pages.total === 0 && pages.looking === null && (
        <p className="table-empty mute">{props.rows === 0 ? words.empty : words.noMatch}</p>
      )}
    </div>
  )
}

/** Where the rows in view stand in the table, and some around them, so that not every step of a scroll asks anew. */
function placesInView({ placeAt }: TablePages, first: number, last: number): readonly number[] {
  const [from, to] = [Math.floor(first / aroundRows) * aroundRows, Math.ceil((last + 1) / aroundRows) * aroundRows]
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => placeAt(from + at)).filter(
    (place) => place !== undefined,
  )
}
const aroundRows = 40
