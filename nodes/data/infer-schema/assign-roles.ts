import type { Column, ColumnRole, ColumnType, Problem, SchemaColumn } from '#contract'

export type SchemaOverride = { readonly column: string } & {
  readonly [K in Exclude<keyof SchemaColumn, 'name' | 'required'>]?: SchemaColumn[K] | undefined
}

export interface RoleChoices {
  readonly target: string
  readonly protected: readonly string[]
  readonly id: string
  readonly weight: string
  readonly time: string
  readonly ignore: readonly string[]
  readonly guess: boolean
  readonly overrides: readonly SchemaOverride[]
}

export type RoleColumn = Column & { readonly role: ColumnRole }

/** Names that stand for attributes the law protects, in the spellings that data sets use. */
const protectedNames = new Set([
  'age',
  'agegroup',
  'ageband',
  'sex',
  'gender',
  'race',
  'ethnicity',
  'ethnicgroup',
  'religion',
  'nationality',
  'nativecountry',
  'disability',
  'sexualorientation',
  'maritalstatus',
  'marriage',
  'pregnancy',
  'foreignworker',
  'personalstatussex',
  'seniorcitizen',
  'skincolour',
  'skincolor',
])
const targetNames = new Set(['target', 'label', 'class', 'outcome'])

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '')

function guessRole(column: Column, hasTarget: boolean, hasProtected: boolean, hasId: boolean): ColumnRole | undefined {
  const name = plain(column.name)
  if (!hasProtected && protectedNames.has(name)) return 'protected'
  if (!hasTarget && targetNames.has(column.name.toLowerCase())) return 'target'
  if (!hasId && (name === 'id' || name === 'rowid' || name === 'rownames')) return 'id'
  if (name === 'split' && column.type === 'text') return 'split'
  return undefined
}

function chosenRoles(choices: RoleChoices): Map<string, ColumnRole> {
  const roles = new Map<string, ColumnRole>()
  for (const name of choices.ignore) roles.set(name, 'label')
  for (const name of choices.protected) roles.set(name, 'protected')
  for (const role of ['target', 'id', 'weight', 'time'] as const)
    if (choices[role] !== '') roles.set(choices[role], role)
  for (const { column, role } of choices.overrides) if (role !== undefined) roles.set(column, role)
  return roles
}

function unknownNames(columns: readonly Column[], choices: RoleChoices): Problem[] {
  const known = new Set(columns.map(({ name }) => name))
  const asked: (readonly [path: string, names: readonly string[]])[] = [
    ['target', [choices.target]],
    ['protected', choices.protected],
    ['id', [choices.id]],
    ['weight', [choices.weight]],
    ['time', [choices.time]],
    ['ignore', choices.ignore],
    ['overrides', choices.overrides.map(({ column }) => column)],
  ]
  return asked.flatMap(([path, names]) => {
    const missing = names.filter((name) => name !== '' && !known.has(name))
    if (missing.length === 0) return []
    return {
      code: 'column-unknown' as const,
      message: `The table has no column ${missing.map((name) => `"${name}"`).join(', ')}.`,
      path: ['params', path],
      columns: missing.slice(0, 20),
      fix: `Choose among ${columns
        .slice(0, 12)
        .map(({ name }) => name)
        .join(', ')}${columns.length > 12 ? ' …' : ''}`,
    }
  })
}

function clashes(choices: RoleChoices): Problem[] {
  const seen = new Map<string, string>()
  const problems: Problem[] = []
  for (const path of ['target', 'id', 'weight', 'time'] as const) {
    const name = choices[path]
    if (name === '') continue
    const other = seen.get(name) ?? (choices.protected.includes(name) ? 'protected' : undefined)
    if (other !== undefined)
      problems.push({
        code: 'parameter-bad',
        message: `The column "${name}" is chosen as ${other} and as ${path}; a column has one role.`,
        path: ['params', path],
        columns: [name],
        fix: `Choose another column as ${path}`,
      })
    seen.set(name, path)
  }
  return problems
}

/** Types that a column's cells can be turned into without guessing what was meant. */
const conversions: Readonly<Record<ColumnType, readonly ColumnType[]>> = {
  boolean: ['boolean', 'integer', 'number', 'text'],
  integer: ['integer', 'number', 'boolean', 'text'],
  number: ['number', 'integer', 'text'],
  text: ['text', 'integer', 'number', 'boolean', 'date', 'image'],
  date: ['date', 'text'],
  image: ['image', 'text'],
}

function badTypes(columns: readonly Column[], choices: RoleChoices): Problem[] {
  return choices.overrides.flatMap(({ column: name, type }, index) => {
    const column = columns.find((candidate) => candidate.name === name)
    if (!column || type === undefined || conversions[column.type].includes(type)) return []
    return {
      code: 'column-type' as const,
      message: `The column "${name}" is ${column.type} and can not become ${type}.`,
      path: ['params', 'overrides', index, 'type'],
      columns: [name],
      fix: `Choose one of ${conversions[column.type].join(', ')}`,
    }
  })
}

/**
 * Role, type and nullability of every column, from what is known before any run: the parameters, then the table, then
 * names. The first choice that speaks decides.
 */
export function schemaColumns(
  columns: readonly Column[],
  choices: RoleChoices,
):
  | { readonly ok: true; readonly columns: readonly RoleColumn[] }
  | { readonly ok: false; readonly problems: Problem[] } {
  const problems = [...unknownNames(columns, choices), ...clashes(choices), ...badTypes(columns, choices)]
  if (problems.length > 0) return { ok: false, problems }
  const chosen = chosenRoles(choices)
  const has = (role: ColumnRole) =>
    [...chosen.values()].includes(role) || columns.some((column) => column.role === role && !chosen.has(column.name))
  const [hasTarget, hasProtected, hasId] = [has('target'), has('protected'), has('id')]
  const ownRole = (column: Column): ColumnRole | undefined => {
    // A role that a parameter gives to one column alone leaves the table's own holder a plain feature.
    const single =
      column.role === 'target' || column.role === 'id' || column.role === 'weight' || column.role === 'time'
    if (column.role === undefined || column.role === 'feature') return undefined
    if (single && [...chosen.values()].includes(column.role)) return column.role === 'target' ? 'label' : 'feature'
    return column.role
  }
  return {
    ok: true,
    columns: columns.map((column): RoleColumn => {
      const override = choices.overrides.find((candidate) => candidate.column === column.name)
      const guessed = choices.guess ? guessRole(column, hasTarget, hasProtected, hasId) : undefined
      return {
        name: column.name,
        type: override?.type ?? column.type,
        nullable: column.nullable,
        role: chosen.get(column.name) ?? ownRole(column) ?? guessed ?? 'feature',
      }
    }),
  }
}
