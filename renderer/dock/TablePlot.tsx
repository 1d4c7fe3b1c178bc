import { type ReactNode, useMemo, useRef, useState } from 'react'
import type { ArtifactSummary, Chart, ChartRows, Column } from '#contract'
import { adoptBlockStyle } from '../report/adopt-block-style.ts'
import { useWidth } from '../report/use-width.ts'
import { LinkedChart } from '../selection/LinkedChart.tsx'
import { ReportSelection } from '../selection/ReportSelection.tsx'
import { selectionMessages as words } from '../selection/selection-messages.ts'
import { useTableColumns } from '../selection/use-table-columns.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
import { useSampledPoints } from './use-sampled-points.ts'

adoptBlockStyle()

interface TablePlotProps {
  readonly table: ArtifactSummary
  /** Goes back to the rows. */
  readonly back: ReactNode
}

const numeric = ({ type }: Column) => type === 'integer' || type === 'number'

/** Two columns of numbers as points, to choose rows by both at once. */
export function TablePlot({ table, back }: TablePlotProps) {
  const { engine } = useWorkbench()
  const columns = useTableColumns(engine, table.hash)
  const choices = columns.filter(numeric).toSorted((a, b) => Number(a.role === 'id') - Number(b.role === 'id'))
  const [named, setNamed] = useState<{ readonly x?: string; readonly y?: string }>({})
  const x = choices.find(({ name }) => name === named.x) ?? choices[0]
  const y = choices.find(({ name }) => name === named.y) ?? choices[1]
  if (columns.length === 0) return null
  return (
    <div className="dock-plot">
      <div className="dock-plot-side">
        {back}
        {(['x', 'y'] as const).map((axis) => (
          <label key={axis}>
            {words.plot[axis]}
            <select
              className="field"
              value={(axis === 'x' ? x : y)?.name ?? ''}
              onChange={(event) => setNamed((before) => ({ ...before, [axis]: event.target.value }))}
            >
              {choices.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {x && y ? <Points table={table} columns={columns} x={x} y={y} /> : <p className="mute">{words.plot.tooFew}</p>}
    </div>
  )
}

interface PointsProps extends Pick<TablePlotProps, 'table'> {
  readonly columns: readonly Column[]
  readonly x: Column
  readonly y: Column
}

function Points({ table, columns, x, y }: PointsProps) {
  const { engine } = useWorkbench()
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place, 480)
  const points = useSampledPoints(engine, table, columns, [x.name, y.name])
  const chart = useMemo(
    (): Chart => ({
      type: 'scatter',
      series: [{ name: words.plot.points, x: points?.x ?? [], y: points?.y ?? [], tone: 'newer' }],
      x: x.name,
      y: y.name,
    }),
    [points, x.name, y.name],
  )
  const rows: ChartRows = { table: table.hash, x: x.name, y: y.name, places: points?.places ?? [] }
  const all = table.rows ?? 0
  const note = points && points.places.length < all ? { note: words.plot.sample(points.places.length, all) } : {}
  const block = { block: 'chart', title: words.plot.title(x.name, y.name), chart, rows, ...note } as const
  return (
    <div className="dock-plot-points report-view" ref={place}>
      <ReportSelection blocks={[block]} />
      {points && <LinkedChart block={block} rows={rows} width={Math.min(width, 760)} titled={false} />}
    </div>
  )
}
