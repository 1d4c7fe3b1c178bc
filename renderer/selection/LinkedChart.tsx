import { useMemo } from 'react'
import type { ChartRows, ReportBlock } from '#contract'
import { chartSvg } from '#report/chart-block'
import { type ChartPlaces, chartPlaces } from '#report/chart-places'
import { inlineHtml } from '#report/escape'
import { useWorkbench } from '../shell/workbench-context.ts'
import { BrushBars } from './BrushBars.tsx'
import type { ChartBrush } from './chart-axis.ts'
import { chartBrushes } from './chart-brush.ts'
import { PointPlane } from './PointPlane.tsx'
import { PointRings } from './PointRings.tsx'
import { selectionMessages as words } from './selection-messages.ts'
import { useAppliedSelection } from './use-applied-selection.ts'
import { useChoose } from './use-choose.ts'
import { usePointChoice } from './use-point-choice.ts'
import { type ShownCounts, useSelectionCounts } from './use-selection-counts.ts'
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
  const { title, note, chart } = block
  const places = useMemo(() => chartPlaces(chart, width), [chart, width])
  const svg = useMemo(() => chartSvg(chart, title, width), [chart, title, width])
  return (
    <figure className="b-chart">
      {/* biome-ignore-start lint/security/noDangerouslySetInnerHtml: engine/report escapes every text */}
      {!titled && <h3 className="b-title" dangerouslySetInnerHTML={{ __html: inlineHtml(title) }} />}
      {note && <p className="b-under" dangerouslySetInnerHTML={{ __html: inlineHtml(note) }} />}
      <div className="linked-chart">
        <div dangerouslySetInnerHTML={{ __html: svg }} />
        {/* biome-ignore-end lint/security/noDangerouslySetInnerHtml: engine/report escapes every text */}
        {places && <Brushes block={block} rows={rows} places={places} />}
      </div>
    </figure>
  )
}

interface BrushesProps extends Pick<LinkedChartProps, 'block' | 'rows'> {
  readonly places: ChartPlaces
}

function Brushes({ block, rows, places }: BrushesProps) {
  const { engine } = useWorkbench()
  const { chart, title } = block
  const columns = useTableColumns(engine, rows.table)
  const selection = useAppliedSelection(engine, rows.table, columns)
  const brushes = chartBrushes({ chart, rows, columns, places, selection })
  const asked = brushes.flatMap(({ counted }) => counted)
  const counts = useSelectionCounts(engine, rows.table, selection, asked, rows.beside?.table)
  const choose = useChoose(rows, columns)
  const points = usePointChoice({ chart, rows, columns, places, selection })
  return (
    <>
      {points.spots.length > 0 && <PointRings places={places} rows={rows} selection={selection} choice={points} />}
      {points.plane && <PointPlane title={title} plane={points.plane} choice={points} />}
      {brushes.map((brush, at) => (
        <BrushBars
          key={brush.along ?? ''}
          over
          label={brush.along === undefined ? words.chart(title) : words.chartAlong(title, brush.along)}
          bars={brush.bars}
          places={brush.parts.places}
          width={places.width}
          height={places.height}
          grow={brush.parts.grow}
          selected={countsOf(counts, brushes, at)}
          condition={brush.condition}
          single={brush.single}
          across={brush.across}
          keysOnly={points.plane !== undefined || (at > 0 && chart.type === 'scatter')}
          leave={undefined}
          choose={(condition) => choose(brush.choice(condition))}
        />
      ))}
    </>
  )
}

/** The counts of one brush among those of all, bar after bar. */
function countsOf(counts: ShownCounts | null, brushes: readonly ChartBrush[], at: number) {
  const before = brushes.slice(0, at).reduce((sum, { counted }) => sum + counted.length, 0)
  const { counted } = brushes[at]!
  const own = counts?.counted.slice(before, before + counted.length) ?? []
  return counted.length > 0 && own.length === counted.length ? own.flatMap((one) => one.counts) : undefined
}
