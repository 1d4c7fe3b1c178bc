import type { Column, RowMatch, Table } from '#contract'
import type { BlobFiles } from './blob-files.ts'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { createViews } from './query-table.ts'

/** How rows of a table are found again in the table it was made from. */
export interface Matching {
  readonly how: RowMatch
  /** Columns that they are known by. */
  readonly by: readonly string[]
}

export interface TablePair {
  readonly before: Table
  readonly after: Table
}

/** Columns that both tables have in the same type; pictures only where there is nothing else. */
function sharedColumns({ before, after }: TablePair): readonly Column[] {
  const types = new Map(before.columns.map(({ name, type }) => [name, type]))
  const shared = after.columns.filter(({ name, type }) => types.get(name) === type)
  const small = shared.filter(({ type }) => type !== 'image')
  return small.length > 0 ? small : shared
}

/** Views `before` and `after`; both with `__row`. */
export async function viewPair(session: DuckSession, blobs: BlobFiles, { before, after }: TablePair): Promise<void> {
  await session.run('SET threads = 2')
  await createViews(session, blobs, { before, after })
}

export async function numbersOf(session: DuckSession, sql: string): Promise<readonly number[]> {
  return session.query(sql, async (result) => ((await result.getRowsJS())[0] ?? []).map(Number))
}

/**
 * Of each column whether every row agrees with the row in the same place, and whether it tells rows apart. Hashed twice:
 * DuckDB joins hashes by xor, under which places and values would cancel out.
 */
async function agreement(session: DuckSession, columns: readonly Column[]) {
  const prints = columns.map(({ name }) => `CAST(bit_xor(hash(hash(__row, ${quoteName(name)}))) AS VARCHAR)`)
  const varied = columns.map(({ name }) => `CAST(count(DISTINCT ${quoteName(name)}) > 1 AS VARCHAR)`)
  const read = async (view: string, facts: readonly string[]) =>
    (await session.query(`SELECT ${facts.join(', ')} FROM ${view}`, (result) => result.getRowsJS()))[0]!
  const [before, after] = [await read('before', prints), await read('after', [...prints, ...varied])]
  return columns.map(({ name }, index) => ({
    name,
    agrees: before[index] === after[index],
    varied: after[columns.length + index] === 'true',
  }))
}

/** A column of role id, on either side, that no two rows share and every row has. */
async function identifier(session: DuckSession, shared: readonly Column[], pair: TablePair) {
  const ids = new Set(
    [...pair.before.columns, ...pair.after.columns].filter(({ role }) => role === 'id').map(({ name }) => name),
  )
  for (const { name } of shared) {
    if (!ids.has(name)) continue
    const unique = `SELECT count(DISTINCT ${quoteName(name)}) = count(*)`
    const [before, after] = await numbersOf(
      session,
      `SELECT CAST((${unique} FROM before) AS INTEGER), CAST((${unique} FROM after) AS INTEGER)`,
    )
    if (before === 1 && after === 1) return name
  }
  return undefined
}

/**
 * Finds out by the data alone how rows of one table came from another: the same file; as many rows that agree place by
 * place in every shared column, or at least in one that tells rows apart; a unique identifier; else the cells of all
 * shared columns. Undefined where the two share no column, or so few that a table of totals would look like some of the
 * rows it sums up.
 */
export async function matchRows(
  session: DuckSession,
  blobs: BlobFiles,
  pair: TablePair,
): Promise<Matching | undefined> {
  if (pair.before.data === pair.after.data) return { how: 'same', by: [] }
  const shared = sharedColumns(pair)
  if (shared.length === 0) return undefined
  await viewPair(session, blobs, pair)
  if (pair.before.rows === pair.after.rows) {
    const columns = await agreement(session, shared)
    const agreeing = columns.filter(({ agrees }) => agrees)
    if (agreeing.length === columns.length || agreeing.some(({ varied }) => varied))
      return { how: 'in-place', by: agreeing.map(({ name }) => name) }
  }
  const id = await identifier(session, shared, pair)
  if (id !== undefined) return { how: 'by-id', by: [id] }
  const byCells: Matching = { how: 'by-cells', by: shared.map(({ name }) => name) }
  return (await tellsApart(session, byCells, pair)) ? byCells : undefined
}

/** Most columns are still there, or those that are tell every row from the others. */
async function tellsApart(session: DuckSession, matching: Matching, { before }: TablePair): Promise<boolean> {
  if (matching.by.length * 2 >= before.columns.length) return true
  const [distinct] = await numbersOf(session, `SELECT count(DISTINCT ${rowKey(matching)}) FROM before`)
  return distinct === before.rows
}

/** One value for a row that is equal exactly where the rows are; 64 bits for cells. */
export function rowKey({ how, by }: Matching): string {
  return how === 'by-id' ? quoteName(by[0]!) : `hash(${by.map(quoteName).join(', ')})`
}
