import type { Column, SchemaColumn } from '#contract'

/** A column's part of a data contract: whether a value keeps it, and what it asks for in words. */
export interface ContractTest {
  holds(value: number | string): boolean
  readonly expected: string
}

/** Domain, range and pattern as data/validate-schema checks them; undefined where the contract asks for none. */
export function contractTest(
  { domain, min, max, pattern }: Pick<SchemaColumn, 'domain' | 'min' | 'max' | 'pattern'>,
  type: Column['type'],
): ContractTest | undefined {
  if (type === 'text' || type === 'image') {
    const allowed = domain && new Set(domain)
    const regex = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u')
    if (!allowed && !regex) return undefined
    return {
      holds: (value) => (!allowed || allowed.has(String(value))) && (!regex || regex.test(String(value))),
      expected: allowed ? `one of ${domain!.slice(0, 12).join(', ')}` : `a text like ${pattern}`,
    }
  }
  if (min === undefined && max === undefined) return undefined
  const [low, high] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY]
  const word = (bound: number) => (type === 'date' ? new Date(bound).toISOString().slice(0, 10) : String(bound))
  const bounds = [
    ...(min === undefined ? [] : [`at least ${word(min)}`]),
    ...(max === undefined ? [] : [`at most ${word(max)}`]),
  ]
  return { holds: (value) => Number(value) >= low && Number(value) <= high, expected: bounds.join(' and ') }
}
