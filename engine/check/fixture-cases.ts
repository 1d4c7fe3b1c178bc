import { type AnyNode, type PortValue, ProblemError, type Table } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { attemptFaults } from './attempt.ts'
import { type FixtureName, fixtureTable } from './fixture-tables.ts'
import type { NodeBench, NodeInputs, NodeOutputs } from './node-bench.ts'
import { type NodeExample, sourceNodes } from './node-example.ts'

/** A node's example with the inputs of the node made. */
export interface ReadyExample extends NodeExample {
  readonly bench: NodeBench
  readonly inputs: NodeInputs
  readonly given: Readonly<Record<string, unknown>>
}

/** How a node answers a strange table, with the example's parameters and with its defaults: what is wrong with that. */
export async function fixtureFaults(
  node: AnyNode,
  ready: ReadyExample,
  fixture: FixtureName,
  tables: WrittenTables,
): Promise<string[]> {
  const faults: string[] = []
  const parameters = [ready.given, ...defaultParameters(node, ready.given)]
  // What is slow because it is wide is asked once.
  const once = fixture === 'ten thousand columns' ? 1 : undefined
  const tried = parameters.slice(0, once)
  for (const { name, inputs } of (await fixtureInputs(node, ready, fixture, tables)).slice(0, once))
    for (const given of tried)
      for (const fault of await attemptFaults(ready.bench, node, given, inputs)) faults.push(`${name}: ${fault}`)
  return faults
}

/** The node's defaults, where they differ from the example and are complete. */
function defaultParameters(
  node: AnyNode,
  given: Readonly<Record<string, unknown>>,
): readonly Record<string, unknown>[] {
  const defaults = node.params.safeParse({})
  const same = defaults.success && canonicalJson(defaults.data) === canonicalJson(node.params.parse(given))
  return defaults.success && !same ? [{}] : []
}

/** Strange tables that are written already. */
export type WrittenTables = Map<FixtureName, Promise<Table>>

function writtenOnce(bench: NodeBench, tables: WrittenTables, fixture: FixtureName): Promise<Table> {
  const table = tables.get(fixture) ?? bench.write(fixtureTable(fixture))
  tables.set(fixture, table)
  return table
}

interface Case {
  readonly name: string
  readonly inputs: NodeInputs
}

/**
 * The strange table at each table input beside the example's other inputs; and the example run on the strange table from
 * its sources on, where the nodes before this one can do that.
 */
async function fixtureInputs(
  node: AnyNode,
  ready: ReadyExample,
  fixture: FixtureName,
  tables: WrittenTables,
): Promise<Case[]> {
  const table = await writtenOnce(ready.bench, tables, fixture)
  const ports = Object.keys(node.inputs).filter(
    (port) => node.inputs[port]!.type === 'table' && ready.inputs[port] !== undefined,
  )
  const direct = ports.map((port) => ({
    name: `at ${port}`,
    inputs: { ...ready.inputs, [port]: node.inputs[port]!.many ? [table] : table },
  }))
  const chained = await chainedInputs(ready, table)
  const cases = chained ? [...direct, { name: 'from the source on', inputs: chained }] : direct
  const seen = new Set<string>()
  return cases.filter(({ inputs }) => {
    const key = canonicalJson(inputs)
    return !seen.has(key) && seen.add(key)
  })
}

async function chainedInputs({ bench, document, id }: ReadyExample, table: Table): Promise<NodeInputs | undefined> {
  const replace: Record<string, NodeOutputs> = {}
  for (const source of sourceNodes(document)) {
    if (source === id) continue
    const outputs = await bench.outputsOf(document, source)
    const swapped = Object.entries(outputs).map(([port, value]): [string, PortValue] => [
      port,
      value.kind === 'table' ? table : value,
    ])
    replace[source] = Object.fromEntries(swapped)
  }
  try {
    return await bench.inputsOf(document, id, replace)
  } catch (error) {
    if (error instanceof ProblemError) return undefined
    throw error
  }
}
