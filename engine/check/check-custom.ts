import { z } from 'zod'
import { type AnyNode, ProblemError } from '#contract'
import { checkDocument } from '#graph/check'
import { describeNode } from '#graph/describe-node'
import { canonicalJson } from '#graph/fingerprint'
import type { CheckedPromise } from '#run/custom/checked-promise'
import { displayFaults, progressFaults } from './attempt.ts'
import { definitionFaults } from './definition-faults.ts'
import { fixtureFaults, type ReadyExample, type WrittenTables } from './fixture-cases.ts'
import { fixtureNames } from './fixture-tables.ts'
import { createWorkshop, inferNode } from './node-bench.ts'
import { readExampleIn } from './node-example.ts'
import { parameterFaults, unknownInputFaults } from './parameter-faults.ts'
import { schemaDisagreements } from './schema-agreement.ts'

interface Subject extends ReadyExample {
  readonly node: AnyNode
}

/** The conformance suite as a list, for a node outside the catalogue; `folder` holds its example. */
export async function checkCustom(
  node: AnyNode,
  catalogue: readonly AnyNode[],
  folder: string,
): Promise<readonly CheckedPromise[]> {
  const all = [...catalogue, node]
  const workshop = createWorkshop(all)
  const found: CheckedPromise[] = []
  const keep = async (promise: string, faults: () => Promise<readonly string[]>) => {
    found.push({ promise, faults: await faults().catch((error: unknown) => [messageOf(error)]) })
  }
  try {
    await keep('is described completely', async () => definitionFaults(node))
    const bench = workshop.bench(folder)
    await keep('has parameters that go through their JSON Schema', async () => schemaFaults(node))
    await keep('says which parameter has a value that does not fit', async () => parameterFaults(node))
    await keep('announces something even of inputs nothing is known of', () => unknownInputFaults(node, bench.infer))
    let subject: Subject | undefined
    await keep('has an example without problems', async () => {
      const example = readExampleIn(folder, node, all)
      const { problems } = await checkDocument(example.document, all, bench.infer)
      if (problems.length > 0) return problems.map(({ message }) => message)
      const inputs = await bench.inputsOf(example.document, example.id)
      subject = { ...example, node, bench, inputs, given: example.document.nodes[example.id]!.params }
      return []
    })
    if (!subject) return found
    const ready = subject
    const tables: WrittenTables = new Map()
    await keep('gives what it announced, shows it, and reports progress up to 1', () => exampleFaults(ready))
    await keep('gives the same bytes for the same seed, however many threads', () => repeatFaults(ready))
    await keep('stops when it is cancelled', () => cancelFaults(ready))
    for (const fixture of fixtureNames)
      await keep(`answers the table "${fixture}" with a result or a problem`, () =>
        fixtureFaults(node, ready, fixture, tables),
      )
    return found
  } finally {
    await workshop.close()
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
const seedOf = ({ document }: Subject) => ({ seed: document.seed })

async function exampleFaults(subject: Subject): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  const { params, outputs: announced } = await inferNode(bench, node, subject.given, inputs)
  const { outputs, progress } = await bench.run(node, params, inputs, seedOf(subject))
  return [
    ...schemaDisagreements(node, announced, outputs),
    ...progressFaults(progress),
    ...(await displayFaults(bench, node, params, inputs, outputs)),
  ]
}

async function repeatFaults(subject: Subject): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  const params = node.params.parse(subject.given)
  const made = async (threads: number) =>
    canonicalJson((await bench.run(node, params, inputs, { ...seedOf(subject), threads })).outputs)
  const once = await made(1)
  return (await made(1)) === once && (await made(5)) === once ? [] : ['a second run gave something else']
}

async function cancelFaults(subject: Subject): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  try {
    await bench.run(node, node.params.parse(subject.given), inputs, { cancelled: () => true })
  } catch (error) {
    return error instanceof ProblemError && error.code === 'cancelled' ? [] : [messageOf(error)]
  }
  return ['it went on to its end: call context.progress now and then']
}

/** What the engine knows of the parameters is their JSON Schema: their defaults must come through it unchanged. */
function schemaFaults(node: AnyNode): string[] {
  const { params, defaults } = describeNode(node)
  const own = node.params.safeParse(defaults)
  if (!own.success) return []
  const known = z.fromJSONSchema(params as Parameters<typeof z.fromJSONSchema>[0]).safeParse(defaults)
  if (!known.success) return known.error.issues.map(({ path: place, message }) => `${place.join('.')}: ${message}`)
  return canonicalJson(known.data) === canonicalJson(own.data) ? [] : ['the defaults are changed by what parses them']
}
