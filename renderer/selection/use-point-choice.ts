import type { AreaCondition, CellCondition, Corners, RowPredicate } from '#contract'
import type { Plane, Spot } from '#report/chart-places'
import { useWorkbench } from '../shell/workbench-context.ts'
import { binRange } from './bars-of.ts'
import { type Axis, axisOf, type Linked } from './chart-axis.ts'
import { snugRange } from './plane-places.ts'
import { besideConditions, chosenOneByOne } from './row-selection.ts'
import { toggledPlaces } from './stretches.ts'

type Span = readonly [from: number, to: number]

/** How the points of a chart choose rows: those in a box or an outline, or single ones. */
export interface PointChoice {
  /** Where each point lies in the picture, and where its row stands in the table. */
  readonly spots: readonly Spot[]
  readonly places: readonly number[]
  /** Two axes of numbers to draw over; undefined where no column lies along one. */
  readonly plane?: Plane | undefined
  /** What is chosen now, to be drawn. */
  readonly corners?: Corners | undefined
  chooseBox(x: Span, y: Span): void
  /** Undefined where the two columns don't stand in one table. */
  readonly chooseArea?: ((corners: Corners) => void) | undefined
  /** Chooses the row of a point alone, or adds it or takes it away. */
  choosePoint(at: number, add: boolean): void
}

/** The two columns of an outline, where one table has both. */
function areaOf({
  rows,
  columns,
}: Linked): { readonly area: AreaCondition['area']; readonly beside: boolean } | undefined {
  const { beside } = rows
  if (beside?.x !== undefined && beside.y !== undefined) return { area: [beside.x, beside.y], beside: true }
  const own = [rows.x, rows.y].filter((name) => columns.some((column) => column.name === name)) as string[]
  return own.length === 2 ? { area: [own[0]!, own[1]!], beside: false } : undefined
}

const ordered = ({ column }: Axis) => column.type !== 'text' && column.type !== 'boolean' && column.type !== 'image'

/** What the points of a scatter or a swarm let choose. */
export function usePointChoice(linked: Linked): PointChoice {
  const { rowSelection } = useWorkbench()
  const { chart, rows, columns, places, selection } = linked
  const { table, beside } = rows
  const drawn = chart.type === 'scatter' || chart.type === 'swarm' ? (places.spots ?? []) : []
  const known = rows.places ?? []
  const spots = known.length > 0 ? drawn : []
  const axes = [axisOf(linked, rows.x, beside?.x), axisOf(linked, rows.y, beside?.y)] as const
  const some = axes.some((axis) => axis && ordered(axis))
  const area = areaOf(linked)

  /** Whatever was chosen on either axis before gives way. */
  function put(own: readonly CellCondition[], said: readonly CellCondition[]) {
    const about = (names: readonly (string | undefined)[]) => names.filter((name) => name !== undefined)
    rowSelection.chooseCells({ table, columns }, own, about([rows.x, rows.y]))
    if (beside) rowSelection.chooseCells({ table, columns, beside: beside.table }, said, about([beside.x, beside.y]))
  }
  function chooseBox(x: Span, y: Span) {
    const conditions = [x, y].flatMap(([from, to], at) => {
      const axis = axes[at]
      if (!axis || !ordered(axis)) return []
      const range = binRange(axis.column.type, ...snugRange(from, to), true)
      return [{ beside: axis.beside, condition: { column: axis.column.name, range } }]
    })
    const of = (side: boolean) => conditions.filter((one) => one.beside === side).map(({ condition }) => condition)
    put(of(false), of(true))
  }
  function chooseArea(corners: Corners) {
    const condition = { area: area!.area, corners }
    put(area!.beside ? [] : [condition], area!.beside ? [condition] : [])
  }
  function choosePoint(at: number, add: boolean) {
    const place = known[at % Math.max(1, known.length)]
    if (place === undefined) return
    const before = add ? chosenOneByOne(rowSelection.getState().selection?.where, table) : []
    rowSelection.choosePlaces(table, toggledPlaces(before, [[place, place]]))
  }
  return {
    spots,
    places: spots.map((_, at) => known[at % known.length]!),
    plane: chart.type === 'scatter' && some ? places.plane : undefined,
    corners: area && cornersIn(selection?.where ?? [], area, beside?.table),
    chooseBox,
    chooseArea: area && chooseArea,
    choosePoint,
  }
}

function cornersIn(
  where: RowPredicate,
  { area, beside }: NonNullable<ReturnType<typeof areaOf>>,
  table: NonNullable<Linked['rows']['beside']>['table'] | undefined,
): Corners | undefined {
  const conditions = beside && table ? besideConditions(where, table) : where
  const found = conditions.find(
    (one): one is AreaCondition => 'area' in one && one.area[0] === area[0] && one.area[1] === area[1],
  )
  return found?.corners
}
