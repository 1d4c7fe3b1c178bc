import type { Rule } from '../baseline/parse-rule.ts'

/** How a condition of a form compares a column: with one value, with a list of them, or by being there at all. */
export const rowOperators = ['=', '!=', '<', '<=', '>', '>=', 'one of', 'is missing', 'is present'] as const

export interface RowCondition {
  readonly column: string
  readonly operator: (typeof rowOperators)[number]
  readonly value: string
}

/** The parts of a list such as `car, "home, new"`: between commas, or between quotes, in which "" is one quote. */
export function listedValues(list: string): string[] {
  if (list.trim() === '') return []
  const part = /\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/uy
  const values: string[] = []
  for (let at = 0; at <= list.length; at = part.lastIndex) {
    part.lastIndex = at
    const found = part.exec(list)
    if (!found) return [...values, list.slice(at).trim()]
    values.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (part.lastIndex >= list.length && !found[0].endsWith(',')) break
  }
  return values
}

/** A condition as a rule; a list is met by any of its values. */
export function conditionRule({ column, operator, value }: RowCondition): Rule {
  if (operator === 'is missing' || operator === 'is present')
    return { kind: 'missing', column, missing: operator === 'is missing' }
  if (operator !== 'one of') return { kind: 'comparison', column, operator, value }
  const parts = listedValues(value).map((one): Rule => ({ kind: 'comparison', column, operator: '=', value: one }))
  return { kind: 'or', parts }
}

/** "age >= 20", "purpose one of car, home", "debt is missing". */
export function conditionWords({ column, operator, value }: RowCondition): string {
  return operator.startsWith('is ') ? `${column} ${operator}` : `${column} ${operator} ${value}`
}
