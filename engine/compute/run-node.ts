import type { AnyNode, CardFact, Hash, JsonValue, PortSchema, PortValue, Problem, ReportBlock } from '#contract'
import type { Scratch } from './scratch.ts'

export interface NodeOutcome {
  /** What `infer` said: schemas by port, or problems. */
  readonly inferred: Readonly<Record<string, PortSchema>> | readonly Problem[]
  readonly outputs: Readonly<Record<string, PortValue>>
  readonly card: CardFact | undefined
  readonly blocks: readonly ReportBlock[]
}

type Inputs = Readonly<Record<string, PortValue | readonly PortValue[] | undefined>>

const placeholder = '0'.repeat(64) as Hash

function mapInputs<T>(inputs: Inputs, each: (value: PortValue) => T): Record<string, T | T[] | undefined> {
  const map = (value: Inputs[string]) => {
    if (value === undefined) return undefined
    return Array.isArray(value) ? value.map(each) : each(value as PortValue)
  }
  return Object.fromEntries(Object.entries(inputs).map(([port, value]) => [port, map(value)]))
}

/** The schema of a wire's value, as the step before would have inferred it. */
export function schemaOf(value: PortValue): PortSchema {
  if (value.kind === 'table') return { columns: value.columns, rows: value.rows }
  if (value.kind === 'schema')
    return { columns: value.columns.map(({ name, type, nullable, role }) => ({ name, type, nullable, role })) }
  if (value.kind === 'model') {
    const { purpose, target, classes, features } = value
    return {
      purpose,
      features,
      ...(target === undefined ? {} : { target }),
      ...(classes === undefined ? {} : { classes }),
    }
  }
  return {}
}

/**
 * Runs a node for a test the way the engine does: parameters through their schema, then infer, run, card and report.
 * `schemas` stands in for what earlier nodes inferred where that differs from the values themselves.
 */
export async function runNode(
  scratch: Scratch,
  node: AnyNode,
  inputs: Inputs,
  given: Readonly<Record<string, JsonValue>> = {},
  schemas: Readonly<Record<string, PortSchema>> = {},
): Promise<NodeOutcome> {
  const { context } = scratch
  const params = node.params.parse(given)
  const inferred = await node.infer({
    inputs: { ...mapInputs(inputs, schemaOf), ...schemas } as never,
    params,
    context: scratch.infer,
  })
  const hashes = mapInputs(inputs, () => placeholder) as never
  const outputs = await node.run({ inputs: inputs as never, hashes, params, context })
  await scratch.dropCheckpoint()
  const card = node.card?.({ inputs: inputs as never, outputs, params })
  const blocks = (await node.report?.({ inputs: inputs as never, outputs, hashes, params, context })) ?? []
  return { inferred: inferred as NodeOutcome['inferred'], outputs: outputs as NodeOutcome['outputs'], card, blocks }
}
