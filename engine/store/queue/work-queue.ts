import { ProblemError, type QueuedCase } from '#contract'
import { type AuditEntry, appendAudit } from '../audit-chain.ts'
import type { Row } from '../database.ts'
import { caseView, stateOf } from './case-view.ts'
import { type CaseQueue, settleCases } from './open-queue.ts'

/** How long a case is kept for whoever took it. */
export const leaseMs = 15 * 60_000

export interface TakeOrder {
  readonly who: string
  /** This one; else the most urgent. */
  readonly id?: string
  readonly model?: string
  /** Not these. */
  readonly skip?: readonly string[]
}

/** Takes a case for a person, whom it is kept for a while: nobody else can decide it meanwhile. Null where none waits. */
export function takeCase(queue: CaseQueue, a: TakeOrder): QueuedCase | null {
  const { db } = queue
  settleCases(queue)
  return db.lastingTransaction(() => {
    const row = a.id === undefined ? mostUrgent(queue, a) : caseRow(queue, a.id)
    if (!row) return null
    const now = queue.now()
    refuseUnlessMine(row, a.who, now)
    const [id, mine] = [row.id as string, row.holder === a.who && (row.held_ms as number) > now]
    db.run(
      'UPDATE cases SET holder = ?, held_ms = ?, taken_ms = ? WHERE id = ?',
      ...[a.who, now + leaseMs, mine ? row.taken_ms! : now, id],
    )
    if (!mine) enter(queue, 'case-taken', id, { who: a.who })
    return caseView(caseRow(queue, id), now)
  })
}

function mostUrgent({ db, now }: CaseQueue, { who, model, skip = [] }: TakeOrder): Row | undefined {
  return db.get(
    `SELECT * FROM cases WHERE state IN ('queued', 'pending') AND (? IS NULL OR model = ?)
       AND (holder IS NULL OR held_ms <= ? OR holder = ?) AND id NOT IN (SELECT value FROM json_each(?))
     ORDER BY (holder = ? AND held_ms > ?) IS TRUE DESC, coalesce(force_ms, due_ms, 9e15), number LIMIT 1`,
    ...[model ?? null, model ?? null, now(), who, JSON.stringify(skip), who, now()],
  )
}

/** Gives a case back undecided. */
export function releaseCase(queue: CaseQueue, a: { readonly id: string; readonly who: string }): void {
  queue.db.lastingTransaction(() => {
    const row = caseRow(queue, a.id)
    if (row.holder !== a.who || row.first !== null || isOver(row, queue.now())) return
    queue.db.run('UPDATE cases SET holder = NULL, held_ms = NULL WHERE id = ?', a.id)
    enter(queue, 'case-released', a.id, { who: a.who })
  })
}

export interface CaseDecision {
  readonly id: string
  readonly who: string
  readonly decision: string | number
  readonly note?: string
}

/**
 * A person's decision. Where the model's answer is shown only after it, the first call shows it and a second one, which may
 * say something else, is the last word; without one the first stands when the time for the case is over.
 */
export function decideCase(queue: CaseQueue, a: CaseDecision): QueuedCase {
  settleCases(queue)
  return queue.db.lastingTransaction(() => {
    const now = queue.now()
    const row = caseRow(queue, a.id)
    refuseUnlessMine(row, a.who, now)
    const decision = checkedDecision(row, a.decision)
    const note = a.note?.trim() ? a.note.trim().slice(0, 4_000) : null
    if (row.sight === 'after' && row.first === null && row.answer !== null)
      decideFirst(queue, row, { ...a, decision, note })
    else decideLast(queue, row, { ...a, decision, note })
    return caseView(caseRow(queue, a.id), now)
  })
}

interface Said {
  readonly who: string
  readonly decision: string
  readonly note: string | null
}

function decideFirst(queue: CaseQueue, { id, taken_ms }: Row, { who, decision, note }: Said): void {
  const now = queue.now()
  queue.db.run(
    'UPDATE cases SET first = ?, first_ms = ?, holder = ?, held_ms = ?, note = ?, ms = ? WHERE id = ?',
    ...[decision, now, who, now + leaseMs, note, taken_ms === null ? null : now - (taken_ms as number), id!],
  )
  enter(queue, 'case-decided-first', id as string, { who, decision, note })
}

function decideLast(queue: CaseQueue, row: Row, { who, decision, note }: Said): void {
  const now = queue.now()
  const ms = row.taken_ms === null ? null : now - (row.taken_ms as number)
  queue.db.run(
    `UPDATE cases SET state = 'decided', decision = ?, decided_by = ?, decided_ms = ?, note = coalesce(?, note), ms = ?,
       holder = NULL, held_ms = NULL WHERE id = ?`,
    ...[decision, who, now, note, row.ms ?? ms, row.id!],
  )
  const vetoed = row.state === 'pending' && decision !== row.answer
  enter(queue, vetoed ? 'case-vetoed' : 'case-decided', row.id as string, { who, decision, note })
}

function checkedDecision(row: Row, decision: string | number): string {
  if (row.choices === null) {
    if (String(decision).trim() !== '' && Number.isFinite(Number(decision))) return String(Number(decision))
    throw wrongDecision(decision, 'Write a number')
  }
  const choices = JSON.parse(row.choices as string) as string[]
  if (choices.includes(String(decision))) return String(decision)
  throw wrongDecision(decision, `Choose ${choices.slice(0, 12).join(', ')}`)
}

const wrongDecision = (decision: string | number, fix: string) =>
  new ProblemError({ code: 'parameter-bad', message: `"${decision}" is no answer the model could give.`, fix })

export function caseRow({ db }: CaseQueue, id: string): Row {
  const row = db.get('SELECT * FROM cases WHERE id = ?', id)
  if (row) return row
  throw new ProblemError({
    code: 'not-found',
    message: `The queue has no case "${id}".`,
    fix: 'See "plumbline queue" for those that wait.',
  })
}

const isOver = (row: Row, now: number) => ['decided', 'in-force'].includes(stateOf(row, now))

function refuseUnlessMine(row: Row, who: string, now: number): void {
  if (who.trim() === '')
    throw new ProblemError({
      code: 'parameter-bad',
      message: 'Nobody is named who decides.',
      fix: 'Write your name, or give it with --as NAME.',
    })
  if (isOver(row, now))
    throw new ProblemError({
      code: 'not-supported',
      message:
        row.decided_by === null
          ? `The case ${row.id} is decided: the model's answer took force.`
          : `The case ${row.id} was decided by ${row.decided_by}.`,
      fix: 'Take the next one.',
    })
  if (row.holder === null || row.holder === who || (row.held_ms as number) <= now) return
  throw new ProblemError({
    code: 'not-supported',
    message: `${row.holder} works on the case ${row.id} until ${new Date(row.held_ms as number).toISOString().slice(11, 16)} UTC.`,
    fix: 'Take another one.',
  })
}

function enter(
  { db }: CaseQueue,
  kind: AuditEntry['kind'],
  subject: string,
  body: Record<string, string | null>,
): void {
  appendAudit(db, { kind, subject, body })
}
