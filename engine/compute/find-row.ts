import type { BlobFiles } from './blob-files.ts'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { type Matching, numbersOf, type TablePair, viewPair } from './match-rows.ts'

export interface FoundRow {
  readonly row: number
  /** Rows of `before` that are just like it: more than one where any of them may be the one. */
  readonly among: number
}

/**
 * The row of `before` that a row of `after` came from; undefined where there is none. Rows that are alike are told apart
 * by their order as long as none of them was lost.
 */
export async function findRow(
  session: DuckSession,
  blobs: BlobFiles,
  pair: TablePair,
  a: { matching: Matching; row: number },
): Promise<FoundRow | undefined> {
  const { how, by } = a.matching
  if (how === 'same' || how === 'in-place') return { row: a.row, among: 1 }
  await viewPair(session, blobs, pair)
  const alike = by.map((name) => `t.${quoteName(name)} IS NOT DISTINCT FROM x.${quoteName(name)}`).join(' AND ')
  const like = (view: string) => `${view} AS t, (SELECT * FROM after WHERE __row = ${a.row}) AS x WHERE ${alike}`
  const [before, after, place] = (await numbersOf(
    session,
    `SELECT (SELECT count(*) FROM ${like('before')}), (SELECT count(*) FROM ${like('after')}),
       (SELECT count(*) FROM ${like('after')} AND t.__row < ${a.row})`,
  )) as [number, number, number]
  if (before === 0) return undefined
  const offset = Math.min(place, before - 1)
  const [row] = (await numbersOf(
    session,
    `SELECT t.__row FROM ${like('before')} ORDER BY t.__row LIMIT 1 OFFSET ${offset}`,
  )) as [number]
  return { row, among: before === after ? 1 : before }
}
