import type { CaseCause, CaseCell, CaseReasons, CaseSight, CaseState, QueuedCase } from '#contract'
import type { Row } from '../database.ts'

/** How a case stands at this moment; what time alone decides counts before it is entered. */
export function stateOf(row: Row, now: number): CaseState {
  const { state, first } = row
  const held = row.holder !== null && (row.held_ms as number) > now
  if (state === 'decided' || state === 'in-force') return state
  if (state === 'pending') return held ? 'taken' : (row.force_ms as number) <= now ? 'in-force' : 'pending'
  if (first !== null) return held ? 'first' : 'decided'
  return held ? 'taken' : 'queued'
}

const isOver = (state: CaseState) => state === 'decided' || state === 'in-force'

/** Whether the model's answer may be shown to whoever decides. */
export function mayBeSeen(sight: CaseSight, state: CaseState): boolean {
  if (sight === 'before') return true
  return sight === 'after' && (state === 'first' || isOver(state))
}

const iso = (ms: unknown) => new Date(ms as number).toISOString()
const optional = <K extends string, T>(key: K, raw: unknown, read: (value: never) => T) =>
  raw === null || raw === undefined ? {} : ({ [key]: read(raw as never) } as Record<K, T>)

/** A case as a person may see it. */
export function caseView(row: Row, now: number): QueuedCase {
  const state = stateOf(row, now)
  const sight = row.sight as CaseSight
  // whoever is to decide does not see what somebody decided before
  const hidden = new Set([...(JSON.parse(row.protected as string) as string[]), row.target as string | null])
  const sent = Object.entries(JSON.parse(row.row as string) as Record<string, unknown>)
  const choices = row.choices === null ? undefined : (JSON.parse(row.choices as string) as string[])
  const said = (text: string) => (choices ? text : Number(text))
  const seen = mayBeSeen(sight, state)
  const decision = row.decision ?? (state === 'in-force' ? row.answer : state === 'decided' ? row.first : null)
  const held = state === 'taken' || state === 'first'
  return {
    id: row.id as string,
    model: row.model as string,
    version: row.version as number,
    level: row.level as QueuedCase['level'],
    sight,
    state,
    why: JSON.parse(row.why as string) as CaseCause[],
    row: sent.filter(([name]) => !hidden.has(name)).map(([name, value]) => ({ name, value: cellOf(value) })),
    ...(choices && { choices }),
    ...optional('target', row.target, (value: string) => value),
    queuedAt: iso(row.queued_ms),
    ...optional('dueAt', row.due_ms, iso),
    ...optional('takesForceAt', row.force_ms, iso),
    ...(held && { holder: row.holder as string, heldUntil: iso(row.held_ms) }),
    ...optional('first', row.first, said),
    ...optional('decision', decision, said),
    ...optional('by', row.decided_by, (value: string) => value),
    ...optional('decidedAt', row.decided_ms, iso),
    ...optional('note', row.note, (value: string) => value),
    ...optional('ms', row.ms, (value: number) => value),
    ...(seen && row.answer !== null
      ? {
          answer: {
            decision: said(row.answer as string),
            score: row.score as number | null,
            fallback: row.fallback === 1,
          },
        }
      : {}),
    ...(seen ? optional('reasons', row.reasons, (value: string) => JSON.parse(value) as CaseReasons) : {}),
  }
}

function cellOf(value: unknown): CaseCell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return JSON.stringify(value)
}
