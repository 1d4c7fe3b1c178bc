import { type Column, type Frame, type Problem, ProblemError } from '#contract'
import { crossGroups, type Groups, protectedGroups } from '#ml/fairness/protected-groups'
import { columnOf } from '#ml/frame'
import { protectedNames } from '#ml/roles'

export interface AuditColumns {
  readonly protected: readonly string[]
  readonly references: readonly { readonly column: string; readonly group: string }[]
  readonly bins: readonly { readonly column: string; readonly edges: string }[]
}

/** Groups by one protected column, or by several at once. */
export interface Attribute {
  readonly columns: readonly string[]
  readonly groups: Groups
  /** Name of the reference group; '' lets the rates decide. */
  readonly reference: string
}

const mostGroups = 100

export const auditedColumns = (columns: readonly Column[], params: AuditColumns): readonly string[] =>
  params.protected.length > 0 ? [...new Set(params.protected)] : protectedNames(columns)

/** Edges as they are typed: "30, 60". Dates as 2000-01-31. Undefined when a part is not a number or date. */
export function parseEdges(text: string): readonly number[] | undefined {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const edges = parts.map((part) => (/^\d{4}-\d{2}-\d{2}$/.test(part) ? Date.parse(part) : Number(part)))
  return edges.length > 0 && edges.every(Number.isFinite) ? edges : undefined
}

/** What is wrong with the columns and bins, as far as the table's columns tell. */
export function attributeProblems(columns: readonly Column[], params: AuditColumns): Problem[] {
  const audited = auditedColumns(columns, params)
  if (audited.length === 0)
    return [
      {
        code: 'role-missing',
        message: 'No column of the table has the role protected, and none is chosen here.',
        path: ['params', 'protected'],
        fix: 'Choose protected columns, or give them the role protected in the schema',
      },
    ]
  return [
    ...audited.flatMap((name) => columnProblems(name, columns)),
    ...strayRows('references', params.references, audited),
    ...strayRows('bins', params.bins, audited),
    ...params.bins.flatMap(({ column, edges }, index) => edgeProblems(column, edges, index, columns)),
  ]
}

function columnProblems(name: string, columns: readonly Column[]): Problem[] {
  const column = columns.find((candidate) => candidate.name === name)
  if (column && column.type !== 'image') return []
  return [
    {
      code: column ? 'column-type' : 'column-unknown',
      message: column
        ? `The protected column ${name} holds images, which are no groups.`
        : `The protected column "${name}" is not a column of the table.`,
      path: ['params', 'protected'],
      fix: 'Choose columns with groups, such as sex or age',
      columns: [name],
    },
  ]
}

function strayRows(
  param: 'references' | 'bins',
  rows: readonly { readonly column: string }[],
  audited: readonly string[],
): Problem[] {
  return rows.flatMap(({ column }, index) =>
    audited.includes(column)
      ? []
      : [
          {
            code: 'column-unknown' as const,
            message: `"${column}" is not one of the protected columns (${audited.join(', ')}).`,
            path: ['params', param, index, 'column'],
            fix: `Choose one of ${audited.join(', ')}`,
          },
        ],
  )
}

function edgeProblems(name: string, edges: string, index: number, columns: readonly Column[]): Problem[] {
  const column = columns.find((candidate) => candidate.name === name)
  const path = ['params', 'bins', index, 'edges']
  if (column && (column.type === 'text' || column.type === 'boolean'))
    return [
      {
        code: 'column-type',
        message: `${name} is ${column.type}; only numbers and dates are cut into groups.`,
        path,
        fix: `Remove the edges of ${name}`,
        columns: [name],
      },
    ]
  if (parseEdges(edges)) return []
  return [
    {
      code: 'parameter-bad',
      message: `The edges of ${name} can not be read: "${edges}".`,
      path,
      fix: 'Write numbers with commas between them, such as 30, 60',
    },
  ]
}

/** The groups of every audited column at the judged rows. */
export function singleAttributes(frame: Frame, names: readonly string[], params: AuditColumns): Attribute[] {
  return names.map((name) => {
    const edges = params.bins.find(({ column }) => column === name)?.edges
    const groups = protectedGroups(columnOf(frame, name), edges === undefined ? [] : (parseEdges(edges) ?? []))
    const reference = params.references.find(({ column }) => column === name)?.group ?? ''
    const problem = tooMany(name, groups) ?? unknownReference(name, groups, reference, params)
    if (problem) throw new ProblemError(problem)
    return { columns: [name], groups, reference }
  })
}

function tooMany(name: string, { names }: Groups): Problem | undefined {
  if (names.length <= mostGroups) return undefined
  return {
    code: 'not-supported',
    message: `${name} has ${names.length} different values; up to ${mostGroups} groups can be compared.`,
    path: ['params', 'protected'],
    fix: `Choose a column with fewer groups in place of ${name}`,
    columns: [name],
  }
}

function unknownReference(name: string, { names }: Groups, reference: string, params: AuditColumns) {
  if (reference === '' || names.includes(reference)) return undefined
  return {
    code: 'parameter-bad' as const,
    message: `${name} has no group "${reference}" among the judged rows.`,
    path: ['params', 'references', params.references.findIndex(({ column }) => column === name), 'group'],
    fix: `Choose one of ${names.slice(0, 12).join(', ')}`,
    columns: [name],
  }
}

/** Every two attributes crossed; pairs with too many groups are left out and told. */
export function crossedAttributes(attributes: readonly Attribute[], onLeftOut: (columns: string) => void): Attribute[] {
  return attributes.flatMap((first, index) =>
    attributes.slice(index + 1).flatMap((second) => {
      const groups = crossGroups([first.groups, second.groups])
      const columns = [...first.columns, ...second.columns]
      if (groups.names.length <= 2 * mostGroups) return [{ columns, groups, reference: '' }]
      onLeftOut(columns.join(' and '))
      return []
    }),
  )
}
