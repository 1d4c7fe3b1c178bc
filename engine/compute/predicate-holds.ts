import {
  type BesideCondition,
  besideRow,
  type CellCondition,
  type Corners,
  farthestCorner,
  type Hash,
  isOfCells,
  mostCorners,
  type PlaceCondition,
  ProblemError,
  type RowPredicate,
  type Stretches,
  type Table,
} from '#contract'
import { predicateSql } from '#ml/choose/predicate-sql'
import type { BlobFiles } from './blob-files.ts'
import { type DuckSession, quoteName } from './duckdb-session.ts'
import { type Matching, rowKey } from './match-rows.ts'
import { createViews } from './query-table.ts'
import { unknownColumn } from './read-frame.ts'

/** The tables whose places a predicate names, and how their rows are found in the one that is asked about. */
export type Carried = ReadonlyMap<Hash, { readonly table: Table; readonly matching: Matching }>

/**
 * A predicate as a condition on the view `chosen`, true or false for every row. Rows named by their place are put in temporary
 * tables first.
 */
export async function predicateHolds(
  session: DuckSession,
  blobs: BlobFiles,
  where: RowPredicate,
  table: Table,
  carried: Carried,
): Promise<string> {
  const cells = where.filter(isOfCells)
  for (const condition of cells) checkCells(condition, table)
  await createViews(session, blobs, { chosen: table })
  const parts = [predicateSql(cells, table.columns)]
  const placed = where.filter((condition) => !isOfCells(condition)) as (PlaceCondition | BesideCondition)[]
  for (const [at, condition] of placed.entries()) {
    await placeRows(session, blobs, condition, at, carried)
    parts.push(`__row IN (SELECT place FROM placed_${at})`)
  }
  return parts.join(' AND ')
}

function checkCells(condition: CellCondition, table: Table): void {
  if ('area' in condition) checkCorners(condition.corners)
  const known = new Set(table.columns.map(({ name }) => name))
  const names = 'area' in condition ? condition.area : [condition.column]
  for (const name of names) if (!known.has(name)) throw unknownColumn(name, table)
}

function checkCorners(corners: Corners): void {
  const sound = corners.length > 2 && corners.length <= mostCorners
  if (sound && corners.flat().every((at) => Math.abs(at) <= farthestCorner)) return
  throw new ProblemError({
    code: 'not-supported',
    message: `An outline has 3 to ${mostCorners} corners within ${farthestCorner}, this one has ${corners.length}.`,
    fix: 'Draw it again with fewer corners.',
  })
}

/** Makes the table `placed_n` of the places in the view `chosen` that a condition names. */
async function placeRows(
  session: DuckSession,
  blobs: BlobFiles,
  condition: PlaceCondition | BesideCondition,
  at: number,
  carried: Carried,
): Promise<void> {
  const source = carried.get(condition.table)
  if (!source) throw new Error('rows of a table that was not looked up')
  let places = await placesIn(session, blobs, condition, source.table)
  const { how } = source.matching
  if (how === 'by-id' || how === 'by-cells') {
    await createViews(session, blobs, { origin: source.table })
    places = foundAgain(places, source.matching)
  }
  await session.run(`CREATE OR REPLACE TEMP TABLE placed_${at} AS ${places}`)
}

/** A query for the places of the named rows in their own table. */
async function placesIn(
  session: DuckSession,
  blobs: BlobFiles,
  condition: PlaceCondition | BesideCondition,
  table: Table,
): Promise<string> {
  if ('places' in condition) return listedPlaces(condition.places, table.rows)
  for (const one of condition.where) checkCells(one, condition.beside)
  await createViews(session, blobs, { said: condition.beside })
  const holds = predicateSql(condition.where, condition.beside.columns)
  return `SELECT ${quoteName(besideRow)} AS place FROM said WHERE ${holds}`
}

function listedPlaces(places: Stretches, rows: number): string {
  const whole = (value: number) => Number.isInteger(value) && value >= 0 && value < rows
  if (!places.every(([first, last]) => whole(first) && whole(last) && first <= last))
    throw new ProblemError({
      code: 'not-found',
      message: `Rows are named that the table of ${rows} rows does not have.`,
      fix: 'Choose the rows again.',
    })
  if (places.length === 0) return 'SELECT 0 AS place WHERE false'
  const values = places.map(([first, last]) => `(${first}, ${last})`).join(', ')
  return `SELECT unnest(range(first, last + 1)) AS place FROM (VALUES ${values}) AS s(first, last)`
}

/**
 * The rows of `chosen` that came from, or went into, rows of `origin`. Rows that are alike are told apart by their order, unless
 * there are more or fewer of them: then all of them count.
 */
function foundAgain(places: string, matching: Matching): string {
  const key = rowKey(matching)
  const numbered = (view: string) =>
    `SELECT __row, ${key} AS k, row_number() OVER (PARTITION BY ${key} ORDER BY __row) AS n,
       count(*) OVER (PARTITION BY ${key}) AS alike FROM ${view}`
  return `SELECT DISTINCT b.__row AS place FROM (${numbered('chosen')}) AS b
    JOIN (${numbered('origin')}) AS a ON a.k = b.k AND (a.n = b.n OR a.alike <> b.alike)
    WHERE a.__row IN (${places})`
}
