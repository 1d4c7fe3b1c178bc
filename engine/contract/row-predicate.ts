import type { Hash, Table } from './table.ts'

/** Rows chosen in views: every condition must hold. Without conditions it is all rows. */
export type RowPredicate = readonly PredicateCondition[]
export type PredicateCondition = CellCondition | PlaceCondition | BesideCondition
/** What a row's own cells tell. */
export type CellCondition = ColumnCondition | AreaCondition

/**
 * What a cell must be: inside the range, one of the values, or missing; any of those that are given is enough. Missing is
 * a cell without a value, an empty text, or a number that is not finite. With nothing given every cell with a value holds.
 */
export interface ColumnCondition {
  readonly column: string
  /** Of numbers and dates (milliseconds UTC); with both ends, unless `below` leaves the upper one out. */
  readonly range?: { readonly from: number; readonly to: number; readonly below?: true }
  /** Texts, yes or no, numbers, dates as milliseconds UTC. */
  readonly values?: readonly (string | number | boolean)[]
  readonly missing?: true
}

/**
 * Two cells are a point in an outline, by the even-odd rule; a point on the outline is in it. A row with a missing cell, or
 * a text, is not. See `insideArea`.
 */
export interface AreaCondition {
  readonly area: readonly [x: string, y: string]
  /** In turn, the last joined to the first; three to `mostCorners`, of no more than `farthestCorner`. */
  readonly corners: Corners
}
export type Corners = readonly (readonly [x: number, y: number])[]
export const mostCorners = 200
export const farthestCorner = 1e150

/** Rows by where they stand in a stored table; other tables show them where they can be found again there. */
export interface PlaceCondition {
  readonly table: Hash
  readonly places: Stretches
}
/** First and last place of each stretch of rows, from 0 and in order. */
export type Stretches = readonly (readonly [first: number, last: number])[]
/** More are too many to travel. */
export const mostStretches = 20_000

/** Rows by what a step said of them, which stands in a table beside theirs: its whole numbers `row` are their places. */
export interface BesideCondition {
  readonly table: Hash
  readonly beside: Table
  readonly where: readonly CellCondition[]
}
/** The column of a table beside another that tells whose row it is. */
export const besideRow = 'row'

export const isOfCells = (condition: PredicateCondition): condition is CellCondition =>
  'column' in condition || 'area' in condition

/** The columns that a condition looks at. */
export function columnsOfCondition(condition: PredicateCondition): readonly string[] {
  if ('column' in condition) return [condition.column]
  return 'area' in condition ? condition.area : []
}

/** Bars over a column, into which rows are counted: bins between edges (the last holds its upper edge), values, or stretches. */
export interface ColumnBars {
  readonly column: string
  readonly edges?: readonly number[]
  readonly values?: readonly (string | number | boolean)[]
  /** Stretches that don't overlap, told apart by comparing with their ends. */
  readonly ranges?: readonly NonNullable<ColumnCondition['range']>[]
}

export interface SelectionQuery {
  readonly table: Hash
  readonly where: RowPredicate
  readonly bars: readonly ColumnBars[]
  /** The columns of the bars are those of a table beside it. */
  readonly beside?: Table
  /** Who asks: a newer question of the same view ends the older, which is refused as cancelled. */
  readonly view?: string
}
export interface SelectionCounts {
  /** Rows for which the predicate holds, of all. */
  readonly selected: number
  readonly rows: number
  /** Of the selected rows, in the order of the question. */
  readonly bars: readonly { readonly column: string; readonly counts: readonly number[]; readonly missing: number }[]
}

/** Where chosen rows stand; of the places in `among` only, when they are given. */
export interface ChosenQuery extends Pick<SelectionQuery, 'table' | 'where' | 'view'> {
  readonly among?: readonly number[]
}

/** Which rows the marks of a chart stand for: what is chosen in it is followed elsewhere, and the other way round. */
export interface ChartRows {
  readonly table: Hash
  /** The column whose bins a histogram has, or that lies along x of points. */
  readonly x?: string
  /** Along y of points. */
  readonly y?: string
  /** Of bars, or of the cells of a matrix line by line: the rows each stands for; null where it stands for none. */
  readonly bars?: readonly (RowPredicate | null)[]
  /** Of points in their order, of a swarm those of each line, of a waterfall the one it is about. */
  readonly places?: readonly number[]
  readonly beside?: ChartBeside
}
/** What of a table beside the rows' own a chart shows. */
export interface ChartBeside {
  readonly table: Table
  readonly x?: string
  readonly y?: string
  /** Of bars, of the cells of a matrix, of the stretches between the points of a line. */
  readonly bars?: readonly (readonly CellCondition[] | null)[]
  /** Rows behind each of `bars`, where the marks don't say. */
  readonly counts?: readonly number[]
  /** Of a swarm's lines: the column along x of each. */
  readonly lines?: readonly string[]
}
