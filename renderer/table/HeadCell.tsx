// biome-ignore-all lint/a11y/useSemanticElements: a table of millions of rows can not be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its cells
import { memo } from 'react'
import type { Column, ColumnSummary } from '#contract'
import { formatCount, formatPercent } from '#report/format-number'
import { typeIcons } from './cell-text.ts'
import { tableMessages as messages } from './table-messages.ts'

interface HeadCellProps {
  readonly id: string
  readonly column: Column
  readonly index: number
  readonly left: number
  readonly width: number
  readonly rows: number
  readonly summary: ColumnSummary | undefined
  readonly order: 'ascending' | 'descending' | 'none'
  readonly active: boolean
  onSort(column: string): void
}

function Bars({ summary }: { readonly summary: ColumnSummary }) {
  const highest = Math.max(1, ...summary.bars.map((bar) => bar.count))
  const step = 46 / Math.max(summary.bars.length, 1)
  const words = summary.bars.map((bar) => `${bar.label}: ${formatCount(bar.count, 'row')}`).join('\n')
  return (
    <svg className="table-bars" width="46" height="14" aria-hidden="true">
      <title>{words}</title>
      {summary.bars.map((bar, i) => {
        const height = bar.count === 0 ? 0 : Math.max(1.5, (bar.count / highest) * 14)
        return <rect key={bar.label} x={i * step} y={14 - height} width={Math.max(step - 1, 1)} height={height} />
      })}
    </svg>
  )
}

/** A column's head: its kind, name, what it holds in small, and how much is missing. A click sorts. */
export const HeadCell = memo(function HeadCell(props: HeadCellProps) {
  const { column, summary, rows, order } = props
  const icon = typeIcons[column.type]
  const missing = summary && rows > 0 ? summary.missing / rows : 0
  const facts = [
    column.name,
    icon.word,
    column.role,
    missing > 0 ? messages.partMissing(formatPercent(missing)) : '',
    summary ? formatCount(summary.distinct, messages.different) : '',
  ]
  return (
    <div
      role="columnheader"
      id={props.id}
      aria-colindex={props.index + 2}
      aria-sort={order}
      className={`table-head-cell${props.active ? ' active' : ''}`}
      style={{ left: props.left, width: props.width }}
      title={facts.filter(Boolean).join(' · ')}
      onClick={() => props.onSort(column.name)}
    >
      <span className="table-head-name">
        <span className="table-type" aria-hidden="true">
          {icon.glyph}
        </span>
        <b>{column.name}</b>
        {order !== 'none' && <span aria-hidden="true">{order === 'ascending' ? '▴' : '▾'}</span>}
      </span>
      <span className="table-head-facts">
        {column.role && column.role !== 'feature' && <span className={`table-role ${column.role}`}>{column.role}</span>}
        {missing > 0 && <span>{messages.partMissing(formatPercent(missing))}</span>}
        {summary && summary.bars.length > 0 && <Bars summary={summary} />}
      </span>
    </div>
  )
})
