import type { ChartRows, ReportBlock } from '#contract'
import { PlotlyChart } from '../report/PlotlyChart.tsx'
import type { PlotlyKind } from '../report/plotly-figure.ts'
import { useRowSelection, useWorkbench } from '../shell/workbench-context.ts'
import { binRange } from './bars-of.ts'
import { ReportSelection } from './ReportSelection.tsx'
import { conditionOn } from './row-selection.ts'
import { useTableColumns } from './use-table-columns.ts'

interface LinkedPlotProps {
  readonly block: Extract<ReportBlock, { block: 'chart' }>
  readonly chart: PlotlyKind
  readonly rows: ChartRows
}

/** A large chart in which a box or a lasso chooses rows along x, and that marks what is chosen. */
export function LinkedPlot({ block, chart, rows }: LinkedPlotProps) {
  const { engine, rowSelection } = useWorkbench()
  const columns = useTableColumns(engine, rows.table)
  const column = columns.find(({ name }) => name === rows.x)
  const range = useRowSelection(({ selection }) => conditionOn(selection?.where, rows.x ?? '')?.range)
  const along = chart.type === 'histogram' || chart.type === 'scatter' ? column : undefined
  return (
    <>
      <ReportSelection blocks={[block]} />
      <PlotlyChart
        chart={chart}
        title={block.title}
        {...(along && {
          brush: {
            range,
            choose: (from, to) =>
              rowSelection.choose(rows.table, along, { range: binRange(along.type, from, to, true) }),
          },
        })}
      />
    </>
  )
}
