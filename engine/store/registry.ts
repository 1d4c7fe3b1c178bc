import {
  type Automation,
  type FallbackRule,
  type Hash,
  type ModelStage,
  ProblemError,
  type RegistryRequest,
  type RequiredReviewer,
} from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { appendAudit } from './audit-chain.ts'
import { challenge } from './challenge.ts'
import type { Database, Row } from './database.ts'
import { endOvertakenRollout } from './rollout-records.ts'
import { changeRow, enterStage, lastChange, needReviewers, productionVersion, versionRow } from './stages.ts'

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
  if (request.type === 'batch') {
    const file = `batches/${request.job ?? name}.batch.json`
    audit(db, 'model-exported', name, { version, folder: file })
    return { name, version, text: `**${name} v${version}** scores ${request.input}` }
  }
  if (row.rolled_back_at)
    throw new ProblemError({
      code: 'not-supported',
      message: `Version ${version} of ${name} was taken out of production on ${(row.rolled_back_at as string).slice(0, 10)}; a run does not bring it back.`,
      fix: `Promote it by hand when it may serve again: plumbline models promote ${name} ${version}.`,
    })
  const people = keepDeployment(db, row, request)
  const champion = productionVersion(db, name)
  if (request.rollout && champion !== undefined && champion !== version)
    return { name, version, text: challenge(db, name, version, request.rollout) }
  const changed = enterStage(db, name, version, 'production')
  const { level } = request.automation ?? {}
  if (changed) audit(db, 'model-deployed', name, { version, run: step.run, ...(level && { automation: level }) })
  else if (people)
    audit(db, 'model-changed', name, { version, changed: `automation ${level ?? 'full'}`, run: step.run })
  return { name, version, text: `**${name} v${version}** in production${level ? `, ${level}` : ''}` }
}

type Registration = Extract<RegistryRequest, { type: 'register' }>

/** The same model under the same name is one version: registering it again changes its tags and card, never its stage. */
function register(
  db: Database,
  a: Registration,
  step: { readonly run: string; readonly outputs: Readonly<Record<string, { readonly hash: Hash }>> },
): Granted {
  const at = new Date().toISOString()
  const before = standingOf(db, a)
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
  const { known } = before
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
    // where every version begins
    needReviewers(db, a.name, versionRow(db, a.name, version), 'development')
    enterStage(db, a.name, version, a.stage)
    audit(db, 'model-registered', a.name, { version, model: a.model, run: step.run, stage: a.stage })
  }
  const changed = changesOf(a, before, { version, card, schema })
  if (changed.length > 0) audit(db, 'model-changed', a.name, { version, changed: changed.join('; '), run: step.run })
  const stage = versionRow(db, a.name, version).stage
  return { name: a.name, version, text: `**${a.name} v${version}** ${known ? 'known, ' : ''}in ${stage}` }
}

/** What the registry says of a model before it is registered again. */
interface Standing {
  readonly model: Row | undefined
  readonly known: Row | undefined
  readonly aliases: ReadonlyMap<string, number>
}

function standingOf(db: Database, { name, model }: Registration): Standing {
  const aliases = db.all('SELECT alias, version FROM model_aliases WHERE name = ?', name)
  return {
    model: db.get('SELECT description, reviewers FROM registered_models WHERE name = ?', name),
    known: db.get('SELECT version, tags, card, schema FROM model_versions WHERE name = ? AND model = ?', name, model),
    aliases: new Map(aliases.map((row) => [row.alias as string, row.version as number])),
  }
}

/** What a registration changes besides entering a version, in words; who has to approve counts for all versions. */
function changesOf(
  a: Registration,
  { model, known, aliases }: Standing,
  now: { readonly version: number; readonly card: string | null; readonly schema: string | null },
): readonly string[] {
  const moved = a.aliases.filter((alias) => aliases.get(alias) !== now.version)
  const alias = (name: string) => {
    const from = aliases.get(name)
    return from === undefined ? `alias ${name}` : `alias ${name}, before of version ${from}`
  }
  return [
    ...(model && model.description !== a.description ? ['purpose'] : []),
    ...(model && model.reviewers !== canonicalJson(a.reviewers)
      ? [`approval now by ${reviewerWords(a.reviewers)}`]
      : []),
    ...(known && known.tags !== canonicalJson(a.tags) ? ['tags'] : []),
    ...(known && known.schema !== now.schema ? ['data contract'] : []),
    ...(known && known.card !== now.card ? ['model card'] : []),
    ...moved.map(alias),
  ]
}

const reviewerWords = (reviewers: readonly RequiredReviewer[]) =>
  reviewers.length === 0 ? 'nobody' : reviewers.map(({ role, stage }) => `${role} before ${stage}`).join(', ')

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
    endOvertakenRollout(db, name, `Version ${to} came back into production.`)
    return { from, to }
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

/** Whether what people decide is another than before. */
function keepDeployment(
  db: Database,
  { name, version, automation: before }: Row,
  { fallback, automation }: { readonly fallback?: FallbackRule; readonly automation?: Automation },
): boolean {
  const text = (value: FallbackRule | Automation | undefined) => (value ? canonicalJson(value) : null)
  db.run(
    'UPDATE model_versions SET fallback = ?, automation = ? WHERE name = ? AND version = ?',
    ...[text(fallback), text(automation), name!, version!],
  )
  return before !== text(automation)
}

function audit(
  db: Database,
  kind:
    | 'model-registered'
    | 'model-changed'
    | 'model-deployed'
    | 'model-exported'
    | 'model-promoted'
    | 'model-rolled-back',
  name: string,
  body: Readonly<Record<string, string | number>>,
): void {
  appendAudit(db, { kind, subject: name, body })
}
