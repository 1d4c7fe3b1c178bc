import type { Column, ColumnSummary, Hash, Problem } from '#contract'
import type { Cell } from './cell-reader.ts'
import type { Wanted } from './find-rows.ts'

interface OfFile {
  readonly path: string
}
/** Rows that are wanted, in the order that is wanted. */
export interface FindJob extends OfFile {
  readonly kind: 'find'
  readonly columns: readonly Column[]
  /** Without it every row is wanted. */
  readonly wanted?: Wanted
  readonly sort?: { readonly column: Column; readonly descending: boolean }
}
export interface CellsJob extends OfFile {
  readonly kind: 'cells'
  readonly columns: readonly Column[]
  readonly rows: Uint32Array
}
export interface SummaryJob extends OfFile {
  readonly kind: 'summary'
  readonly column: Column
  readonly sample: boolean
}
/** Whether a file has the content its name promises. */
export interface CheckJob extends OfFile {
  readonly kind: 'check'
  readonly hash: Hash
}
export type TableJob = FindJob | CellsJob | SummaryJob | CheckJob
export interface TableAnswers {
  readonly find: undefined
  readonly cells: Cell[][]
  readonly summary: ColumnSummary
  readonly check: boolean
}

/** What a search found since it last said so. */
export interface FoundPart {
  /** Rows in their final order; while they are being sorted there are none. */
  readonly rows?: Uint32Array
  /** Rows found so far. */
  readonly found: number
  /** Share of the work that is done. */
  readonly share: number
}

export interface TableTask {
  readonly id: number
  readonly job: TableJob
  /** One number that turns 1 when nobody wants the answer any more. */
  readonly cancelled: Int32Array
}
export type TableReply = { readonly id: number } & (
  | { readonly part: FoundPart }
  | { readonly answer: unknown }
  | { readonly problems: readonly Problem[] }
)
