import {
  type AnyNode,
  documentFormat,
  type JsonValue,
  type PipelineDocument,
  type Problem,
  problemsOf,
} from '#contract'
import { portAddress } from './adjacency.ts'

type RawDocument = Readonly<Record<string, unknown>>

/** How a document of format n becomes one of n + 1. Format 1 is the first. */
const formatMigrations: Readonly<Record<number, (old: RawDocument) => RawDocument>> = {}

/** Brings a raw document to the newest format. `migrations` is there for tests. */
export function migrateFormat(
  raw: RawDocument,
  migrations = formatMigrations,
  newest = documentFormat,
): { readonly document: RawDocument; readonly migrated: boolean } {
  let document = raw
  const start = raw.format
  if (typeof start !== 'number' || !Number.isInteger(start) || start < 1) return { document, migrated: false }
  for (let format = start; format < newest; format++) {
    const step = migrations[format]
    if (!step) break
    document = { ...step(document), format: format + 1 }
  }
  return { document, migrated: document !== raw }
}

export interface NodeMigration {
  readonly node: string
  readonly type: string
  readonly from: number
  readonly to: number
}
export interface MigratedNodes {
  readonly document: PipelineDocument
  /** What was brought up to date, for the sentence the app shows. */
  readonly report: readonly NodeMigration[]
  readonly problems: readonly Problem[]
}

/**
 * Brings the parameters of nodes that were saved by older versions of their type up to date, those inside groups too (in the
 * report as `group/node`); newer ones are left alone.
 */
export function migrateNodes(document: PipelineDocument, catalogue: readonly AnyNode[]): MigratedNodes {
  const types = new Map(catalogue.map((node) => [node.type as string, node]))
  const own = migrateLevel(document, types)
  const groups = Object.entries(document.groups ?? {}).map(
    ([name, group]) => [name, migrateLevel(group, types, name)] as const,
  )
  const all = [own, ...groups.map(([, group]) => group)]
  const report = all.flatMap((level) => level.report)
  const migrated = groups.some(([, group]) => group.report.length > 0)
  return {
    document: migrated
      ? { ...own.level, groups: Object.fromEntries(groups.map(([name, { level }]) => [name, level])) }
      : own.level,
    report,
    problems: all.flatMap(({ problems }) => problems),
  }
}

type Level = Pick<PipelineDocument, 'nodes' | 'inputs'>

function migrateLevel<L extends Level>(level: L, types: ReadonlyMap<string, AnyNode>, group?: string) {
  const report: NodeMigration[] = []
  const problems: Problem[] = []
  const nodes = { ...level.nodes }
  for (const [id, node] of Object.entries(level.nodes)) {
    const definition = types.get(node.type)
    if (!definition || node.version >= definition.version) continue
    const params = migrateParams(definition, node.version, node.params as Record<string, JsonValue>)
    if ('stuckAt' in params) {
      problems.push(stuckProblem(id, definition, params))
      continue
    }
    if (group !== undefined && showsOldParameter(level, id, definition)) continue
    nodes[id] = { ...node, version: definition.version, params: params.value as typeof node.params }
    report.push({
      node: group === undefined ? id : `${group}/${id}`,
      type: node.type,
      from: node.version,
      to: definition.version,
    })
  }
  return { level: report.length > 0 ? { ...level, nodes } : level, report, problems }
}

/** What a group shows by a name that the parameter has no more waits for the run, which sets it before it migrates. */
function showsOldParameter({ inputs }: Level, id: string, { params }: AnyNode): boolean {
  const shown = Object.values(inputs).map((target) => portAddress(target))
  return shown.some(({ node, port }) => node === id && !Object.hasOwn(params.shape, port.split('.')[0]!))
}

function migrateParams(
  definition: AnyNode,
  version: number,
  params: Readonly<Record<string, JsonValue>>,
): { value: Readonly<Record<string, JsonValue>> } | Stuck {
  let value = params
  for (let from = version; from < definition.version; from++) {
    const step = definition.migrate?.[from]
    if (!step) return { stuckAt: from }
    try {
      value = step(value)
    } catch (error) {
      return { stuckAt: from, why: problemsOf(error)[0]!.message }
    }
  }
  return { value }
}

interface Stuck {
  readonly stuckAt: number
  readonly why?: string
}

function stuckProblem(id: string, definition: AnyNode, { stuckAt, why }: Stuck): Problem {
  return {
    code: 'not-supported',
    message: `The node "${id}" was saved by version ${stuckAt} of ${definition.type}, which version ${definition.version} can not read${why ? `: ${why}` : '.'}`,
    node: id,
    path: ['nodes', id, 'version'],
    fix: `Add ${definition.type} anew and set its parameters.`,
  }
}
