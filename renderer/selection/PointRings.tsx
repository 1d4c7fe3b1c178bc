import type { ChartRows } from '#contract'
import type { ChartPlaces } from '#report/chart-places'
import { useWorkbench } from '../shell/workbench-context.ts'
import type { RowSelection } from './row-selection.ts'
import { useChosenAmong } from './use-chosen-among.ts'
import type { PointChoice } from './use-point-choice.ts'

interface PointRingsProps {
  readonly rows: ChartRows
  readonly places: ChartPlaces
  readonly selection: RowSelection | null
  readonly choice: PointChoice
}

/** Of many points, which are drawn small. */
const mostLarge = 150

/** Rings around the points whose rows are chosen in some view. */
export function PointRings({ rows, places, selection, choice }: PointRingsProps) {
  const { engine } = useWorkbench()
  const chosen = useChosenAmong(engine, rows.table, selection, rows.places ?? [])
  if (!chosen) return null
  const [radius, width] = choice.spots.length > mostLarge ? [3.4, 1.25] : [4.5, 1.75]
  return (
    <svg className="point-rings" width={places.width} height={places.height} aria-hidden="true">
      {choice.spots.map(({ x, y }, at) =>
        chosen(choice.places[at]!) && Number.isFinite(x + y) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: points have no other name than their number
          <circle key={at} className="point-ring" cx={x} cy={y} r={radius} strokeWidth={width} />
        ) : null,
      )}
    </svg>
  )
}
