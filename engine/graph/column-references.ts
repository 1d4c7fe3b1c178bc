import type { Column, JsonValue } from '#contract'

/** A place in a node's parameters that names a column of one of its input tables. */
export interface ColumnReference {
  readonly name: string
  /** Where it stands in the parameters. */
  readonly path: readonly (string | number)[]
  readonly title: string
  /** The input port whose table has the column. */
  readonly of: string
  readonly types?: readonly Column['type'][]
}

type Schema = Readonly<Record<string, JsonValue>>
type Path = readonly (string | number)[]

/** All column names in parameters, found by the `widget: column(s)` marks of their JSON Schema; hidden parameters are left out. */
export function columnReferences(schema: JsonValue, params: Readonly<Record<string, JsonValue>>): ColumnReference[] {
  if (!isObject(schema)) return []
  const found = new Map<string, ColumnReference>()
  walk(schema, params, [], { root: schema, found, depth: 0 })
  return [...found.values()]
}

interface Walk {
  readonly root: Schema
  readonly found: Map<string, ColumnReference>
  readonly depth: number
}

const deepest = 40

function walk(schema: Schema, value: JsonValue | undefined, path: Path, state: Walk): void {
  if (value === undefined || value === null || state.depth > deepest) return
  const inner = { ...state, depth: state.depth + 1 }
  if (schema.widget === (Array.isArray(value) ? 'columns' : 'column')) collect(schema, value, path, state)
  for (const other of [resolved(schema, state.root), ...choices(schema)]) if (other) walk(other, value, path, inner)
  if (Array.isArray(value)) walkItems(schema, value, path, inner)
  else if (isObject(value)) walkProperties(schema, value, path, inner)
}

function walkItems(schema: Schema, value: readonly JsonValue[], path: Path, state: Walk): void {
  const fixed = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
  value.forEach((item, index) => {
    const itemSchema = fixed[index] ?? schema.items
    if (isObject(itemSchema)) walk(itemSchema, item, [...path, index], state)
  })
}

function walkProperties(schema: Schema, value: Schema, path: Path, state: Walk): void {
  const properties = isObject(schema.properties) ? schema.properties : {}
  for (const [key, item] of Object.entries(value)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
    if (isObject(property) && isShown(property, value, properties)) walk(property, item, [...path, key], state)
  }
}

/** Whether a parameter is shown while its siblings have these values (its `when`). */
export function isShown(property: Schema, siblings: Schema, properties: Schema = {}): boolean {
  if (!isObject(property.when)) return true
  return Object.entries(property.when).every(([name, allowed]) => {
    const sibling = properties[name]
    const value = siblings[name] ?? (isObject(sibling) ? sibling.default : undefined) ?? null
    return Array.isArray(allowed) && allowed.some((choice) => choice === value)
  })
}

function collect(schema: Schema, value: JsonValue, path: Path, state: Walk): void {
  const add = (name: JsonValue, at: Path) => {
    if (typeof name !== 'string' || name === '') return
    state.found.set(at.join('\u0000'), {
      name,
      path: at,
      title: typeof schema.title === 'string' ? schema.title : String(path.at(-1) ?? 'column'),
      of: typeof schema.of === 'string' ? schema.of : 'table',
      ...(Array.isArray(schema.types) ? { types: schema.types as readonly Column['type'][] } : {}),
    })
  }
  if (Array.isArray(value)) for (const [index, name] of value.entries()) add(name, [...path, index])
  else add(value, path)
}

function choices(schema: Schema): Schema[] {
  return [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) =>
    Array.isArray(list) ? list.filter(isObject) : [],
  )
}

function resolved(schema: Schema, root: Schema): Schema | undefined {
  if (typeof schema.$ref !== 'string' || !schema.$ref.startsWith('#/$defs/')) return undefined
  const target = isObject(root.$defs) ? root.$defs[schema.$ref.slice('#/$defs/'.length)] : undefined
  return isObject(target) ? target : undefined
}

function isObject(value: JsonValue | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
