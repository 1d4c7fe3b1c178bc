import { useMemo } from 'react'
import type { ChartRows, ReportBlock } from '#contract'
import { chartSvg } from '#report/chart-block'
import { chartPlaces } from '#report/chart-places'
import { inlineHtml } from '#report/escape'
import { useRowSelection, useWorkbench } from '../shell/workbench-context.ts'
import { BrushBars } from './BrushBars.tsx'
import { type ChartBrush, chartBrush } from './chart-brush.ts'
import { appliesTo } from './row-selection.ts'
import { selectionMessages as words } from './selection-messages.ts'
import { useSelectionCounts } from './use-selection-counts.ts'
import { useTableColumns } from './use-table-columns.ts'
import './selection.css'

interface LinkedChartProps {
  readonly block: Extract<ReportBlock, { block: 'chart' }>
  readonly rows: ChartRows
  readonly width: number
  /** The title stands above it already. */
  readonly titled: boolean
}

/** A chart whose parts stand for rows: they can be chosen in it, and the chosen share of each is drawn over it. */
export function LinkedChart({ block, rows, width, titled }: LinkedChartProps) {
  const { engine, rowSelection } = useWorkbench()
  const { chart, title, note } = block
  const made = useRowSelection((state) => state.selection)
  const columns = useTableColumns(engine, rows.table)
  const selection = appliesTo(made, columns) ? made : null
  const places = useMemo(() => chartPlaces(chart, width), [chart, width])
  const svg = useMemo(() => chartSvg(chart, title, width), [chart, title, width])
  const brush = places && chartBrush({ chart, rows, columns, places, selection })
  const counts = useSelectionCounts(engine, rows.table, selection, brush?.counted ?? noBars)
  const counted = brush?.counted[0] && counts?.bars.get(brush.counted[0].column)?.counts
  function choose(choice: ReturnType<ChartBrush['choice']>) {
    if ('column' in choice) rowSelection.choose(rows.table, choice.column, choice.condition)
    else if (choice.length === 0) rowSelection.clear()
    else rowSelection.chooseAll(rows.table, columns, choice)
  }
  return (
    <figure className="b-chart">
      {/* biome-ignore-start lint/security/noDangerouslySetInnerHtml: engine/report escapes every text */}
      {!titled && <h3 className="b-title" dangerouslySetInnerHTML={{ __html: inlineHtml(title) }} />}
      {note && <p className="b-under" dangerouslySetInnerHTML={{ __html: inlineHtml(note) }} />}
      <div className="linked-chart">
        <div dangerouslySetInnerHTML={{ __html: svg }} />
        {/* biome-ignore-end lint/security/noDangerouslySetInnerHtml: engine/report escapes every text */}
        {brush && places && brush.bars.length > 0 && places.places.length >= brush.bars.length && (
          <BrushBars
            over
            label={words.chart(title)}
            bars={brush.bars}
            places={places.places}
            width={places.width}
            height={places.height}
            grow={places.grow}
            selected={counted}
            condition={brush.condition}
            leave={undefined}
            choose={(condition) => choose(brush.choice(condition))}
          />
        )}
      </div>
    </figure>
  )
}

const noBars: readonly never[] = []
