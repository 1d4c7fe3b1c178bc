import { type AnyNode, ProblemError } from '#contract'
import { checkDocument } from '#graph/check'
import { canonicalJson } from '#graph/fingerprint'
import type { CheckedPromise } from '#run/custom/checked-promise'
import { attemptFaults, displayFaults, progressFaults } from './attempt.ts'
import { definitionFaults } from './definition-faults.ts'
import { type FixtureName, fixtureNames, fixtureTable } from './fixture-tables.ts'
import { createWorkshop, inferNode, type NodeBench, type NodeInputs } from './node-bench.ts'
import { type NodeExample, readExampleIn } from './node-example.ts'
import { schemaDisagreements } from './schema-agreement.ts'

interface Subject {
  readonly node: AnyNode
  readonly bench: NodeBench
  readonly example: NodeExample
  readonly inputs: NodeInputs
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
    let subject: Subject | undefined
    await keep('has an example without problems', async () => {
      const example = readExampleIn(folder, node, all)
      const { problems } = await checkDocument(example.document, all, bench.infer)
      if (problems.length > 0) return problems.map(({ message }) => message)
      subject = { node, bench, example, inputs: await bench.inputsOf(example.document, example.id) }
      return []
    })
    if (!subject) return found
    const ready = subject
    await keep('gives what it announced, shows it, and reports progress up to 1', () => exampleFaults(ready))
    await keep('gives the same bytes for the same seed, however many threads', () => repeatFaults(ready))
    await keep('stops when it is cancelled', () => cancelFaults(ready))
    for (const fixture of fixtureNames)
      await keep(`answers the table "${fixture}" with a result or a problem`, () => fixtureFaults(ready, fixture))
    return found
  } finally {
    await workshop.close()
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
const givenOf = ({ example }: Subject) => example.document.nodes[example.id]!.params
const seedOf = ({ example }: Subject) => ({ seed: example.document.seed })

async function exampleFaults(subject: Subject): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  const { params, outputs: announced } = await inferNode(bench, node, givenOf(subject), inputs)
  const { outputs, progress } = await bench.run(node, params, inputs, seedOf(subject))
  return [
    ...schemaDisagreements(node, announced, outputs),
    ...progressFaults(progress),
    ...(await displayFaults(bench, node, params, inputs, outputs)),
  ]
}

async function repeatFaults(subject: Subject): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  const params = node.params.parse(givenOf(subject))
  const made = async (threads: number) =>
    canonicalJson((await bench.run(node, params, inputs, { ...seedOf(subject), threads })).outputs)
  const once = await made(1)
  return (await made(1)) === once && (await made(5)) === once ? [] : ['a second run gave something else']
}

async function cancelFaults(subject: Subject): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  try {
    await bench.run(node, node.params.parse(givenOf(subject)), inputs, { cancelled: () => true })
  } catch (error) {
    return error instanceof ProblemError && error.code === 'cancelled' ? [] : [messageOf(error)]
  }
  return ['it went on to its end: call context.progress now and then']
}

/** The strange table at each table input, beside the example's other inputs. */
async function fixtureFaults(subject: Subject, fixture: FixtureName): Promise<readonly string[]> {
  const { node, bench, inputs } = subject
  const table = await bench.write(fixtureTable(fixture))
  const ports = Object.entries(node.inputs).filter(([port, { type }]) => type === 'table' && inputs[port] !== undefined)
  const faults: string[] = []
  for (const [port, { many }] of ports)
    faults.push(...(await attemptFaults(bench, node, givenOf(subject), { ...inputs, [port]: many ? [table] : table })))
  return faults
}
