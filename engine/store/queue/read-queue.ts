import type { Estimate, QueueCounts, QueuedCase, QueueFigures } from '#contract'
import { wilson } from '#ml/statistics/wilson'
import type { Row } from '../database.ts'
import { caseView } from './case-view.ts'
import type { CaseQueue } from './open-queue.ts'

export interface CaseFilter {
  readonly model?: string
  readonly waiting?: boolean
  readonly limit?: number
}

const waits = "state IN ('queued', 'pending')"

/** Those that wait, the most urgent first, then those decided last. */
export function listCases(
  { db, now }: CaseQueue,
  { model, waiting, limit = 200 }: CaseFilter = {},
): readonly QueuedCase[] {
  const of = model ?? null
  const open = db.all(
    `SELECT * FROM cases WHERE ${waits} AND (? IS NULL OR model = ?) ORDER BY coalesce(force_ms, due_ms, 9e15), number LIMIT ?`,
    ...[of, of, limit],
  )
  const over =
    waiting || open.length >= limit
      ? []
      : db.all(
          `SELECT * FROM cases WHERE NOT (${waits}) AND (? IS NULL OR model = ?) ORDER BY decided_ms DESC, number DESC LIMIT ?`,
          ...[of, of, limit - open.length],
        )
  return [...open, ...over].map((row) => caseView(row, now()))
}

export function queueModels({ db }: CaseQueue): readonly string[] {
  return db.all('SELECT DISTINCT model FROM cases ORDER BY model').map(({ model }) => model as string)
}

/** What time alone has decided counts as decided. */
export function queueCounts({ db, now }: CaseQueue, model?: string): QueueCounts {
  const of = [model ?? null, model ?? null]
  const held = 'coalesce(held_ms > clock.now, 0)'
  const force = `(state = 'pending' AND NOT ${held} AND force_ms <= clock.now)`
  const stands = `(state = 'queued' AND first IS NOT NULL AND NOT ${held})`
  const open = `(NOT ${force} AND NOT ${stands})`
  const count = (what: string) => `coalesce(sum(${what}), 0)`
  const row = db.get(
    `SELECT ${count(`${open} AND state = 'queued' AND NOT ${held}`)} AS queued, ${count(`${open} AND ${held}`)} AS taken,
       ${count(`${open} AND state = 'pending' AND NOT ${held}`)} AS pending, ${count(stands)} AS stands, ${count(force)} AS force,
       ${count(`${open} AND due_ms <= clock.now`)} AS overdue, min(CASE WHEN ${open} THEN queued_ms END) AS oldest
     FROM cases, (SELECT ? AS now) AS clock WHERE ${waits} AND (? IS NULL OR model = ?)`,
    now(),
    ...of,
  )!
  const ended = db.all(
    "SELECT state, count(*) AS n FROM cases WHERE state IN ('decided', 'in-force') AND (? IS NULL OR model = ?) GROUP BY state",
    ...of,
  )
  const endedAs = (state: string) => (ended.find((one) => one.state === state)?.n as number | undefined) ?? 0
  return {
    queued: row.queued as number,
    taken: row.taken as number,
    pending: row.pending as number,
    decided: endedAs('decided') + (row.stands as number),
    inForce: endedAs('in-force') + (row.force as number),
    overdue: row.overdue as number,
    ...(row.oldest === null ? {} : { oldestAt: new Date(row.oldest as number).toISOString() }),
  }
}

/** Fewer cases than this tell little, as in the fairness audit. */
const smallBelow = 30
const mostGroups = 12
const judged = "state = 'decided' AND decided_by IS NOT NULL AND answer IS NOT NULL AND fallback = 0"
const agrees = 'sum(coalesce(first, decision) = answer)'

export function queueFigures({ db }: CaseQueue, model?: string): QueueFigures {
  const of = [model ?? null, model ?? null]
  const where = `FROM cases WHERE ${judged} AND (? IS NULL OR model = ?)`
  const all = db.get(
    `SELECT count(*) AS n, ${agrees} AS agree, sum(decision <> answer) AS overridden, count(first) AS first,
       sum(first <> decision) AS revised ${where}`,
    ...of,
  )!
  const middle = db.get(
    `SELECT ms ${where} AND ms IS NOT NULL ORDER BY ms LIMIT 1 OFFSET (SELECT count(*) / 2 ${where} AND ms IS NOT NULL)`,
    ...of,
    ...of,
  )
  return {
    agreement: share(all, 'agree', 'n'),
    overridden: share(all, 'overridden', 'n'),
    revised: share(all, 'revised', 'first'),
    ...(middle ? { medianMs: middle.ms as number } : {}),
    groups: protectedColumns(db, of).map((column) => ({ column, groups: groupsOf(db, column, where, of) })),
  }
}

const share = (row: Row, part: string, of: string): Estimate =>
  wilson((row[part] as number | null) ?? 0, (row[of] as number | null) ?? 0)

type Db = CaseQueue['db']
type Of = readonly (string | null)[]

/** Protected columns of the versions whose cases people decided. */
function protectedColumns(db: Db, of: Of): readonly string[] {
  const lists = db.all(`SELECT DISTINCT protected FROM cases WHERE ${judged} AND (? IS NULL OR model = ?)`, ...of)
  return [...new Set(lists.flatMap((row) => JSON.parse(row.protected as string) as string[]))].sort()
}

function groupsOf(db: Db, column: string, where: string, of: Of): QueueFigures['groups'][number]['groups'] {
  const path = `$."${column.replaceAll('"', '\\"')}"`
  return db
    .all(
      `SELECT json_extract(row, ?) AS name, count(*) AS n, ${agrees} AS agree ${where} GROUP BY name ORDER BY n DESC, name LIMIT ?`,
      ...[path, ...of, mostGroups],
    )
    .map((row) => ({
      group: row.name === null ? '' : String(row.name),
      agreement: share(row, 'agree', 'n'),
      small: (row.n as number) < smallBelow,
    }))
}
