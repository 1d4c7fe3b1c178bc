import type { Column, ColumnRole, Problem } from '#contract'

/** What learners may look at: columns of role feature or of none. */
export const isFeature = ({ role, type }: Column) => (role === undefined || role === 'feature') && type !== 'image'

export const featureColumns = (columns: readonly Column[]) => columns.filter(isFeature)

export const columnOfRole = (columns: readonly Column[], role: ColumnRole) =>
  columns.find((column) => column.role === role)

/**
 * The target: the column named by a node's parameter `target`, else the one of role target. Gives the problem to report
 * when there is none.
 */
export function targetColumn(columns: readonly Column[], named: string): Column | Problem {
  if (named !== '') {
    const column = columns.find(({ name }) => name === named)
    return (
      column ?? {
        code: 'column-unknown',
        message: `The target "${named}" is not a column of the table.`,
        path: ['params', 'target'],
        fix: `Choose one of ${columns
          .slice(0, 12)
          .map(({ name }) => name)
          .join(', ')}`,
      }
    )
  }
  return (
    columnOfRole(columns, 'target') ?? {
      code: 'role-missing',
      message: 'No column of the table has the role target, and no target is named here.',
      path: ['params', 'target'],
      fix: 'Choose a target, or give a column the role target in the schema',
    }
  )
}

export const isProblem = (value: Column | Problem): value is Problem => 'code' in value

/** The features of a table when `target` is predicted: the target itself is never one, whatever its role. */
export const featuresFor = (columns: readonly Column[], target: Column) =>
  featureColumns(columns).filter(({ name }) => name !== target.name)

export const protectedNames = (columns: readonly Column[]) =>
  columns.filter(({ role }) => role === 'protected').map(({ name }) => name)
