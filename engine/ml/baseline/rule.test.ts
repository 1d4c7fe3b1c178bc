import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Frame } from '#contract'
import { applyRule } from './apply-rule.ts'
import { bindRule } from './bind-rule.ts'
import { parseRule, type Rule, ruleColumns } from './parse-rule.ts'

const frame: Frame = {
  rows: 4,
  columns: [
    {
      name: 'income',
      type: 'number',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.of(10, 50, Number.NaN, 90) },
    },
    {
      name: 'job',
      type: 'text',
      nullable: true,
      cells: { kind: 'text', codes: Int32Array.of(0, 1, 1, -1), levels: ['none', 'paid'] },
    },
    {
      name: 'member since',
      type: 'date',
      nullable: false,
      cells: { kind: 'number', values: Float64Array.of(0, 86_400_000, 2e12, 0) },
    },
    { name: 'owner', type: 'boolean', nullable: false, cells: { kind: 'number', values: Float64Array.of(0, 1, 1, 0) } },
  ],
}

function holds(source: string): number[] {
  const { rule } = parseRule(source)
  const { bound, complaints } = bindRule(rule!, frame.columns)
  expect(complaints).toEqual([])
  return [...applyRule(bound, frame)]
}

describe('a rule', () => {
  test('compares numbers, texts, dates and booleans', () => {
    expect(holds('income >= 50')).toEqual([0, 1, 0, 1])
    expect(holds('job = paid')).toEqual([0, 1, 1, 0])
    expect(holds('job != "paid"')).toEqual([1, 0, 0, 0])
    expect(holds('[member since] > 1970-01-01')).toEqual([0, 1, 1, 0])
    expect(holds('owner = true')).toEqual([0, 1, 1, 0])
    expect(holds("job = 'somebody else'")).toEqual([0, 0, 0, 0])
  })

  test('never holds on a missing cell unless it asks for it', () => {
    expect(holds('income != 10')).toEqual([0, 1, 0, 1])
    expect(holds('income is missing or job is missing')).toEqual([0, 0, 1, 1])
    expect(holds('income is present')).toEqual([1, 1, 0, 1])
  })

  test('joins with and before or, and obeys parentheses', () => {
    expect(holds('income > 80 or income < 20 and job = paid')).toEqual([0, 0, 0, 1])
    expect(holds('(income > 80 or income < 20) and job = none')).toEqual([1, 0, 0, 0])
    expect(ruleColumns(parseRule('a > 1 and b = 2 or a < 0').rule!)).toEqual(['a', 'b'])
  })
})

test.each([
  ['', 'a column name is missing', 0],
  ['income', 'an operator', 6],
  ['income >', 'a value is missing', 8],
  ['income > 3 job = paid', 'is not expected', 11],
  ['(income > 3', 'parenthesis', 11],
  ['income > 3 and', 'a column name is missing', 14],
  ['income is odd', '"missing" or "present"', 10],
  ['income > "3', 'starts nothing', 9],
])('%j is refused with its place', (source, message, position) => {
  const parsed = parseRule(source)
  expect(parsed.error).toContain(message)
  expect(parsed).toHaveProperty('position', position)
})

test('columns that do not exist and values of the wrong type are named with a cure', () => {
  const complaints = bindRule(parseRule('income > much and job > paid and age = 3').rule!, frame.columns).complaints
  expect(complaints.map(({ kind, column }) => [kind, column])).toEqual([
    ['type', 'income'],
    ['type', 'job'],
    ['unknown', 'age'],
  ])
  for (const { fix } of complaints) expect(fix).toMatch(/^(Write|Compare|Name)/)
})

const print = (rule: Rule): string => {
  if (rule.kind === 'and' || rule.kind === 'or') return `(${rule.parts.map(print).join(` ${rule.kind} `)})`
  if (rule.kind === 'missing') return `[${rule.column}] is ${rule.missing ? 'missing' : 'present'}`
  return `[${rule.column}] ${rule.operator} "${rule.value}"`
}
const leaf: fc.Arbitrary<Rule> = fc.record({
  kind: fc.constant('comparison' as const),
  column: fc.stringMatching(/^[^\]]+$/),
  operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>=' as const),
  value: fc.stringMatching(/^[^"]*$/),
})
const { rule: anyRule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('rule'), { minLength: 2, maxLength: 3 }),
    }) as fc.Arbitrary<Rule>,
  ),
}))

test('what is printed with brackets and quotes is read back, whatever the names', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(print(parseRule(print(rule)).rule!)).toBe(print(rule))
    }),
  )
})
