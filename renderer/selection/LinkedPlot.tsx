import { useMemo } from 'react'
import type { ChartRows, ReportBlock } from '#contract'
import { chartPlaces } from '#report/chart-places'
import { PlotlyChart } from '../report/PlotlyChart.tsx'
import type { PlotlyKind } from '../report/plotly-figure.ts'
import { useRowSelection, useWorkbench } from '../shell/workbench-context.ts'
import { binRange } from './bars-of.ts'
import { axisOf, type Linked } from './chart-axis.ts'
import { ReportSelection } from './ReportSelection.tsx'
import { useAppliedSelection } from './use-applied-selection.ts'
import { useChoose } from './use-choose.ts'
import { usePointChoice } from './use-point-choice.ts'
import { useTableColumns } from './use-table-columns.ts'

interface LinkedPlotProps {
  readonly block: Extract<ReportBlock, { block: 'chart' }>
  readonly chart: PlotlyKind
  readonly rows: ChartRows
}

/** What is drawn here has its own size. */
const anyWidth = 900

/** A large chart in which a box or a lasso chooses rows, along x or over both axes, and that marks what is chosen along x. */
export function LinkedPlot({ block, chart, rows }: LinkedPlotProps) {
  const { engine } = useWorkbench()
  const columns = useTableColumns(engine, rows.table)
  const selection = useAppliedSelection(engine, rows.table, columns)
  const chosen = useRowSelection((state) => state.selection !== null)
  const places = useMemo(() => chartPlaces(chart, anyWidth) ?? { width: 0, height: 0, parts: [] }, [chart])
  const linked: Linked = { chart, rows, columns, places, selection }
  const points = usePointChoice(linked)
  const choose = useChoose(rows, columns)
  const axis = axisOf(linked, rows.x, rows.beside?.x)
  const along = chart.type === 'histogram' ? axis : undefined
  const brush = along
    ? {
        choose: ([from, to]: readonly [number, number]) =>
          choose({
            cells: [{ column: along.column.name, range: binRange(along.column.type, from, to, true) }],
            about: [along.column.name],
            beside: along.beside,
          }),
      }
    : points.plane && { choose: points.chooseBox, chooseArea: points.chooseArea }
  return (
    <>
      <ReportSelection blocks={[block]} />
      <PlotlyChart
        chart={chart}
        title={block.title}
        {...(brush && { brush: { ...brush, chosen, range: axis?.condition?.range } })}
      />
    </>
  )
}
