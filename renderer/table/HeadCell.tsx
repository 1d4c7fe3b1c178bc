// biome-ignore-all lint/a11y/useSemanticElements: a table of millions of rows can not be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its cells
import { memo, useMemo } from 'react'
import type { Column, ColumnSummary, SelectionCounts } from '#contract'
import { formatCount, formatPercent } from '#report/format-number'
import { type BarPlace, BrushBars } from '../selection/BrushBars.tsx'
import { type Bar, type BarCondition, barsOf } from '../selection/bars-of.ts'
import { selectionMessages } from '../selection/selection-messages.ts'
import { typeIcons } from './cell-text.ts'
import { tableMessages as messages } from './table-messages.ts'

const barsWidth = 66
const barsHeight = 16

/** How rows are chosen by a column. */
export interface ColumnBrush {
  /** Of the chosen rows; undefined where nothing is chosen, or this is not known yet. */
  readonly counts: SelectionCounts['bars'][number] | undefined
  readonly condition: BarCondition | undefined
  choose(column: Column, condition: BarCondition | undefined): void
  readonly leave: (() => void) | undefined
}

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
  /** The bars of this column are the ones that Tab leads to. */
  readonly tabStop: boolean
  readonly brush: ColumnBrush
  onSort(column: string): void
}

/** Bars side by side, the missing cells a little apart. */
function placesOf(bars: readonly Bar[]): BarPlace[] {
  const apart = bars.at(-1)?.condition.missing && bars.length > 1 ? 3 : 0
  const step = (barsWidth - apart) / Math.max(bars.length, 1)
  const highest = Math.max(1, ...bars.map(({ count }) => count))
  return bars.map(({ count, condition }, i) => {
    const x = i * step + (condition.missing ? apart : 0)
    const height = count === 0 ? 0 : Math.max(1.5, (count / highest) * barsHeight)
    const strip = { x, y: 0, width: step, height: barsHeight }
    return { strip, mark: { x, y: barsHeight - height, width: Math.max(step - 1, 1), height } }
  })
}

function Bars({
  column,
  summary,
  brush,
  tabStop,
  rows,
}: Pick<HeadCellProps, 'column' | 'brush' | 'tabStop' | 'rows'> & { readonly summary: ColumnSummary }) {
  const bars = useMemo(() => barsOf(column, summary, rows), [column, summary, rows])
  const places = useMemo(() => placesOf(bars), [bars])
  return (
    <BrushBars
      label={selectionMessages.bars(column.name)}
      bars={bars}
      places={places}
      width={barsWidth}
      height={barsHeight}
      grow="up"
      selected={brush.counts && selectedOf(bars, brush.counts)}
      condition={brush.condition}
      tabIndex={tabStop ? 0 : -1}
      choose={(condition) => brush.choose(column, condition)}
      leave={brush.leave}
    />
  )
}

function selectedOf(bars: readonly Bar[], counts: NonNullable<ColumnBrush['counts']>): readonly number[] {
  return bars.map(({ condition }, i) => (condition.missing ? counts.missing : (counts.counts[i] ?? 0)))
}

function distinctWords({ distinct, sampled }: ColumnSummary): string {
  const values = formatCount(distinct, messages.different)
  return sampled === undefined ? values : messages.atLeast(values, formatCount(sampled, 'row'))
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
    summary ? distinctWords(summary) : '',
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
        {summary && summary.bars.length > 0 && (
          <Bars column={column} summary={summary} rows={rows} brush={props.brush} tabStop={props.tabStop} />
        )}
      </span>
    </div>
  )
})
