import { z } from 'zod'
import type { Column, Frame, Problem } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import type { Rule } from '#ml/baseline/parse-rule'
import { conditionRule, conditionWords, rowOperators } from '#ml/choose/row-conditions'
import type { RowSet } from '#ml/slices/slice-figures'

/** The parameter: one condition a row; rows of the same name form one slice. */
export const givenSlices = z.array(
  z.object({
    name: z.string().default('').meta({ title: 'Name', description: 'Empty makes the condition a slice of its own.' }),
    column: z.string().min(1).meta({ title: 'Column', description: 'The column to look at.', widget: 'column' }),
    operator: z.enum(rowOperators).default('=').meta({ title: 'Operator', description: 'How it is compared.' }),
    value: z
      .string()
      .default('')
      .meta({ title: 'Value', description: 'A number, a date as 2026-11-21, or a text; for "one of" a list.' }),
  }),
)
export type GivenSlices = z.output<typeof givenSlices>

interface NamedRule {
  readonly label: string
  readonly rule: Rule
  readonly conditions: RowSet['conditions']
}

function namedRules(given: GivenSlices): NamedRule[] {
  const groups = new Map<string, GivenSlices>()
  for (const row of given) {
    const label = row.name === '' ? conditionWords(row) : row.name
    groups.set(label, [...(groups.get(label) ?? []), row])
  }
  return [...groups].map(([label, rows]) => ({
    label,
    rule: { kind: 'and', parts: rows.map(conditionRule) },
    conditions: rows.map((row) => ({ column: row.column, value: conditionWords(row).slice(row.column.length + 1) })),
  }))
}

/** What is wrong with given slices, as far as the columns tell. */
export function sliceComplaints(given: GivenSlices, columns: readonly Column[]): Problem[] {
  return given.flatMap((row, index) =>
    bindRule(conditionRule(row), columns).complaints.map(
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
