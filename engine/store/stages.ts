import { type ModelStage, ProblemError, type RequiredReviewer } from '#contract'
import type { Database, Row } from './database.ts'
import { missingReviewers } from './registry-reviews.ts'
import { endOvertakenRollout } from './rollout-records.ts'

/** Whether anything changed. Refused while a reviewer whom the stage requires has not approved this very model. */
export function enterStage(db: Database, name: string, version: number, stage: ModelStage): boolean {
  const row = versionRow(db, name, version)
  if (row.stage === stage) return false
  if (stage !== 'retired') needReviewers(db, name, row, stage)
  if (stage === 'production') enterProduction(db, name, version)
  db.run('UPDATE model_versions SET stage = ? WHERE name = ? AND version = ?', stage, name, version)
  return true
}

/** Refuses a version that somebody whom the stage requires has not approved. */
export function needReviewers(db: Database, name: string, version: Row, stage: RequiredReviewer['stage']): void {
  const missing = missingReviewers(db, version, requiredReviewers(db, name), stage)
  if (missing.length === 0) return
  throw notApproved(`Version ${version.version} of ${name} can not enter ${stage}`, missing)
}

/** Refuses a version that may not decide about people yet, be it about few. */
export function needApproval(db: Database, name: string, version: number): void {
  const missing = unapprovedBy(db, name, version)
  if (missing.length > 0)
    throw notApproved(`Version ${version} of ${name} can not answer people`, missing, 'roll it out as shadow meanwhile')
}

const notApproved = (what: string, missing: readonly string[], after = 'then try again') =>
  new ProblemError({
    code: 'not-supported',
    message: `${what}: ${missing.join(' and ')} ${missing.length === 1 ? 'has' : 'have'} not approved it.`,
    fix: `Import the review with "plumbline review FILE", ${after}.`,
  })

function enterProduction(db: Database, name: string, version: number): void {
  const now = lastChange(db, name)
  const serving = db.get("SELECT version FROM model_versions WHERE name = ? AND stage = 'production'", name)
  db.run("UPDATE model_versions SET stage = 'retired' WHERE name = ? AND stage = 'production'", name)
  const before = now && now.version === serving?.version ? (now.number as number) : null
  db.run(
    'INSERT INTO production_changes (name, version, before, at) VALUES (?, ?, ?, ?)',
    name,
    version,
    before,
    new Date().toISOString(),
  )
  endOvertakenRollout(db, name, `Version ${version} came into production.`)
}

/** The newest entry of a model's time in production. */
export const lastChange = (db: Database, name: string): Row | undefined =>
  db.get('SELECT * FROM production_changes WHERE name = ? ORDER BY number DESC LIMIT 1', name)
export const changeRow = (db: Database, number: number): Row | undefined =>
  db.get('SELECT * FROM production_changes WHERE number = ?', number)

function requiredReviewers(db: Database, name: string): readonly RequiredReviewer[] {
  return JSON.parse(db.get('SELECT reviewers FROM registered_models WHERE name = ?', name)!.reviewers as string)
}

export function versionRow(db: Database, name: string, version: number): Row {
  const row = db.get('SELECT * FROM model_versions WHERE name = ? AND version = ?', name, version)
  if (row) return row
  throw new ProblemError({
    code: 'not-found',
    message: `The registry has no version ${version} of a model "${name}".`,
    fix: 'See "plumbline models" for what there is.',
  })
}

export const productionVersion = (db: Database, name: string): number | undefined =>
  db.get("SELECT version FROM model_versions WHERE name = ? AND stage = 'production'", name)?.version as
    | number
    | undefined

/** Roles that production asks for and that have not approved the version. */
export const unapprovedBy = (db: Database, name: string, version: number): readonly string[] =>
  missingReviewers(db, versionRow(db, name, version), requiredReviewers(db, name), 'production')
