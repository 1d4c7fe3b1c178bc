import path from 'node:path'
import type { Automation, CaseCause, CaseReasons, CaseSight } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { appendAudit } from '../audit-chain.ts'
import { type Database, openDatabase } from '../database.ts'
import { hashBytes } from '../hashing.ts'
import { storeFolder } from '../open-store.ts'
import { queueMigrations } from './queue-migrations.ts'

/** A row that is to wait for a person. */
export interface NewCase {
  readonly id: string
  /** Name in the registry. */
  readonly model: string
  readonly version: number
  readonly request: string
  /** Of the row in its request, from 0. */
  readonly place: number
  readonly automation: Pick<Automation, 'level' | 'vetoMinutes' | 'dueHours'>
  readonly sight: CaseSight
  readonly why: readonly CaseCause[]
  /** As it was sent. */
  readonly row: Readonly<Record<string, unknown>>
  readonly protected: readonly string[]
  readonly choices?: readonly string[]
  readonly target?: string
  readonly answer?: { readonly decision: string | number; readonly score: number | null }
  readonly fallback: boolean
  /** The answer takes force unless a person decides otherwise in time. */
  readonly pending: boolean
}

export interface CaseQueue {
  readonly db: Database
  readonly now: () => number
  close(): void
}

export const queueFile = (project: string): string => path.join(storeFolder(project), 'queue.sqlite')

/** The cases of a project; several processes may have them open. */
export function openQueue(file: string, now: () => number = Date.now): CaseQueue {
  const db = openDatabase(file, queueMigrations)
  return { db, now, close: () => db.close() }
}

/** Enters cases, on the disk before it returns; those that are known by their id are left as they are. */
export function addCases({ db, now }: CaseQueue, cases: readonly NewCase[]): void {
  const at = now()
  db.lastingTransaction(() => {
    for (const one of cases) {
      if (db.get('SELECT 1 FROM cases WHERE id = ?', one.id)) continue
      const { automation, answer, why } = one
      const row = canonicalJson(one.row)
      const due = automation.dueHours === undefined ? null : at + Math.round(automation.dueHours * 3_600_000)
      const force = one.pending ? at + Math.round((automation.vetoMinutes ?? 0) * 60_000) : null
      db.run(
        `INSERT INTO cases (id, model, version, request, place, level, sight, why, row, protected, choices, target, answer,
           score, fallback, state, queued_ms, due_ms, force_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[one.id, one.model, one.version, one.request, one.place, automation.level, one.sight, canonicalJson(why)],
        ...[row, canonicalJson(one.protected), one.choices ? canonicalJson(one.choices) : null, one.target ?? null],
        ...[answer ? String(answer.decision) : null, answer?.score ?? null, Number(one.fallback)],
        ...[one.pending ? 'pending' : 'queued', at, due, force],
      )
      const said = answer ? { decision: answer.decision, score: answer.score } : null
      const { model, version, request, place } = one
      appendAudit(db, {
        kind: 'case-queued',
        subject: one.id,
        body: { model, version, request, place, level: automation.level, why: [...why], row: hashBytes(row), said },
      })
    }
  })
}

/** Why the model judged so: entered later, since nobody waits for it. */
export function addReasons(
  { db }: CaseQueue,
  reasons: readonly { readonly id: string; readonly reasons: CaseReasons }[],
) {
  db.transaction(() => {
    for (const one of reasons) db.run('UPDATE cases SET reasons = ? WHERE id = ?', canonicalJson(one.reasons), one.id)
  })
}

/** Cases of a version that people may see reasons of but that have none: whoever should have given them was killed. */
export function casesWithoutReasons(
  { db }: CaseQueue,
  model: string,
  version: number,
): readonly { readonly id: string; readonly row: Readonly<Record<string, unknown>> }[] {
  return db
    .all(
      `SELECT id, row FROM cases WHERE model = ? AND version = ? AND reasons IS NULL AND answer IS NOT NULL AND fallback = 0
         AND sight <> 'never' AND state IN ('queued', 'pending') ORDER BY number LIMIT 1000`,
      model,
      version,
    )
    .map((row) => ({ id: row.id as string, row: JSON.parse(row.row as string) as Readonly<Record<string, unknown>> }))
}

/** Enters what time alone has decided: answers nobody vetoed, first decisions nobody came back to. */
export function settleCases({ db, now }: CaseQueue): void {
  const at = now()
  const over = `(state = 'pending' AND force_ms <= ? AND coalesce(held_ms, 0) <= ?) OR (state = 'queued' AND first IS NOT NULL AND held_ms <= ?)`
  if (!db.get(`SELECT 1 FROM cases WHERE ${over} LIMIT 1`, at, at, at)) return
  db.lastingTransaction(() => {
    for (const row of db.all(
      `SELECT id, state, first, answer, holder, force_ms, first_ms FROM cases WHERE ${over}`,
      at,
      at,
      at,
    )) {
      const { id, state, first, answer, holder } = row
      const [decision, end, who] = state === 'pending' ? [answer, 'in-force', null] : [first, 'decided', holder]
      const when = (state === 'pending' ? row.force_ms : row.first_ms) as number
      db.run(
        'UPDATE cases SET state = ?, decision = ?, decided_by = ?, decided_ms = ?, holder = NULL, held_ms = NULL WHERE id = ?',
        ...[end as string, decision!, who!, when, id!],
      )
      appendAudit(db, {
        kind: state === 'pending' ? 'case-in-force' : 'case-decided',
        subject: id as string,
        body: { decision: decision!, who: who! },
      })
    }
  })
}
