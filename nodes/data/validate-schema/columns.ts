import type { Column } from '#contract'

/** A column name for the reasons that no column of the table has. */
export function reasonName(columns: readonly Column[]): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()))
  let name = 'reason'
  for (let number = 2; taken.has(name); number++) name = `reason_${number}`
  return name
}

export function quarantinedColumns(columns: readonly Column[]): Column[] {
  return [...columns, { name: reasonName(columns), type: 'text', nullable: false, role: 'label' }]
}

/** The columns that flow on, in the table's order, with type and role of the schema. */
export function acceptedColumns(
  columns: readonly Column[],
  expected: readonly Pick<Column, 'name' | 'type' | 'role'>[],
  newColumns: 'drop' | 'keep',
): Column[] {
  const known = new Map(expected.map((column) => [column.name, column]))
  return columns.flatMap((column): Column[] => {
    const wanted = known.get(column.name)
    if (wanted) {
      const { name, nullable, image } = column
      const { type, role } = wanted
      return [
        { name, type, nullable, ...(role !== undefined && { role }), ...(type === 'image' && image && { image }) },
      ]
    }
    return newColumns === 'keep' ? [{ ...column, role: 'label' }] : []
  })
}
