import type { Assertion, ColumnType } from '#contract'

/** A figure of a table that an assertion may name. */
export interface TableFigure {
  readonly label: string
  /** Types of the columns it is taken of; absent for figures of the whole table. */
  readonly of?: readonly ColumnType[]
  /** A count, or a share of 1. */
  readonly whole?: true
}

const every: readonly ColumnType[] = ['boolean', 'integer', 'number', 'text', 'date', 'image']
const numbers: readonly ColumnType[] = ['integer', 'number', 'boolean']

export const tableFigures: Readonly<Record<string, TableFigure>> = {
  rows: { label: 'Number of rows', whole: true },
  columns: { label: 'Number of columns', whole: true },
  missing: { label: 'Share of missing values', of: every },
  distinct: { label: 'Number of distinct values', of: every, whole: true },
  min: { label: 'Smallest value', of: numbers },
  max: { label: 'Largest value', of: numbers },
  mean: { label: 'Mean', of: numbers },
}

/** "Mean of income", "Number of rows"; figures of evaluations go by the label they carry, else their name. */
export function assertedLabel({ metric, column }: Pick<Assertion, 'metric' | 'column'>, label?: string): string {
  const name = label ?? (Object.hasOwn(tableFigures, metric) ? tableFigures[metric]!.label : metric)
  return column === undefined ? name : `${name} of ${column}`
}
