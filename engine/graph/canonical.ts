/**
 * Canonical JSON: keys sorted by code unit, no spaces, absent keys left out, -0 as 0. The text every hash is taken of.
 * Numbers that JSON can not say (NaN, Infinity) are refused: a document that holds one was made by a faulty node.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object') return canonicalObject(value as Readonly<Record<string, unknown>>)
  throw new TypeError(`JSON has no ${typeof value}`)
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`)
  return JSON.stringify(value)
}

function canonicalObject(value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`
}
