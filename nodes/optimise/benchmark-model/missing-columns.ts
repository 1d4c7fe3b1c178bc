import type { Column, Problem } from '#contract'

/** The problem of a table that lacks columns a model needs; none when all are there or nothing is known. */
export function missingColumns(
  features: readonly Column[] | undefined,
  columns: readonly Column[] | undefined,
): readonly Problem[] {
  const known = new Set(columns?.map(({ name }) => name))
  const names = columns ? (features ?? []).map(({ name }) => name).filter((name) => !known.has(name)) : []
  if (names.length === 0) return []
  return [
    {
      code: 'column-unknown',
      message: `The table does not have ${names.slice(0, 5).join(', ')}, which the model needs.`,
      path: ['inputs', 'table'],
      fix: 'Connect a table with the columns the model was trained on',
      columns: names.slice(0, 20),
    },
  ]
}
