import type { AnyNode, Hash, JsonValue } from '#contract'
import { stepKey } from '#graph/fingerprint'
import { hashBytes } from '#store/hashing'
import type { StepKey } from '#store/records'
import { machineName } from './environment.ts'
import type { CodePrint } from './source-code.ts'
import type { SourceFile, SourceFiles } from './source-files.ts'

/** A step with everything its result depends on. */
export interface KeyedStep {
  readonly key: StepKey
  /** Defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>
  readonly sources: readonly SourceFile[]
}

export interface StepIngredients {
  readonly node: AnyNode
  readonly params: Readonly<Record<string, JsonValue>>
  readonly seed: number
  readonly inputs: Readonly<Record<string, Hash | readonly Hash[]>>
}

/** Throws when a file that the parameters name can not be read. */
export async function keyStep(a: StepIngredients, code: CodePrint, files: SourceFiles): Promise<KeyedStep> {
  const params = a.node.params.parse(a.params) as Record<string, JsonValue>
  const sources: SourceFile[] = []
  for (const name of new Set(a.node.sources?.(params) ?? [])) sources.push(...(await files.read(name)))
  const parts = stepKey({
    type: a.node.type,
    version: a.node.version,
    params,
    seed: a.seed,
    inputs: a.inputs,
    sources: Object.fromEntries(sources.map((source) => [source.path, source.hash])),
    code: code.hash,
    natives: a.node.measures ? { ...code.packages, machine: machineName() } : code.packages,
  })
  return { key: { key: hashBytes(parts), parts }, params, sources }
}
