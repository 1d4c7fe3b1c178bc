import type { Table } from '#contract'
import type { BlobFiles } from './blob-files.ts'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { type Matching, numbersOf, rowKey, type TablePair, viewPair } from './match-rows.ts'

export interface RowLoss {
  readonly lost: number
  readonly added: number
  readonly groups: readonly {
    readonly column: string
    readonly groups: readonly { readonly group: string; readonly before: number; readonly lost: number }[]
  }[]
}

const mostGroups = 12
/** What stands for the cells without a value, and for the groups beyond the twelfth. */
const missingGroup = 'missing'
const otherGroups = 'others'

/**
 * Rows of `before` that are not in `after`, by the groups of some columns of `before`. Of rows that are alike in every
 * cell they are known by, the later ones count as lost.
 */
export async function rowLoss(
  session: DuckSession,
  blobs: BlobFiles,
  pair: TablePair,
  a: { matching: Matching; groups: readonly string[] },
): Promise<RowLoss> {
  if (a.matching.how === 'same' || a.matching.how === 'in-place') return { lost: 0, added: 0, groups: [] }
  await viewPair(session, blobs, pair)
  await session.run(`CREATE OR REPLACE TEMP TABLE fate AS ${fateSql(a.matching, a.groups)}`)
  const [lost] = (await numbersOf(session, 'SELECT count(*) FILTER (__lost) FROM fate')) as [number]
  const added = pair.after.rows - (pair.before.rows - lost)
  const groups: RowLoss['groups'][number][] = []
  for (const column of lost === 0 ? [] : a.groups)
    groups.push({ column, groups: await lossByGroup(session, pair.before, column) })
  await session.run('DROP TABLE fate')
  return { lost, added, groups }
}

/** The group columns of each row of `before`, and whether it is lost. */
function fateSql(matching: Matching, groups: readonly string[]): string {
  const columns = groups.map((name) => `${quoteName(name)}, `).join('')
  if (matching.how === 'by-id') {
    const id = quoteName(matching.by[0]!)
    return `SELECT ${columns}kept.__key IS NULL AS __lost FROM before
      LEFT JOIN (SELECT ${id} AS __key FROM after) AS kept ON before.${id} = kept.__key`
  }
  const key = rowKey(matching)
  return `WITH kept AS (SELECT ${key} AS __key, count(*) AS __copies FROM after GROUP BY 1),
      placed AS (SELECT ${columns}${key} AS __key, row_number() OVER (PARTITION BY ${key} ORDER BY __row) AS __place FROM before)
    SELECT ${columns}__copies IS NULL OR __place > __copies AS __lost FROM placed LEFT JOIN kept USING (__key)`
}

async function lossByGroup(session: DuckSession, before: Table, column: string) {
  const type = before.columns.find(({ name }) => name === column)?.type
  const group = type === 'number' || type === 'integer' ? await bandSql(session, column) : undefined
  const name = quoteName(column)
  const rows = await session.query(
    `SELECT ${group ?? `CAST(${name} AS VARCHAR)`} AS g, count(*), count(*) FILTER (__lost), min(${name})
     FROM fate GROUP BY 1 ORDER BY ${group ? '4' : '2 DESC'}, 1`,
    (result) => result.getRowsJS(),
  )
  const all = rows.map(([value, total, lost]) => ({
    group: value === null ? missingGroup : String(value),
    before: Number(total),
    lost: Number(lost),
  }))
  if (all.length <= mostGroups) return all
  const rest = all.slice(mostGroups - 1)
  const sum = (of: 'before' | 'lost') => rest.reduce((total, one) => total + one[of], 0)
  return [...all.slice(0, mostGroups - 1), { group: otherGroups, before: sum('before'), lost: sum('lost') }]
}

/** Numbers of many values in four bands of about as many rows each; undefined where there are few values. */
async function bandSql(session: DuckSession, column: string): Promise<string | undefined> {
  const name = quoteName(column)
  const [distinct, ...cuts] = await numbersOf(
    session,
    `SELECT count(DISTINCT ${name}), ${[0.25, 0.5, 0.75].map((at) => `quantile_disc(${name}, ${at})`).join(', ')} FROM before`,
  )
  if (distinct! <= mostGroups) return undefined
  const edges = [...new Set(cuts)]
  const bands = edges.map((edge, index) =>
    index === 0
      ? `WHEN ${name} <= ${edge} THEN 'up to ${edge}'`
      : `WHEN ${name} <= ${edge} THEN 'above ${edges[index - 1]} to ${edge}'`,
  )
  return `CASE WHEN ${name} IS NULL THEN NULL ${bands.join(' ')} ELSE 'above ${edges.at(-1)}' END`
}
