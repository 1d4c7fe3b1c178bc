import type { Hash } from './table.ts'

/** Rows chosen by what stands in their columns: every condition must hold. Without conditions it is all rows. */
export type RowPredicate = readonly ColumnCondition[]

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

/** Bars over a column, into which rows are counted: bins between edges (the last holds its upper edge), or values. */
export interface ColumnBars {
  readonly column: string
  readonly edges?: readonly number[]
  readonly values?: readonly (string | number | boolean)[]
}

export interface SelectionQuery {
  readonly table: Hash
  readonly where: RowPredicate
  readonly bars: readonly ColumnBars[]
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

/** Which rows the marks of a chart stand for: what is chosen in it is followed elsewhere, and the other way round. */
export interface ChartRows {
  readonly table: Hash
  /** The column whose bins a histogram has, or that lies along x of points. */
  readonly x?: string
  /** Along y of points. */
  readonly y?: string
  /** Of bars, in their order: the rows each stands for; null where it stands for none. */
  readonly bars?: readonly (RowPredicate | null)[]
}
