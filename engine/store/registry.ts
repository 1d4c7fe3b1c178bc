import {
  type FallbackRule,
  type Hash,
  type ModelStage,
  ProblemError,
  type RegistryRequest,
  type RequiredReviewer,
} from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { appendAudit } from './audit-chain.ts'
import type { Database, Row } from './database.ts'
import { missingReviewers } from './registry-reviews.ts'

/** What a request of a step led to: a line for its card. */
export interface Granted {
  readonly text: string
  readonly name: string
  readonly version: number
  /** The data contract of the version. */
  readonly schema?: Hash
}

/** Makes the changes a step asked for. Call it inside a lasting transaction, after its artifacts have been kept. */
export function grantRequest(
  db: Database,
  request: RegistryRequest,
  step: { readonly run: string; readonly outputs: Readonly<Record<string, { readonly hash: Hash }>> },
): Granted {
  if (request.type === 'register') return register(db, request, step)
  const { name, version } = registeredAs(db, request.model, request.name)
  const row = versionRow(db, name, version)
  if (request.type === 'container') {
    audit(db, 'model-exported', name, { version, folder: request.folder })
    const schema = row.schema ? { schema: row.schema as Hash } : {}
    return { name, version, ...schema, text: `**${name} v${version}** written to ${request.folder}` }
  }
  if (row.rolled_back_at)
    throw new ProblemError({
      code: 'not-supported',
      message: `Version ${version} of ${name} was taken out of production on ${(row.rolled_back_at as string).slice(0, 10)}; a run does not bring it back.`,
      fix: `Promote it by hand when it may serve again: plumbline models promote ${name} ${version}.`,
    })
  keepFallback(db, name, version, request.fallback)
  const changed = enterStage(db, name, version, 'production')
  if (changed) audit(db, 'model-deployed', name, { version, run: step.run })
  return { name, version, text: `**${name} v${version}** in production` }
}

type Registration = Extract<RegistryRequest, { type: 'register' }>

/** The same model under the same name is one version: registering it again changes its tags and card, never its stage. */
function register(
  db: Database,
  a: Registration,
  step: { readonly run: string; readonly outputs: Readonly<Record<string, { readonly hash: Hash }>> },
): Granted {
  const at = new Date().toISOString()
  db.run(
    `INSERT INTO registered_models (name, description, reviewers, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET description = excluded.description, reviewers = excluded.reviewers`,
    a.name,
    a.description,
    canonicalJson(a.reviewers),
    at,
  )
  const card = step.outputs[a.card]?.hash ?? null
  const schema = a.schema ?? null
  const known = db.get('SELECT version, stage FROM model_versions WHERE name = ? AND model = ?', a.name, a.model)
  const newest = db.get('SELECT max(version) AS version FROM model_versions WHERE name = ?', a.name)
  const version = (known?.version as number | undefined) ?? ((newest?.version as number | null) ?? 0) + 1
  if (known)
    db.run(
      'UPDATE model_versions SET tags = ?, metrics = ?, card = ?, schema = ? WHERE name = ? AND version = ?',
      ...[canonicalJson(a.tags), canonicalJson(a.metrics), card, schema, a.name, version],
    )
  else
    db.run(
      `INSERT INTO model_versions (name, version, model, stage, tags, metrics, card, schema, run, registered_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[a.name, version, a.model, 'development', canonicalJson(a.tags), canonicalJson(a.metrics), card],
      ...[schema, step.run, at],
    )
  for (const alias of a.aliases)
    db.run('INSERT OR REPLACE INTO model_aliases (name, alias, version) VALUES (?, ?, ?)', a.name, alias, version)
  if (!known) {
    enterStage(db, a.name, version, a.stage)
    audit(db, 'model-registered', a.name, { version, model: a.model, run: step.run, stage: a.stage })
  }
  const stage = versionRow(db, a.name, version).stage
  return { name: a.name, version, text: `**${a.name} v${version}** ${known ? 'known, ' : ''}in ${stage}` }
}

/** Moves a version to a stage; a person's decision, so it also brings back what was rolled back. */
export function promoteModel(db: Database, a: { name: string; version: number; stage: ModelStage }): void {
  db.lastingTransaction(() => {
    versionRow(db, a.name, a.version)
    if (!enterStage(db, a.name, a.version, a.stage)) return
    db.run('UPDATE model_versions SET rolled_back_at = NULL WHERE name = ? AND version = ?', a.name, a.version)
    audit(db, 'model-promoted', a.name, { version: a.version, stage: a.stage })
  })
}

/** The version that was in production before answers again; asked again it goes one further back. */
export function rollbackModel(db: Database, name: string): { readonly from: number; readonly to: number } {
  return db.lastingTransaction(() => {
    const now = lastChange(db, name)
    const before = now?.before ? changeRow(db, now.before as number) : undefined
    if (!now || !before)
      throw new ProblemError({
        code: 'not-found',
        message: `No version of ${name} was in production before this one.`,
        fix: 'Promote the version that should answer: plumbline models promote NAME VERSION.',
      })
    const [from, to] = [now.version as number, before.version as number]
    const at = new Date().toISOString()
    db.run(
      "UPDATE model_versions SET stage = 'retired', rolled_back_at = ? WHERE name = ? AND version = ?",
      at,
      name,
      from,
    )
    db.run(
      "UPDATE model_versions SET stage = 'production', rolled_back_at = NULL WHERE name = ? AND version = ?",
      name,
      to,
    )
    db.run(
      'INSERT INTO production_changes (name, version, before, at) VALUES (?, ?, ?, ?)',
      name,
      to,
      before.before as number | null,
      at,
    )
    audit(db, 'model-rolled-back', name, { from, to })
    return { from, to }
  })
}

/** Whether anything changed. Refused while a reviewer whom the stage requires has not approved this very model. */
function enterStage(db: Database, name: string, version: number, stage: ModelStage): boolean {
  const row = versionRow(db, name, version)
  if (row.stage === stage) return false
  const missing = stage === 'retired' ? [] : missingReviewers(db, row, requiredReviewers(db, name), stage)
  if (missing.length > 0)
    throw new ProblemError({
      code: 'not-supported',
      message: `Version ${version} of ${name} can not enter ${stage}: ${missing.join(' and ')} has not approved it.`,
      fix: 'Import the review with "plumbline review FILE", then try again.',
    })
  if (stage === 'production') enterProduction(db, name, version)
  db.run('UPDATE model_versions SET stage = ? WHERE name = ? AND version = ?', stage, name, version)
  return true
}

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
}

/** The newest entry of a model's time in production. */
export const lastChange = (db: Database, name: string): Row | undefined =>
  db.get('SELECT * FROM production_changes WHERE name = ? ORDER BY number DESC LIMIT 1', name)
export const changeRow = (db: Database, number: number): Row | undefined =>
  db.get('SELECT * FROM production_changes WHERE number = ?', number)

function requiredReviewers(db: Database, name: string): readonly RequiredReviewer[] {
  return JSON.parse(db.get('SELECT reviewers FROM registered_models WHERE name = ?', name)!.reviewers as string)
}

function versionRow(db: Database, name: string, version: number): Row {
  const row = db.get('SELECT * FROM model_versions WHERE name = ? AND version = ?', name, version)
  if (row) return row
  throw new ProblemError({
    code: 'not-found',
    message: `The registry has no version ${version} of a model "${name}".`,
    fix: 'See "plumbline models" for what there is.',
  })
}

/** Under which name and version a model stands; the newest where a model has several names. */
function registeredAs(
  db: Database,
  model: Hash,
  name: string | undefined,
): { readonly name: string; readonly version: number } {
  const rows = db.all('SELECT name, version FROM model_versions WHERE model = ? ORDER BY registered_at DESC', model)
  const row = name === undefined ? rows[0] : rows.find((one) => one.name === name)
  if (row) return { name: row.name as string, version: row.version as number }
  throw new ProblemError({
    code: 'not-found',
    message: `The model to deploy is not registered${name === undefined ? '' : ` as ${name}`}.`,
    path: ['inputs', 'model'],
    fix: 'Wire the model of a release/register node',
  })
}

function keepFallback(db: Database, name: string, version: number, fallback: FallbackRule | undefined): void {
  db.run(
    'UPDATE model_versions SET fallback = ? WHERE name = ? AND version = ?',
    fallback ? canonicalJson(fallback) : null,
    name,
    version,
  )
}

function audit(
  db: Database,
  kind: 'model-registered' | 'model-deployed' | 'model-exported' | 'model-promoted' | 'model-rolled-back',
  name: string,
  body: Readonly<Record<string, string | number>>,
): void {
  appendAudit(db, { kind, subject: name, body })
}
