import {
  type ColumnRole,
  type DataSchema,
  type FrameColumn,
  ProblemError,
  type RunContext,
  type SchemaColumn,
  type Table,
} from '#contract'
import { cellText, textCells } from '#ml/frame'
import { type RoleChoices, type RoleColumn, type SchemaOverride, schemaColumns } from './assign-roles.ts'

interface SchemaOptions extends RoleChoices {
  readonly favourable: string
  readonly domainLimit: number
  readonly slack: number
  readonly rules: DataSchema['rules']
}

/** The range found, widened by the slack; it does not cross zero on its own, and whole numbers keep whole limits. */
function rangeOf(column: FrameColumn, values: Float64Array, slack: number): Pick<SchemaColumn, 'min' | 'max'> {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return {}
  const margin = (high - low) * slack
  const isWhole = column.type !== 'number'
  const from = low >= 0 ? Math.max(0, low - margin) : low - margin
  const to = high <= 0 ? Math.min(0, high + margin) : high + margin
  return { min: isWhole ? Math.floor(from) : from, max: isWhole ? Math.ceil(to) : to }
}

function countMissing({ cells }: FrameColumn): number {
  let missing = 0
  if (cells.kind === 'text') for (const code of cells.codes) missing += code < 0 ? 1 : 0
  else for (const value of cells.values) missing += Number.isNaN(value) ? 1 : 0
  return missing
}

/** Levels that occur; undefined when there are more than the limit. */
function domainOf(column: FrameColumn, limit: number): readonly string[] | undefined {
  if (column.cells.kind !== 'text' || limit === 0) return undefined
  const { codes, levels } = column.cells
  const occurs = new Uint8Array(levels.length)
  for (const code of codes) if (code >= 0) occurs[code] = 1
  const found = levels.filter((_, code) => occurs[code] === 1)
  const isList = found.length > 0 && found.length <= limit && found.length <= Math.max(2, codes.length / 2)
  return isList ? found : undefined
}

function isUnique(column: FrameColumn): boolean {
  const { codes } = textCells(column)
  const known = codes.filter((code) => code >= 0)
  return known.length > 0 && new Set(known).size === known.length
}

function stripUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T
}

const named: ReadonlySet<ColumnRole> = new Set(['id', 'time', 'label'])

/** What the cells of a column say, as an expectation. A retyped column gets no range or domain of its old type. */
function expect(column: FrameColumn, role: RoleColumn, rows: number, options: SchemaOptions): SchemaColumn {
  const missing = countMissing(column)
  const keepsType = role.type === column.type
  const share = rows === 0 ? 0 : missing / rows
  const override: Partial<SchemaOverride> = options.overrides.find(({ column: name }) => name === column.name) ?? {}
  const { column: _, role: __, type: ___, ...expectations } = override
  const found: SchemaColumn = stripUndefined({
    name: column.name,
    type: role.type,
    role: role.role,
    required: true,
    nullable: missing > 0 || rows === 0,
    maxMissing: missing > 0 ? Math.min(1, Math.ceil(share * 100 + 5) / 100) : undefined,
    domain: keepsType && !named.has(role.role) ? domainOf(column, options.domainLimit) : undefined,
    ...(keepsType && column.cells.kind === 'number' && column.type !== 'boolean' && !named.has(role.role)
      ? rangeOf(column, column.cells.values, options.slack)
      : {}),
    unique: role.role === 'id' && isUnique(column) ? true : undefined,
  } as SchemaColumn)
  return { ...found, ...stripUndefined(expectations) }
}

const favourableNames = ['yes', 'true', '1', 'approved', 'good']

/** The value people want: the chosen one, else a well-known name among the target's two values. */
function favourableOf(target: FrameColumn | undefined, chosen: string): string | undefined {
  if (!target) return chosen || undefined
  const { codes, levels } = textCells(target)
  const present = levels.filter((_, code) => codes.includes(code))
  if (chosen === '')
    return present.length === 2
      ? favourableNames.map((name) => present.find((level) => level.toLowerCase() === name)).find(Boolean)
      : undefined
  if (codes.length > 0 && !present.includes(chosen))
    throw new ProblemError({
      code: 'parameter-bad',
      message: `The favourable outcome "${chosen}" does not occur in ${target.name}.`,
      path: ['params', 'favourable'],
      columns: [target.name],
      fix: `Choose one of ${present.slice(0, 12).join(', ')}`,
    })
  return chosen
}

export async function inferSchema(a: {
  inputs: { readonly table: Table }
  params: SchemaOptions
  context: RunContext
}): Promise<{ schema: DataSchema }> {
  const { inputs, params, context } = a
  const roles = schemaColumns(inputs.table.columns, params)
  if (!roles.ok) throw new ProblemError(roles.problems)
  context.progress(0, 'reading')
  const frame = await context.tables.read(inputs.table)
  const columns = frame.columns.map((column, index) => {
    context.progress((index + 1) / frame.columns.length, column.name)
    return expect(column, roles.columns[index]!, frame.rows, params)
  })
  const target = frame.columns.find((_, index) => roles.columns[index]!.role === 'target')
  const favourable = favourableOf(target, params.favourable)
  return {
    schema: {
      kind: 'schema',
      columns,
      ...(favourable === undefined ? {} : { favourable }),
      rules: params.rules.map(({ name, condition }) => ({ name, condition })),
    },
  }
}

/** A limit as text: dates as days. */
export function limitText(column: SchemaColumn, value: number): string {
  if (column.type !== 'date') return String(Number(value.toPrecision(12)))
  const cells = { kind: 'number', values: Float64Array.of(value) } as const
  return cellText({ ...column, cells }, 0)!.slice(0, 10)
}
