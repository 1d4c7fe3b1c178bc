import { type Corners, mostCorners } from '#contract'
import { simplifyOutline } from '../selection/simplify-outline.ts'

type Span = readonly [from: number, to: number]

/** Rows are chosen in a box, of which some charts only see x, or in an outline. */
export interface SelectedBy {
  choose(x: Span, y: Span): void
  readonly chooseArea?: ((corners: Corners) => void) | undefined
}

interface Drag {
  readonly x: readonly number[]
  readonly y: readonly number[]
}
/** What plotly tells of a box, or of the points of a lasso. */
export interface Selected {
  readonly range?: Drag
  readonly lassoPoints?: Drag
}

/** What is finer than this share of a lasso is left out of it. */
const lassoSteps = 300

const spanOf = (values: readonly number[]): Span => [Math.min(...values), Math.max(...values)]

/** Chooses what was dragged over: by an outline where there can be one, else by the box around it. */
export function takeSelected({ choose, chooseArea }: SelectedBy, { range, lassoPoints }: Selected): void {
  const { x = [], y = [] } = lassoPoints ?? range ?? {}
  if (x.length < 2) return
  const tolerance = [x, y].map((values) => (Math.max(...values) - Math.min(...values)) / lassoSteps) as [number, number]
  const outline = simplifyOutline(
    x.map((at, n) => [at, y[n]!] as const),
    tolerance,
  )
  const every = Math.ceil(outline.length / mostCorners)
  const corners = outline.filter((_, n) => n % every === 0)
  if (lassoPoints && chooseArea && corners.length > 2) chooseArea(corners)
  else choose(spanOf(x), spanOf(y))
}
