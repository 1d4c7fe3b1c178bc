import { ProblemError } from '#contract'

/** The row, where it has the columns that were learned and nothing but finite numbers in them. */
export function checkRow(row: Float64Array, columns: number): void {
  if (row.length === columns && row.every(Number.isFinite)) return
  throw new ProblemError({
    code: 'data-bad',
    message: `Novelty detection got a row that is not ${columns} finite numbers.`,
    fix: 'Fill in missing values, and give every row the columns of the training rows.',
  })
}

/** Refuses to learn from nothing; gives the number of columns. */
export function requireRows(rows: readonly Float64Array[]): number {
  if (rows.length > 0) return rows[0]!.length
  throw new ProblemError({
    code: 'rows-missing',
    message: 'Novelty detection has no rows to learn the known classes from.',
    fix: 'Give labelled rows of every known class.',
  })
}

/** The answer to a row that no class explains. */
export const unknownClass = -1
