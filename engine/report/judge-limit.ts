import type { Estimate } from '#contract'
import { formatInterval, formatNumber } from './format-number.ts'
import { tellingDigits } from './telling-digits.ts'

/** What is asked of a named figure. */
export interface Limit {
  readonly label: string
  readonly operator: '>=' | '<='
  readonly limit: number
}

export interface JudgedLimit {
  readonly verdict: 'pass' | 'fail'
  /** A sentence with the figure and its limit. */
  readonly reason: string
}

const holds = (value: number, operator: Limit['operator'], limit: number) =>
  operator === '>=' ? value >= limit : value <= limit

/** Whether the interval has both sides of the limit in it. */
function straddles({ low, high }: Estimate, limit: number): boolean {
  return low !== undefined && high !== undefined && low < limit && high > limit
}

/** A limit as it was typed, with two decimals at least: 0.80, 0.805, 30. */
export function limitText(limit: number): string {
  const typed = String(limit).split('.')[1]?.length ?? 0
  return formatNumber(limit, Number.isInteger(limit) ? 0 : Math.min(6, Math.max(2, typed)))
}

/** A figure with enough decimals not to read like the limit it misses; whole numbers beside whole limits stay whole. */
export function figureText(value: number, limit: number, whole = false): string {
  return formatNumber(value, whole && Number.isInteger(value) ? 0 : tellingDigits(value, limit, 2))
}

/**
 * The point estimate decides; an interval with the limit inside it is said in words; a figure without a value never
 * holds. `whole` is for counts, which read without decimals.
 */
export function judgeLimit(asked: Limit, figure: Estimate, whole = false): JudgedLimit {
  const { label, operator, limit } = asked
  const { value } = figure
  if (value === null) return { verdict: 'fail', reason: `${label} has no value, so it can not be shown to hold.` }
  const verdict = holds(value, operator, limit) ? 'pass' : 'fail'
  const needs = `${operator === '>=' ? 'at least' : 'at most'} ${limitText(limit)}`
  const found = `${label} is ${figureText(value, limit, whole)}`
  const said = verdict === 'pass' ? `${found}; ${needs} is asked for.` : `${found} but should be ${needs}.`
  const doubt = straddles(figure, limit)
    ? ` Its 95\u00a0% interval, ${formatInterval(figure)}, has the limit inside it: more people could turn the verdict.`
    : ''
  return { verdict, reason: said + doubt }
}
