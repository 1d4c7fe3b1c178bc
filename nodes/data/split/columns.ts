import type { Column, Problem } from '#contract'

export interface SplitOptions {
  readonly method: 'random' | 'stratified' | 'hash' | 'time' | 'grouped' | 'existing'
  readonly train: number
  readonly validation: number
  readonly test: number
  readonly folds: number
  readonly by: string
  readonly name: string
}

export type SplitPlan =
  | { readonly ok: true; readonly columns: readonly Column[]; readonly by: Column | undefined }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const needed = {
  random: undefined,
  stratified: 'target',
  hash: 'id',
  time: 'time',
  grouped: undefined,
  existing: 'split',
} as const

const refuse = (problem: Problem): SplitPlan => ({ ok: false, problems: [problem] })

/** The column that decides: the chosen one, else the one whose role suits the method. */
function deciding(columns: readonly Column[], { method, by }: SplitOptions): Column | Problem | undefined {
  if (method === 'random') return undefined
  if (by !== '')
    return (
      columns.find(({ name }) => name === by) ?? {
        code: 'column-unknown',
        message: `The table has no column "${by}".`,
        path: ['params', 'by'],
        columns: [by],
        fix: `Choose among ${columns
          .slice(0, 12)
          .map(({ name }) => name)
          .join(', ')}${columns.length > 12 ? ' …' : ''}`,
      }
    )
  const role = needed[method]
  return (
    columns.find((column) => role !== undefined && column.role === role) ?? {
      code: 'role-missing',
      message:
        role === undefined
          ? `Splitting by ${method} needs a column, and none is chosen.`
          : `Splitting by ${method} needs a column; none is chosen and none has the role ${role}.`,
      path: ['params', 'by'],
      fix: 'Choose a column',
    }
  )
}

const isProblem = (value: Column | Problem | undefined): value is Problem => value !== undefined && 'code' in value

/** A table has one split: an older one becomes a label, so that no model learns from it. */
function withoutOldSplit(columns: readonly Column[]): Column[] {
  return columns.map((column) => (column.role === 'split' ? { ...column, role: 'label' } : column))
}

/** The columns that come out, known before any run. */
export function splitColumns(columns: readonly Column[], options: SplitOptions): SplitPlan {
  const by = deciding(columns, options)
  if (isProblem(by)) return refuse(by)
  if (options.method === 'existing') {
    const marked = withoutOldSplit(columns).map(
      (column): Column => (column.name === by!.name ? { ...column, role: 'split' } : column),
    )
    return { ok: true, columns: marked, by }
  }
  if (options.folds === 1 || (options.folds === 0 && options.train + options.validation + options.test <= 0))
    return refuse({
      code: 'parameter-bad',
      message: options.folds === 1 ? 'One fold is not a split.' : 'All shares are 0.',
      path: ['params', options.folds === 1 ? 'folds' : 'train'],
      fix: options.folds === 1 ? 'Choose two folds or more, or 0 for parts' : 'Give at least one part a share',
    })
  if (by?.name === options.name)
    return refuse({
      code: 'parameter-bad',
      message: `The new column can not replace "${options.name}", which decides the split.`,
      path: ['params', 'name'],
      fix: 'Choose another name for the new column',
    })
  const rest = withoutOldSplit(columns).filter(({ name }) => name !== options.name)
  const split: Column = {
    name: options.name,
    type: options.folds > 0 ? 'integer' : 'text',
    nullable: false,
    role: 'split',
  }
  return { ok: true, columns: [...rest, split], by }
}
