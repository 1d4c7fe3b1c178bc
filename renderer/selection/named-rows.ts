import type { Column, ColumnCondition, Engine, Hash, RowPredicate, Stretches, Table } from '#contract'
import { cellValue } from './matches-row.ts'
import { countPlaces } from './stretches.ts'

/** Rows by their identifiers, or by their places in the content they were chosen in. */
export type NamedRows =
  | (ColumnCondition & { readonly of: Column })
  | { readonly places: Stretches; readonly content: Hash }

/** More identifiers make a parameter nobody reads. */
const mostIdentifiers = 300

/** How a node can be told rows that no condition on columns says: by a column of role id that tells exactly them, else by place. */
export async function namedRows(engine: Engine, table: Hash, where: RowPredicate): Promise<NamedRows> {
  const places = await engine.chosenPlaces({ table, where })
  const { columns, data } = (await engine.value({ hash: table })) as unknown as Table
  const at = columns.findIndex(({ role }) => role === 'id')
  const count = countPlaces(places)
  if (at >= 0 && count > 0 && count <= mostIdentifiers) {
    const column = columns[at]!
    const { rows } = await engine.rows({ table, where, offset: 0, limit: count, columns: [at, at] })
    const values = rows.map(([cell]) => cellValue(cell ?? null, column)).filter((value) => value !== undefined)
    const condition = { column: column.name, values: [...new Set(values)] }
    const same = values.length === count && (await isAlone(engine, table, condition, count))
    if (same) return { ...condition, of: column }
  }
  return { places, content: data }
}

/** Whether a condition holds for so many rows and no more. */
async function isAlone(engine: Engine, table: Hash, condition: ColumnCondition, count: number): Promise<boolean> {
  const { selected } = await engine.countSelected({ table, where: [condition], bars: [] })
  return selected === count
}
