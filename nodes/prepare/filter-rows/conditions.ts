import type { Column, Frame, FrameColumn, Problem } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import type { Rule } from '#ml/baseline/parse-rule'
import { ruleSql } from '#ml/choose/predicate-sql'
import { conditionRule, conditionWords, type RowCondition } from '#ml/choose/row-conditions'
import { areaTest, type FilterArea } from './outline.ts'
import { type FilterNumbers, numbersTest } from './row-numbers.ts'
import type { RowTest } from './row-test.ts'

export interface FilterCondition extends RowCondition {
  /** The condition holds for missing cells too. */
  readonly orMissing: boolean
}
export interface FilterParams extends FilterNumbers {
  readonly conditions: readonly FilterCondition[]
  readonly areas: readonly FilterArea[]
  readonly match: 'all' | 'any'
}

function ruleOf(condition: FilterCondition): Rule {
  const rule = conditionRule(condition)
  if (!condition.orMissing) return rule
  return { kind: 'or', parts: [rule, { kind: 'missing', column: condition.column, missing: true }] }
}

function conditionTest(condition: FilterCondition, index: number, columns: readonly Column[]): RowTest {
  const { bound, complaints } = bindRule(ruleOf(condition), columns)
  const [complaint] = complaints
  return {
    words: `${conditionWords(condition)}${condition.orMissing ? ' or missing' : ''}`,
    problems: complaint ? [complaintProblem(complaint, index)] : [],
    columns: [condition.column],
    sql: ruleSql(bound, columns),
    rows: (frame) => applyRule(bound, { rows: frame.rows, columns: frame.columns.map(withoutInfinite) }),
  }
}

function complaintProblem(
  { kind, column, message, fix }: ReturnType<typeof bindRule>['complaints'][number],
  index: number,
): Problem {
  return {
    code: kind === 'unknown' ? 'column-unknown' : 'column-type',
    message: message.replace('The rule', 'A condition'),
    path: ['params', 'conditions', index, kind === 'unknown' ? 'column' : 'value'],
    fix,
    columns: [column],
  }
}

function withoutInfinite(column: FrameColumn): FrameColumn {
  const { cells } = column
  if (cells.kind === 'text') return column
  const values = cells.values.map((value) => (Number.isFinite(value) ? value : Number.NaN))
  return { ...column, cells: { kind: 'number', values } }
}

/** All that rows must meet, as far as it was given: conditions, outlines, numbers. */
export const rowTests = (params: FilterParams, columns: readonly Column[]): readonly RowTest[] => [
  ...params.conditions.map((condition, index) => conditionTest(condition, index, columns)),
  ...params.areas.map((area, index) => areaTest(area, index, columns)),
  ...numbersTest(params),
]

/** True or false for every row: whether it is kept. Without tests every row is, whichever way they are joined. */
export function keptSql(tests: readonly RowTest[], match: FilterParams['match']): string {
  return tests.map(({ sql }) => `(${sql})`).join(match === 'all' ? ' AND ' : ' OR ') || 'true'
}

/** The same for rows in memory: 1 where a row is kept. */
export function keptRows(tests: readonly RowTest[], match: FilterParams['match'], frame: Frame): Uint8Array {
  const [first, ...others] = tests.map((test) => test.rows(namedOnly(frame, test)))
  if (!first) return new Uint8Array(frame.rows).fill(1)
  const kept = Uint8Array.from(first)
  for (const holds of others)
    for (let row = 0; row < kept.length; row++)
      kept[row] = match === 'all' ? kept[row]! & holds[row]! : kept[row]! | holds[row]!
  return kept
}

/** A frame may have thousands of columns, a test looks at one or two. */
export const namedOnly = (frame: Frame, { columns }: RowTest): Frame => ({
  rows: frame.rows,
  columns: frame.columns.filter(({ name }) => columns.includes(name)),
})
