import type { Column } from '#contract'
import type { Comparison, Operator, Rule } from './parse-rule.ts'

/** A rule whose values have the types of their columns. */
export type BoundRule =
  | { readonly kind: 'number'; readonly column: string; readonly operator: Operator; readonly value: number }
  | { readonly kind: 'text'; readonly column: string; readonly operator: '=' | '!='; readonly value: string }
  | { readonly kind: 'missing'; readonly column: Column; readonly missing: boolean }
  | { readonly kind: 'and'; readonly parts: readonly BoundRule[] }
  | { readonly kind: 'or'; readonly parts: readonly BoundRule[] }

export interface RuleComplaint {
  readonly kind: 'unknown' | 'type'
  readonly column: string
  readonly message: string
  readonly fix: string
}

/** Checks a rule against columns. Text knows only = and !=; dates are written 2026-11-21; booleans true and false. */
export function bindRule(
  rule: Rule,
  columns: readonly Column[],
): { readonly bound: BoundRule; readonly complaints: readonly RuleComplaint[] } {
  const complaints: RuleComplaint[] = []
  const bound = bind(rule, new Map(columns.map((column) => [column.name, column])), complaints)
  return { bound, complaints }
}

function bind(rule: Rule, columns: ReadonlyMap<string, Column>, complaints: RuleComplaint[]): BoundRule {
  if (rule.kind === 'and' || rule.kind === 'or')
    return { kind: rule.kind, parts: rule.parts.map((part) => bind(part, columns, complaints)) }
  const column = columns.get(rule.column)
  if (!column) {
    complaints.push({
      kind: 'unknown',
      column: rule.column,
      message: `The rule names the column ${rule.column}, which the table does not have.`,
      fix: `Name one of ${[...columns.keys()].slice(0, 12).join(', ')}`,
    })
    return { kind: 'and', parts: [] }
  }
  if (rule.kind === 'missing') return { kind: 'missing', column, missing: rule.missing }
  if (column.type === 'text' || column.type === 'image') return bindText(rule, complaints)
  const value = numberOf(rule.value, column)
  if (Number.isNaN(value))
    complaints.push({
      kind: 'type',
      column: column.name,
      message: `The rule compares ${column.name}, a ${column.type} column, with "${rule.value}".`,
      fix: `Write a ${column.type === 'date' ? 'date such as 2026-11-21' : column.type === 'boolean' ? 'value true or false' : 'number'} after ${rule.operator}`,
    })
  return { kind: 'number', column: column.name, operator: rule.operator, value }
}

function bindText(rule: Comparison, complaints: RuleComplaint[]): BoundRule {
  const { column, operator, value } = rule
  if (operator === '=' || operator === '!=') return { kind: 'text', column, operator, value }
  complaints.push({
    kind: 'type',
    column,
    message: `The rule asks for ${column} ${operator} "${value}", but ${column} is text.`,
    fix: 'Compare text with = or !=',
  })
  return { kind: 'text', column, operator: '=', value }
}

function numberOf(text: string, { type }: Column): number {
  if (type === 'boolean') return /^(true|yes|1)$/i.test(text) ? 1 : /^(false|no|0)$/i.test(text) ? 0 : Number.NaN
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  return text.trim() === '' ? Number.NaN : Number(text)
}
