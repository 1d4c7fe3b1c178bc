import { type Matrix, matrix } from '../matrix.ts'
import { quantileSorted, sortedValues } from '../statistics/quantiles.ts'
import { needRows } from './score-rows.ts'

/** How a column may change. Missing cells stay missing. */
export interface ChangeRule {
  readonly may: 'not' | 'rise' | 'fall' | 'both'
  /** Codes it may take, where it is a category; categories have no order, so they change freely or not at all. */
  readonly levels?: readonly number[]
  readonly low: number
  readonly high: number
  /** What counts as one step: the median absolute deviation, so that columns compare. */
  readonly scale: number
  /** Only whole numbers occur. */
  readonly whole: boolean
}

export interface ChangeLimits {
  readonly categories?: readonly number[]
  readonly immutable?: readonly number[]
  readonly rising?: readonly number[]
  readonly falling?: readonly number[]
}

/** The score a counterfactual must reach. */
export interface WantedScore {
  readonly atLeast?: number
  readonly atMost?: number
}

export interface Counterfactual {
  readonly row: Float64Array
  readonly score: number
  readonly changes: readonly { readonly column: number; readonly from: number; readonly to: number }[]
  /** Sum of the changes in steps of each column's scale; a category counts 1. */
  readonly cost: number
}

/** Rules from the table: ranges, levels and scales as they occur (median absolute deviation as Wachter et al. 2018). */
export function changeRules(table: Matrix, limits: ChangeLimits = {}): ChangeRule[] {
  needRows(table, 'table to take changes from')
  return Array.from({ length: table.columns }, (_, column): ChangeRule => {
    const cells = sortedValues(
      Float64Array.from({ length: table.rows }, (_, row) => table.values[row * table.columns + column]!),
    )
    const has = (list?: readonly number[]) => list?.includes(column) ?? false
    const may = has(limits.immutable) ? 'not' : has(limits.rising) ? 'rise' : has(limits.falling) ? 'fall' : 'both'
    const ends = { low: cells[0] ?? Number.NaN, high: cells.at(-1) ?? Number.NaN }
    if (has(limits.categories)) return { may, ...ends, scale: 1, whole: true, levels: [...new Set(cells)] }
    return { may, ...ends, scale: scaleOf(cells), whole: cells.every(Number.isInteger) }
  })
}

function scaleOf(sorted: Float64Array): number {
  const middle = quantileSorted(sorted, 0.5)
  const deviation = quantileSorted(sorted.map((value) => Math.abs(value - middle)).sort(), 0.5)
  if (deviation > 0) return deviation
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0)
  return range > 0 ? range / 4 : 1
}

/** Equal as numbers, or both missing. */
export const sameCell = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

/** The columns in which two rows differ. */
export const changedColumns = (from: Float64Array, to: Float64Array): number[] =>
  [...from.keys()].filter((column) => !sameCell(from[column]!, to[column]!))

/** The value nearest to `value` that the rule lets a cell of `from` become. */
export function admit(rule: ChangeRule, from: number, value: number): number {
  if (rule.may === 'not' || Number.isNaN(from) || Number.isNaN(value)) return from
  if (rule.levels) return rule.levels.includes(value) ? value : from
  const low = rule.may === 'rise' ? from : Math.min(rule.low, from)
  const high = rule.may === 'fall' ? from : Math.max(rule.high, from)
  const rounded = rule.whole ? Math.round(value) : value
  return Math.min(high, Math.max(low, rounded))
}

/** How far a score is from the wanted one; 0 when it is there. Scores that are no number are infinitely far. */
export function shortage({ atLeast, atMost }: WantedScore, score: number): number {
  if (Number.isNaN(score)) return Number.POSITIVE_INFINITY
  return Math.max(0, (atLeast ?? score) - score, score - (atMost ?? score))
}

/** See `Counterfactual.cost`. */
export function changeCost(rules: readonly ChangeRule[], from: Float64Array, to: Float64Array): number {
  return rules.reduce((sum, { levels, scale }, j) => {
    if (sameCell(from[j]!, to[j]!)) return sum
    return sum + (levels ? 1 : Math.abs(to[j]! - from[j]!) / scale)
  }, 0)
}

export function describeChange(
  rules: readonly ChangeRule[],
  from: Float64Array,
  row: Float64Array,
  score: number,
): Counterfactual {
  const changes = changedColumns(from, row).map((column) => ({ column, from: from[column]!, to: row[column]! }))
  return { row, score, changes, cost: changeCost(rules, from, row) }
}

/** Rows one below the other. */
export function stack(rows: readonly Float64Array[]): Matrix {
  const stacked = matrix(rows.length, rows[0]?.length ?? 0)
  rows.forEach((row, at) => {
    stacked.values.set(row, at * stacked.columns)
  })
  return stacked
}
