import type { Estimate } from './report-block.ts'
import type { Column, ColumnRole, ColumnType, Hash } from './table.ts'

/** One port of a step in a run that has ended, or of the newest step that made a table. */
export interface StepPort {
  readonly run: string
  readonly node: string
  readonly port: string
}

/** How rows of a table were found again in the table it was made from. */
export type RowMatch =
  /** The very same rows. */
  | 'same'
  /** As many rows, and every column named in `by` agrees row by row. */
  | 'in-place'
  /** By an identifier that no two rows share. */
  | 'by-id'
  /** By the cells of the columns that both have. */
  | 'by-cells'

export interface ColumnChange {
  readonly name: string
  readonly change: 'added' | 'removed' | 'retyped' | 'role'
  /** Type or role before and after; a column without a role is a feature. */
  readonly from?: ColumnType | ColumnRole
  readonly to?: ColumnType | ColumnRole
}

/** How many of a group's rows did not come through a step. */
export interface GroupLoss {
  readonly group: string
  readonly before: number
  readonly lost: number
  /** Share of the group that is lost; Wilson interval. */
  readonly share: Estimate
  /** Whether the interval lies above the share of all rows, or below it. */
  readonly against: 'more' | 'less' | 'alike'
}

/** What a table on a wire is, beside the table its step was given. */
export interface WireFacts {
  readonly table: Hash
  readonly rows: number
  readonly columns: readonly Column[]
  /** Absent where the step was given no table. */
  readonly before?: {
    /** Where it came from. */
    readonly node: string
    readonly title: string
    readonly port: string
    readonly table: Hash
    readonly rows: number
    readonly columns: readonly Column[]
    readonly changes: readonly ColumnChange[]
    /** Absent where rows could not be found again: the step makes rows of its own. */
    readonly match?: {
      readonly how: RowMatch
      readonly by: readonly string[]
      readonly lost: number
      /** Rows that were not there before, or whose cells were changed. */
      readonly added: number
      readonly share: Estimate
    }
    readonly groups: readonly {
      readonly column: string
      readonly protected: boolean
      readonly groups: readonly GroupLoss[]
    }[]
  }
}

export type RowCell = string | number | boolean | null

/** A row as it stood at one step. */
export interface TracedRow {
  readonly node: string
  readonly title: string
  readonly nodeType: string
  readonly port: string
  readonly table: Hash
  /** From 0. */
  readonly row: number
  readonly rows: number
  readonly cells: readonly {
    readonly column: Column
    readonly value: RowCell
    /** Against the row it came from; `kept` where there is none. */
    readonly change: 'kept' | 'changed' | 'added'
    readonly was?: RowCell
  }[]
  /** Columns that the row had before this step. */
  readonly removed: readonly { readonly column: Column; readonly value: RowCell }[]
  /** How the row it came from was found; absent for the first. */
  readonly match?: {
    readonly how: RowMatch
    readonly by: readonly string[]
    /** Rows that are just like it, itself included: more than one where any of them may be the one. */
    readonly among: number
  }
  /** Why the trace ends here. */
  readonly end?: 'source' | 'made-here' | 'changed'
  /** Files the step read. */
  readonly files: readonly string[]
}
/** From the row that was asked for back to its source, the newest first. */
export interface RowTrace {
  readonly steps: readonly TracedRow[]
}
