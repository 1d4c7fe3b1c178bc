import type { Rollout, RolloutSettings, RolloutState, RolloutStrategy } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { type ArmTally, emptyTally, joinTallies } from '#ml/rollout/arm-tally'
import type { Evidence } from '#ml/rollout/judgement'
import { appendAudit } from './audit-chain.ts'
import type { Database, Row } from './database.ts'

type Told = Pick<
  Rollout,
  'id' | 'name' | 'strategy' | 'champion' | 'challengers' | 'settings' | 'state' | 'reason' | 'startedAt' | 'endedAt'
>
/** A rollout as it is kept. */
export interface RolloutRecord extends Told {
  /** Of a canary: the step it is at, from 0. */
  readonly step: number
  /** How long the step has run, in minutes, without the time it was paused. */
  readonly minutes: number
  /** Of blue-green: what the check of both versions said. */
  readonly checked?: string
}

/** What the audit chain tells of a rollout. */
export type RolloutEvent = 'started' | 'stepped' | 'checked' | 'paused' | 'resumed' | 'promoted' | 'aborted'

export function rolloutUnderWay(db: Database, name: string): RolloutRecord | undefined {
  const row = db.get('SELECT * FROM rollouts WHERE name = ? AND ended_at IS NULL', name)
  return row && recordOf(row)
}

export function rolloutOfId(db: Database, id: number): RolloutRecord | undefined {
  const row = db.get('SELECT * FROM rollouts WHERE id = ?', id)
  return row && recordOf(row)
}

/** Newest first. */
export const rolloutsOf = (db: Database, name: string): readonly RolloutRecord[] =>
  db.all('SELECT * FROM rollouts WHERE name = ? ORDER BY id DESC', name).map(recordOf)

export const allRollouts = (db: Database): readonly RolloutRecord[] =>
  db.all('SELECT * FROM rollouts ORDER BY ended_at IS NOT NULL, id DESC').map(recordOf)

function recordOf(row: Row): RolloutRecord {
  const since = row.running_since_ms as number | null
  const ran = (row.ran_ms as number) + (since === null ? 0 : Math.max(0, Date.now() - since))
  return {
    id: row.id as number,
    name: row.name as string,
    strategy: row.strategy as RolloutStrategy,
    champion: row.champion as number,
    challengers: JSON.parse(row.challengers as string) as number[],
    settings: JSON.parse(row.settings as string) as RolloutSettings,
    state: row.state as RolloutState,
    step: row.step as number,
    minutes: ran / 60_000,
    ...(row.checked === null ? {} : { checked: row.checked as string }),
    ...(row.reason === null ? {} : { reason: row.reason as string }),
    startedAt: row.started_at as string,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at as string }),
  }
}

/** Call it inside a lasting transaction. */
export function insertRollout(
  db: Database,
  a: Pick<RolloutRecord, 'name' | 'strategy' | 'champion' | 'challengers' | 'settings'>,
): number {
  const id = db.run(
    `INSERT INTO rollouts (name, strategy, champion, challengers, settings, state, step, ran_ms, running_since_ms, started_at)
     VALUES (?, ?, ?, ?, ?, 'running', 0, 0, ?, ?)`,
    ...[a.name, a.strategy, a.champion, canonicalJson(a.challengers), canonicalJson(a.settings)],
    ...[Date.now(), new Date().toISOString()],
  )
  auditRollout(db, { id, name: a.name }, 'started', {
    strategy: a.strategy,
    champion: a.champion,
    challengers: a.challengers.join(', '),
    settings: canonicalJson(a.settings),
  })
  return id
}

export function auditRollout(
  db: Database,
  { id, name }: Pick<RolloutRecord, 'id' | 'name'>,
  event: RolloutEvent,
  body: Readonly<Record<string, string | number>>,
): void {
  appendAudit(db, { kind: `rollout-${event}`, subject: name, body: { rollout: id, ...body } })
}

export function endRollout(
  db: Database,
  record: Pick<RolloutRecord, 'id' | 'name'>,
  state: 'promoted' | 'aborted',
  a: { readonly reason: string; readonly version?: number },
): void {
  db.run(
    'UPDATE rollouts SET state = ?, reason = ?, ended_at = ?, running_since_ms = NULL WHERE id = ?',
    ...[state, a.reason, new Date().toISOString(), record.id],
  )
  auditRollout(db, record, state, a)
}

/** Production changed by another way than the rollout: there is nothing left to compare. */
export function endOvertakenRollout(db: Database, name: string, reason: string): void {
  const record = rolloutUnderWay(db, name)
  if (record) endRollout(db, record, 'aborted', { reason })
}

export type Counted = ReadonlyMap<number, ArmTally>

/** Adds to what was counted of versions at a step; call it inside a transaction. */
export function addTallies(db: Database, id: number, step: number, counted: Counted): void {
  for (const [version, tally] of counted) {
    const known = db.get(
      'SELECT tally FROM rollout_tallies WHERE rollout = ? AND step = ? AND version = ?',
      id,
      step,
      version,
    )
    const joined = known ? joinTallies(JSON.parse(known.tally as string) as ArmTally, tally) : tally
    db.run(
      'INSERT OR REPLACE INTO rollout_tallies (rollout, step, version, tally) VALUES (?, ?, ?, ?)',
      ...[id, step, version, JSON.stringify(joined)],
    )
  }
}

/** What a strategy judges by. */
export function evidenceOf(db: Database, record: RolloutRecord): Evidence {
  const rows = db.all('SELECT step, version, tally FROM rollout_tallies WHERE rollout = ? ORDER BY step', record.id)
  const versions = [record.champion, ...record.challengers]
  const joined = (version: number, step?: number) =>
    rows
      .filter((row) => row.version === version && (step === undefined || row.step === step))
      .reduce((sum, row) => joinTallies(sum, JSON.parse(row.tally as string) as ArmTally), emptyTally)
  return {
    settings: record.settings,
    versions,
    step: record.step,
    minutes: record.minutes,
    now: versions.map((version) => joined(version, record.step)),
    all: versions.map((version) => joined(version)),
  }
}
