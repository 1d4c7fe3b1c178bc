// biome-ignore-all lint/a11y/useSemanticElements: a table of millions of rows can not be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its cells
import { memo } from 'react'
import type { Column } from '#contract'
import { formatInteger } from '#report/format-number'
import { selectionMessages } from '../selection/selection-messages.ts'
import { wireMessages } from '../shell/wire-messages.ts'
import { cellText } from './cell-text.ts'
import { type ColumnLayout, numberColumnWidth } from './column-layout.ts'
import type { Row } from './page-cache.ts'
import { Thumbnail } from './Thumbnail.tsx'
import { tableMessages as words } from './table-messages.ts'

interface BodyRowProps {
  readonly grid: string
  readonly index: number
  readonly top: number
  readonly cells: Row | undefined
  readonly columns: readonly Column[]
  readonly layout: ColumnLayout
  readonly first: number
  readonly last: number
  /** Selected columns of this row, and the one that keys move. */
  readonly selectedFrom: number
  readonly selectedTo: number
  readonly activeColumn: number
  /** Among the rows chosen in some view. */
  readonly chosen: boolean
}

const numeric = new Set<Column['type']>(['integer', 'number'])

/** One row, drawn only for the columns in view. */
export const BodyRow = memo(function BodyRow(props: BodyRowProps) {
  const { index, columns, layout, cells } = props
  const shown = columns.slice(props.first, props.last + 1)
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`table-row${props.chosen ? ' chosen' : ''}`}
      style={{ top: props.top }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className="table-index"
        title={wireMessages.trace.open}
        data-trace={index}
        style={{ width: numberColumnWidth }}
      >
        {formatInteger(index + 1)}
        {props.chosen && <span className="visually-hidden">{selectionMessages.chosenRow}</span>}
      </div>
      {shown.map((column, i) => {
        const at = props.first + i
        const cell = cells?.[at]
        const text = cell === undefined ? '' : cellText(cell, column)
        const selected = at >= props.selectedFrom && at <= props.selectedTo
        const style = `table-cell${numeric.has(column.type) ? ' numeric' : ''}${selected ? ' selected' : ''}${at === props.activeColumn ? ' active' : ''}`
        return (
          <div
            key={column.name}
            role="gridcell"
            id={`${props.grid}-${index}-${at}`}
            aria-colindex={at + 2}
            aria-selected={selected}
            data-row={index}
            data-column={at}
            className={style}
            style={{ left: numberColumnWidth + layout.edges[at]!, width: layout.edges[at + 1]! - layout.edges[at]! }}
          >
            {text === null ? (
              <span className="table-missing">{words.missing}</span>
            ) : column.image && text !== '' ? (
              <Thumbnail cell={text} size={column.image} />
            ) : (
              text
            )}
          </div>
        )
      })}
    </div>
  )
})
