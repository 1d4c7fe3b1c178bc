import type { AnyNode, FeatureOpinion, Hash, JsonValue, StoredReview } from '#contract'
import { stepKey } from '#graph/fingerprint'
import type { Database } from '#store/database'
import { hashBytes } from '#store/hashing'
import type { StepKey } from '#store/records'
import { featureOpinions, reviewsOfEvaluation } from '#store/registry-reviews'
import { machineName } from './environment.ts'
import type { CodePrint } from './source-code.ts'
import type { SourceFile, SourceFiles } from './source-files.ts'

/** A step with everything its result depends on. */
export interface KeyedStep {
  readonly key: StepKey
  /** Defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>
  readonly sources: readonly SourceFile[]
  /** Of a reviewed node: what it may look at. */
  readonly reviews: readonly StoredReview[]
  /** Of a node that consults reviewers: what they want. */
  readonly opinions: readonly FeatureOpinion[]
}

export interface StepIngredients {
  readonly node: AnyNode
  readonly params: Readonly<Record<string, JsonValue>>
  readonly seed: number
  readonly inputs: Readonly<Record<string, Hash | readonly Hash[]>>
  /** The pipeline's row in the lineage; none before its first run. */
  readonly pipeline?: number
}

/** Whether a step times this machine. */
export const measuresHere = (
  { measures }: Pick<AnyNode, 'measures'>,
  params: Readonly<Record<string, JsonValue>>,
): boolean => (typeof measures === 'function' ? measures(params) : measures === true)

/** Throws when a file that the parameters name can not be read. */
export async function keyStep(
  a: StepIngredients,
  code: CodePrint,
  from: { readonly sources: SourceFiles; readonly store: { readonly db: Database } },
): Promise<KeyedStep> {
  const params = a.node.params.parse(a.params) as Record<string, JsonValue>
  const sources: SourceFile[] = []
  for (const name of new Set(a.node.sources?.(params) ?? [])) sources.push(...(await from.sources.read(name)))
  const reviews = a.node.reviewed ? reviewsOfInputs(from.store.db, a) : []
  const opinions = a.node.consults && a.pipeline !== undefined ? featureOpinions(from.store.db, a.pipeline) : []
  const parts = stepKey({
    type: a.node.type,
    version: a.node.version,
    params,
    seed: a.seed,
    inputs: a.inputs,
    sources: Object.fromEntries(sources.map((source) => [source.path, source.hash])),
    ...(a.node.reviewed ? { reviews: reviews.map(({ id }) => id) } : {}),
    ...(a.node.consults ? { opinions } : {}),
    code: code.hash,
    natives: measuresHere(a.node, params) ? { ...code.packages, machine: machineName() } : code.packages,
  })
  return { key: { key: hashBytes(parts), parts }, params, sources, reviews, opinions }
}

function reviewsOfInputs(db: Database, { node, inputs }: StepIngredients): readonly StoredReview[] {
  const ports = Object.entries(node.inputs).filter(([, { type }]) => type === 'evaluation')
  const hashes = ports.flatMap(([port]) => inputs[port] ?? []) as Hash[]
  return [...new Set(hashes)].sort().flatMap((hash) => reviewsOfEvaluation(db, hash))
}
