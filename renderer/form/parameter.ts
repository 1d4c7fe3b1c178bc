import type { ColumnType, JsonValue, NodeCard, ParameterMeta } from '#contract'

export type ParameterKind =
  | 'boolean'
  | 'choice'
  | 'number'
  | 'slider'
  | 'text'
  | 'column'
  | 'columns'
  | 'texts'
  | 'file'
  | 'metric'
  | 'code'
  | 'rows'
  | 'json'

/** One field of a form: what the JSON Schema of a parameter says, sorted for drawing. */
export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
  readonly title: string
  readonly description: string
  readonly default?: JsonValue
  readonly choices: readonly JsonValue[]
  /** Empty means null rather than the default. */
  readonly nullable: boolean
  readonly integer: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly unit?: string
  readonly placeholder?: string
  /** A text of some sentences. */
  readonly prose?: true
  readonly of: string
  readonly types?: readonly ColumnType[]
  readonly advanced: boolean
  readonly when?: Readonly<Record<string, readonly JsonValue[]>>
  /** Columns of a small table. */
  readonly items: readonly Parameter[]
}

type Schema = Readonly<Record<string, unknown>> & Partial<ParameterMeta>

export function parametersOf(card: Pick<NodeCard, 'params' | 'defaults'>): readonly Parameter[] {
  return propertiesOf(card.params as Schema, card.defaults)
}

function propertiesOf(schema: Schema, defaults: Readonly<Record<string, JsonValue>> = {}): readonly Parameter[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  return Object.entries(properties).map(([name, property]) => parameter(name, property, defaults[name]))
}

function parameter(name: string, schema: Schema, known: JsonValue | undefined): Parameter {
  const core = { ...schema, ...plainSchema(schema) } as Schema
  const choices = choicesOf(schema)
  const types = typesOf(schema)
  const value = known ?? (schema.default as JsonValue | undefined)
  const limit = (key: string) => bounded(core[key])
  const minimum = limit('minimum') ?? limit('exclusiveMinimum')
  const maximum = limit('maximum') ?? limit('exclusiveMaximum')
  const { unit, placeholder, when } = schema
  return {
    name,
    kind: kindOf(core, choices, types, { minimum, maximum }),
    title: schema.title ?? words(name),
    description: schema.description ?? '',
    choices,
    nullable: types.includes('null'),
    integer: core.type === 'integer',
    of: schema.of ?? 'table',
    advanced: schema.advanced === true,
    items: core.type === 'array' ? propertiesOf((core.items ?? {}) as Schema) : [],
    ...(value === undefined ? {} : { default: value }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(unit === undefined ? {} : { unit }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(schema.types === undefined ? {} : { types: schema.types }),
    ...(schema.widget === 'prose' ? { prose: true } : {}),
    ...(when === undefined ? {} : { when }),
  }
}

/** The part of a union that is not null, when there is one. */
function plainSchema(schema: Schema): Schema {
  const parts = (schema.anyOf ?? schema.oneOf ?? []) as readonly Schema[]
  const others = parts.filter((part) => part.type !== 'null')
  const plain = others.length === 1 ? others[0]! : {}
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : undefined
  return { ...plain, ...(type === undefined ? {} : { type }) }
}

function typesOf(schema: Schema): readonly unknown[] {
  const parts = (schema.anyOf ?? schema.oneOf ?? []) as readonly Schema[]
  return [schema.type, ...parts.map((part) => part.type)].flat()
}

function choicesOf(schema: Schema): readonly JsonValue[] {
  if (Array.isArray(schema.enum)) return schema.enum as JsonValue[]
  const parts = (schema.anyOf ?? schema.oneOf ?? []) as readonly Schema[]
  const values = parts
    .filter((part) => part.type !== 'null')
    .map((part) => part.enum ?? ('const' in part ? [part.const] : null))
  return parts.length > 0 && values.every((value) => value !== null) ? (values.flat() as JsonValue[]) : []
}

function kindOf(
  schema: Schema,
  choices: readonly JsonValue[],
  types: readonly unknown[],
  limits: { minimum: number | undefined; maximum: number | undefined },
): ParameterKind {
  const { widget } = schema
  if (widget === 'column' || widget === 'columns' || widget === 'file' || widget === 'code' || widget === 'metric')
    return widget
  if (choices.length > 0) return 'choice'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'number' || schema.type === 'integer')
    return widget === 'slider' && limits.minimum !== undefined && limits.maximum !== undefined ? 'slider' : 'number'
  if (schema.type === 'string') return 'text'
  if (schema.type === 'array') {
    const items = (schema.items ?? {}) as Schema
    if (items.type === 'object' && items.properties) return 'rows'
    if (items.type === 'string') return 'texts'
  }
  return types.includes('string') && types.includes('number') ? 'text' : 'json'
}

/** Limits worth showing: those of the number format itself are not. */
function bounded(limit: unknown): number | undefined {
  return typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : undefined
}

function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** Whether a field is shown, by the values (defaults included) of the parameters it depends on. */
export function isShown(parameter: Parameter, values: Readonly<Record<string, JsonValue>>): boolean {
  return Object.entries(parameter.when ?? {}).every(([name, allowed]) =>
    allowed.some((value) => JSON.stringify(value) === JSON.stringify(values[name])),
  )
}
