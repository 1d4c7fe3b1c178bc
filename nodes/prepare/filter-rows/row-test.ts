import type { Frame, Problem } from '#contract'

/** Tells for every row whether it holds: in the database and, alike, in memory. */
export interface RowTest {
  /** "age >= 20 or missing". */
  readonly words: string
  /** What is wrong with it, as far as the columns tell. */
  readonly problems: readonly Problem[]
  /** Columns that `rows` looks at. */
  readonly columns: readonly string[]
  /** True or false for every row, never NULL. */
  readonly sql: string
  /** 1 where it holds. */
  rows(frame: Frame): Uint8Array
}
