import type { Column, Frame, FrameColumn, Problem } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { type BoundRule, bindRule } from '#ml/baseline/bind-rule'
import type { Rule } from '#ml/baseline/parse-rule'
import { ruleSql } from '#ml/choose/predicate-sql'
import { conditionRule, conditionWords, type RowCondition } from '#ml/choose/row-conditions'

export interface FilterCondition extends RowCondition {
  /** The condition holds for missing cells too. */
  readonly orMissing: boolean
}
export interface FilterParams {
  readonly conditions: readonly FilterCondition[]
  readonly match: 'all' | 'any'
}

function ruleOf(condition: FilterCondition): Rule {
  const rule = conditionRule(condition)
  if (!condition.orMissing) return rule
  return { kind: 'or', parts: [rule, { kind: 'missing', column: condition.column, missing: true }] }
}

/** "age >= 20 or missing". */
export const filterWords = (condition: FilterCondition) =>
  `${conditionWords(condition)}${condition.orMissing ? ' or missing' : ''}`

/** What is wrong with conditions, as far as the columns tell. */
export function complaintsAbout(conditions: readonly FilterCondition[], columns: readonly Column[]): Problem[] {
  return conditions.flatMap((condition, index) => {
    const [complaint] = bindRule(ruleOf(condition), columns).complaints
    if (!complaint) return []
    const { kind, column, message, fix } = complaint
    return [
      {
        code: kind === 'unknown' ? ('column-unknown' as const) : ('column-type' as const),
        message: message.replace('The rule', 'A condition'),
        path: ['params', 'conditions', index, kind === 'unknown' ? 'column' : 'value'],
        fix,
        columns: [column],
      },
    ]
  })
}

function bound({ conditions, match }: FilterParams, columns: readonly Column[]): BoundRule {
  // No condition keeps every row, whichever way they are joined.
  const kind = match === 'all' || conditions.length === 0 ? 'and' : 'or'
  return bindRule({ kind, parts: conditions.map(ruleOf) }, columns).bound
}

/** True or false for every row: whether it is kept. */
export const keptSql = (params: FilterParams, columns: readonly Column[]) => ruleSql(bound(params, columns), columns)

/** The same for rows in memory: 1 where a row is kept. */
export function keptRows(params: FilterParams, frame: Frame): Uint8Array {
  const named = new Set(params.conditions.map(({ column }) => column))
  const columns = frame.columns.filter(({ name }) => named.has(name)).map(withoutInfinite)
  return applyRule(bound(params, columns), { rows: frame.rows, columns })
}

function withoutInfinite(column: FrameColumn): FrameColumn {
  const { cells } = column
  if (cells.kind === 'text') return column
  const values = cells.values.map((value) => (Number.isFinite(value) ? value : Number.NaN))
  return { ...column, cells: { kind: 'number', values } }
}
