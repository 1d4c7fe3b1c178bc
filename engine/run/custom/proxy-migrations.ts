import { type AnyNode, type JsonValue, type PipelineDocument, type Problem, ProblemError, problemsOf } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { expandGroups } from '#graph/groups/expand-groups'

type Params = Readonly<Record<string, JsonValue>>

export interface MigrateQuestion {
  /** The version that the parameters are of. */
  readonly from: number
  readonly params: Params
}
/** The parameters after each step towards the node's version. */
export interface MigrateAnswer {
  readonly steps: readonly Params[]
}

/** Migrations of a node whose code is elsewhere: what its process answered, kept, since documents are migrated in one go. */
export interface ProxyMigrations {
  readonly migrate: NonNullable<AnyNode['migrate']>
  /** Asks for the steps from these parameters on; later calls of `migrate` know them. */
  learn(question: MigrateQuestion): Promise<void>
}

export function proxyMigrations(
  versions: readonly number[],
  ask: (question: MigrateQuestion) => Promise<MigrateAnswer>,
): ProxyMigrations {
  const known = new Map<string, Params | Problem[]>()
  const keyOf = (from: number, params: Params) => `${from} ${canonicalJson(params)}`
  const recall = (from: number, params: Params): Record<string, JsonValue> => {
    const made = known.get(keyOf(from, params))
    if (!made) throw new ProblemError(unasked)
    if (Array.isArray(made)) throw new ProblemError(made)
    return { ...(made as Params) }
  }
  return {
    migrate: Object.fromEntries(versions.map((from) => [from, (old) => recall(from, old)])),
    async learn({ from, params }) {
      if (known.has(keyOf(from, params))) return
      try {
        const { steps } = await ask({ from, params })
        steps.forEach((step, index) => known.set(keyOf(from + index, index === 0 ? params : steps[index - 1]!), step))
      } catch (error) {
        known.set(keyOf(from, params), [...problemsOf(error)])
      }
    },
  }
}

/** Nodes of these types that were saved by an older version, those inside groups too. */
export function olderNodes(document: PipelineDocument, types: ReadonlyMap<string, { readonly version: number }>) {
  const levels = [document, expandGroups(document).document, ...Object.values(document.groups ?? {})]
  const nodes = levels.flatMap((level) => Object.values(level.nodes))
  return nodes.filter(({ type, version }) => version < (types.get(type)?.version ?? 0))
}

const unasked: Problem = { code: 'internal', message: 'The migration of a custom node was not asked for beforehand.' }
