import { z } from 'zod'
import type { Column, Frame, Problem } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import type { Rule } from '#ml/baseline/parse-rule'
import type { RowSet } from '#ml/slices/slice-figures'

const operators = ['=', '!=', '<', '<=', '>', '>=', 'is missing', 'is present'] as const

/** The parameter: one condition a row; rows of the same name form one slice. */
export const givenSlices = z.array(
  z.object({
    name: z.string().default('').meta({ title: 'Name', description: 'Empty makes the condition a slice of its own.' }),
    column: z.string().min(1).meta({ title: 'Column', description: 'The column to look at.', widget: 'column' }),
    operator: z.enum(operators).default('=').meta({ title: 'Operator', description: 'How it is compared.' }),
    value: z.string().default('').meta({ title: 'Value', description: 'A number, a date as 2026-11-21, or a text.' }),
  }),
)
export type GivenSlices = z.output<typeof givenSlices>

interface NamedRule {
  readonly label: string
  readonly rule: Rule
  readonly conditions: RowSet['conditions']
}

const words = ({ column, operator, value }: GivenSlices[number]) =>
  operator.startsWith('is ') ? `${column} ${operator}` : `${column} ${operator} ${value}`

function ruleOf({ column, operator, value }: GivenSlices[number]): Rule {
  if (operator === 'is missing' || operator === 'is present')
    return { kind: 'missing', column, missing: operator === 'is missing' }
  return { kind: 'comparison', column, operator, value }
}

function namedRules(given: GivenSlices): NamedRule[] {
  const groups = new Map<string, GivenSlices>()
  for (const row of given) {
    const label = row.name === '' ? words(row) : row.name
    groups.set(label, [...(groups.get(label) ?? []), row])
  }
  return [...groups].map(([label, rows]) => ({
    label,
    rule: { kind: 'and', parts: rows.map(ruleOf) },
    conditions: rows.map((row) => ({ column: row.column, value: words(row).slice(row.column.length + 1) })),
  }))
}

/** What is wrong with given slices, as far as the columns tell. */
export function sliceComplaints(given: GivenSlices, columns: readonly Column[]): Problem[] {
  return given.flatMap((row, index) =>
    bindRule(ruleOf(row), columns).complaints.map(
      ({ kind, column, message, fix }): Problem => ({
        code: kind === 'unknown' ? 'column-unknown' : 'column-type',
        message: message.replace('The rule', 'A slice'),
        path: ['params', 'given', index, kind === 'unknown' ? 'column' : 'value'],
        fix,
        columns: [column],
      }),
    ),
  )
}

/** The rows of each given slice. */
export function givenRowSets(given: GivenSlices, frame: Frame): RowSet[] {
  return namedRules(given).map(({ label, rule, conditions }) => {
    const holds = applyRule(bindRule(rule, frame.columns).bound, frame)
    return { label, conditions, rows: Uint32Array.from(holds.keys()).filter((row) => holds[row] === 1) }
  })
}
