import {
  type Automation,
  type FallbackRule,
  type Hash,
  type Metric,
  type ModelServer,
  type ModelStage,
  type ModelVersion,
  ProblemError,
  type RegisteredModel,
  type RequiredReviewer,
} from '#contract'
import { auditEntries } from './audit-chain.ts'
import type { Database, Row } from './database.ts'
import { livingServers } from './model-servers.ts'
import { rolloutOf, rolloutText } from './read-rollouts.ts'
import { newestDecisions } from './registry-reviews.ts'
import { changeRow, lastChange } from './stages.ts'

const mostTrail = 200

/** Everything the registry knows, models by name. */
export function listModels(db: Database): readonly RegisteredModel[] {
  const servers = livingServers(db)
  return db.all('SELECT * FROM registered_models ORDER BY name').map((row) => readModel(db, row, servers))
}

function readModel(
  db: Database,
  row: Row,
  servers: readonly (ModelServer & { readonly name: string })[],
): RegisteredModel {
  const name = row.name as string
  const before = lastChange(db, name)?.before
  const rollout = rolloutOf(db, name)
  return {
    name,
    description: row.description as string,
    reviewers: JSON.parse(row.reviewers as string) as RequiredReviewer[],
    versions: versionsOf(db, name),
    servers: servers.filter((server) => server.name === name).map(({ name: _, ...server }) => server),
    ...(rollout && { rollout }),
    ...(before ? { rollbackTo: changeRow(db, before as number)!.version as number } : {}),
    trail: auditEntries(db, name)
      .filter(({ kind }) => /^(model|rollout)-/.test(kind))
      .map(({ at, kind, body }) => ({ at, text: trailText(kind, body as Readonly<Record<string, string | number>>) }))
      .reverse()
      .slice(0, mostTrail),
  }
}

function trailText(kind: string, body: Readonly<Record<string, string | number>>): string {
  if (kind.startsWith('rollout-')) return rolloutText(kind, body)
  if (kind === 'model-registered') return `Version ${body.version} registered in ${body.stage} by run ${body.run}`
  if (kind === 'model-changed') return `Version ${body.version}: ${body.changed}, by run ${body.run}`
  if (kind === 'model-deployed') return `Version ${body.version} deployed by run ${body.run}`
  if (kind === 'model-exported') return `Version ${body.version} written to ${body.folder}`
  if (kind === 'model-scored') return `Version ${body.version} scored ${body.rows} rows, batch ${body.batch}`
  if (kind === 'model-promoted') return `Version ${body.version} moved to ${body.stage}`
  return `Rolled back from version ${body.from} to ${body.to}`
}

function versionsOf(db: Database, name: string): readonly ModelVersion[] {
  const aliases = db.all('SELECT alias, version FROM model_aliases WHERE name = ? ORDER BY alias', name)
  return db.all('SELECT * FROM model_versions WHERE name = ? ORDER BY version DESC', name).map((row) => ({
    version: row.version as number,
    model: row.model as Hash,
    stage: row.stage as ModelStage,
    tags: JSON.parse(row.tags as string) as string[],
    aliases: aliases.filter(({ version }) => version === row.version).map(({ alias }) => alias as string),
    metrics: JSON.parse(row.metrics as string) as Metric[],
    ...(row.card ? { card: row.card as Hash } : {}),
    ...(row.schema ? { schema: row.schema as Hash } : {}),
    run: row.run as string,
    registeredAt: row.registered_at as string,
    ...(row.rolled_back_at ? { rolledBackAt: row.rolled_back_at as string } : {}),
    ...(row.fallback ? { fallback: JSON.parse(row.fallback as string) as FallbackRule } : {}),
    ...(row.automation ? { automation: JSON.parse(row.automation as string) as Automation } : {}),
    reviews: newestDecisions(db, row.model as string).map(({ reviewer, role, decision }) => ({
      reviewer,
      role,
      decision,
    })),
  }))
}

/** What a server loads. */
export interface ChosenVersion {
  readonly version: number
  readonly model: Hash
  readonly fallback?: FallbackRule
  readonly automation?: Automation
  readonly schema?: Hash
}

/** The version that "production", another stage, "latest", a number or an alias stands for now; an alias never hides the others. */
export function chooseVersion(db: Database, name: string, selector: string): ChosenVersion {
  const versions = versionsOf(db, name)
  const number = selector.replace(/^v(?=\d)/, '')
  const found =
    versions.find((one) => selector === 'latest' || one.stage === selector || String(one.version) === number) ??
    versions.find((one) => one.aliases.includes(selector))
  if (found) {
    const { version, model, fallback, automation, schema } = found
    return {
      version,
      model,
      ...(fallback && { fallback }),
      ...(automation && { automation }),
      ...(schema && { schema }),
    }
  }
  const names = db.all('SELECT name FROM registered_models ORDER BY name').map((row) => row.name as string)
  throw new ProblemError({
    code: 'not-found',
    message:
      versions.length > 0
        ? `No version of ${name} is "${selector}"; it has ${versions.map((one) => `${one.version} (${one.stage})`).join(', ')}.`
        : `The registry has no model "${name}".${names.length > 0 ? ` It has ${names.join(', ')}.` : ''}`,
    fix:
      versions.length > 0
        ? `Name one of them, as ${name}@${versions[0]!.version}.`
        : 'Run a pipeline with a release/register node, or see "plumbline models".',
  })
}
