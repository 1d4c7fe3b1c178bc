import type { Estimate, Slice } from '#contract'
import { criticalValue } from '../statistics/normal.ts'
import { wilson } from '../statistics/wilson.ts'

/** Some rows under one name. */
export interface RowSet {
  readonly label: string
  readonly conditions: readonly { readonly column: string; readonly value: string }[]
  readonly rows: Uint32Array
}

/** How each row fared. */
export interface Outcomes {
  /** 1 where the row is an error. */
  readonly errors: Uint8Array
  /** A size of the error a row, for numeric targets; the slice's metric is its mean. Else the metric is accuracy. */
  readonly sizes?: Float64Array
}

/** Errors among all rows: counted once where there are many slices. */
export const countErrors = ({ errors }: Outcomes): number => errors.reduce((sum, error) => sum + error, 0)

/**
 * The four fractions of error analysis by tag (Ng 2021, Data-centric AI): share of errors with the tag, share of the tag
 * that is wrong (Wilson interval), share of data with the tag, and room: what overall accuracy would gain if the tag
 * were as good as the rows outside it, never below 0. A slice under `smallBelow` rows is marked small.
 */
export function sliceFigures(
  { label, conditions, rows }: RowSet,
  outcomes: Outcomes,
  smallBelow: number,
  totalErrors = countErrors(outcomes),
): Slice {
  const all = outcomes.errors.length
  let errors = 0
  for (const row of rows) errors += outcomes.errors[row]!
  const outside = all - rows.length
  const elsewhere = outside > 0 ? (totalErrors - errors) / outside : errors / Math.max(1, rows.length)
  return {
    label,
    conditions,
    rows: rows.length,
    errors,
    shareOfErrors: totalErrors > 0 ? errors / totalErrors : 0,
    errorRate: wilson(errors, rows.length),
    shareOfData: all > 0 ? rows.length / all : 0,
    room: Math.max(0, all > 0 ? (errors - rows.length * elsewhere) / all : 0),
    metric: outcomes.sizes ? meanEstimate(outcomes.sizes, rows) : wilson(rows.length - errors, rows.length),
    small: rows.length < smallBelow,
  }
}

/** A mean with its normal interval; no interval for one row. */
export function meanEstimate(values: Float64Array, rows: Uint32Array, confidence = 0.95): Estimate {
  const n = rows.length
  if (n === 0) return { value: null, n }
  let sum = 0
  for (const row of rows) sum += values[row]!
  const value = sum / n
  if (n < 2) return { value, n }
  let squares = 0
  for (const row of rows) squares += (values[row]! - value) ** 2
  const spread = criticalValue(confidence) * Math.sqrt(squares / (n - 1) / n)
  return { value, low: value - spread, high: value + spread, n }
}
