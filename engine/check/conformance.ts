import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, test } from 'vitest'
import type { AnyNode } from '#contract'
import { checkDocument } from '#graph/check'
import { describeNode } from '#graph/describe-node'
import { canonicalJson } from '#graph/fingerprint'
import { displayFaults, progressFaults } from './attempt.ts'
import { definitionFaults } from './definition-faults.ts'
import { fixtureFaults, type ReadyExample, type WrittenTables } from './fixture-cases.ts'
import { fixtureNames } from './fixture-tables.ts'
import { compareWithGolden, goldenSummary, isMeasured } from './golden.ts'
import { createWorkshop, inferNode, type Workshop } from './node-bench.ts'
import { readExample } from './node-example.ts'
import { parameterFaults, unknownInputFaults } from './parameter-faults.ts'
import { schemaDisagreements } from './schema-agreement.ts'

/**
 * What every node promises, tested on each: it is described completely; schemas inferred before a run are those after it;
 * the same seed gives the same bytes for any number of threads; progress grows to 1; cancel ends it; strange tables and bad
 * parameters give a Problem with place and cure; its example runs and gives what `golden.json` says.
 * `root` is the folder that holds `nodes/`.
 */
export function conformance(nodes: readonly AnyNode[], catalogue: readonly AnyNode[], root: string): void {
  const workshop = createWorkshop(catalogue)
  const tables: WrittenTables = new Map()
  afterAll(() => workshop.close())
  describe.each(nodes.map((node) => [node.type, node] as const))('%s', (_type, node) => {
    definitionTests(node, root, workshop)
    exampleTests(node, catalogue, root, workshop)
    fixtureTests(node, catalogue, root, workshop, tables)
  })
}

function definitionTests(node: AnyNode, root: string, workshop: Workshop): void {
  test('is described completely', () => {
    expect(definitionFaults(node)).toEqual([])
  })

  test('has parameters that go through their JSON Schema', () => {
    const { defaults, params } = describeNode(node)
    const validate = new Ajv2020({ strict: false }).compile(params as object)
    for (const [name, value] of Object.entries(defaults)) {
      const { properties, $defs } = params as { properties: Record<string, object>; $defs?: object }
      expect(new Ajv2020({ strict: false }).compile({ ...properties[name], $defs })(value), name).toBe(true)
    }
    const parsed = node.params.safeParse(defaults)
    if (!parsed.success) return
    expect(validate(defaults), JSON.stringify(validate.errors)).toBe(true)
    expect(node.params.parse(JSON.parse(JSON.stringify(parsed.data)))).toEqual(parsed.data)
  })

  test('says which parameter has a value that does not fit', () => {
    expect(parameterFaults(node)).toEqual([])
  })

  test('announces something even of inputs nothing is known of', async () => {
    expect(await unknownInputFaults(node, workshop.bench(root).infer)).toEqual([])
  })
}

/** Measurements of the machine differ each time; all else must not. */
function withoutMeasurements(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMeasurements)
  if (typeof value !== 'object' || value === null) return value
  const kept = isMeasured(value) ? { ...value, value: 0 } : value
  return Object.fromEntries(Object.entries(kept).map(([key, item]) => [key, withoutMeasurements(item)]))
}

/** The example with the inputs of its node made; once a node. */
function readyExample(
  node: AnyNode,
  catalogue: readonly AnyNode[],
  root: string,
  workshop: Workshop,
): () => Promise<ReadyExample> {
  let ready: Promise<ReadyExample> | undefined
  const prepare = async (): Promise<ReadyExample> => {
    const example = readExample(root, node, catalogue)
    const bench = workshop.bench(example.folder)
    const inputs = await bench.inputsOf(example.document, example.id)
    return { ...example, bench, inputs, given: example.document.nodes[example.id]!.params }
  }
  return () => {
    ready ??= prepare()
    return ready
  }
}

function exampleTests(node: AnyNode, catalogue: readonly AnyNode[], root: string, workshop: Workshop): void {
  const prepared = readyExample(node, catalogue, root, workshop)

  test('has an example without problems', async () => {
    const { document, bench } = await prepared()
    expect((await checkDocument(document, catalogue, bench.infer)).problems).toEqual([])
  })

  test('gives what it announced, shows it, and reports progress up to 1', async () => {
    const { bench, inputs, given, document } = await prepared()
    const { params, outputs: announced } = await inferNode(bench, node, given, inputs)
    const { outputs, progress } = await bench.run(node, params, inputs, { seed: document.seed })
    expect(schemaDisagreements(node, announced, outputs)).toEqual([])
    expect(await displayFaults(bench, node, params, inputs, outputs)).toEqual([])
    expect(progressFaults(progress)).toEqual([])
  })

  test('gives the same bytes for the same seed with one thread, two and five', async () => {
    const { bench, inputs, given, document, id } = await prepared()
    const params = node.params.parse(given)
    const one = canonicalJson(withoutMeasurements(await bench.outputsOf(document, id)))
    for (const threads of [2, 5]) {
      const { outputs } = await bench.run(node, params, inputs, { seed: document.seed, threads })
      expect(canonicalJson(withoutMeasurements(outputs)), `${threads} threads`).toBe(one)
    }
  })

  test('stops when it is cancelled', async () => {
    const { bench, inputs, given } = await prepared()
    const run = bench.run(node, node.params.parse(given), inputs, { cancelled: () => true })
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('gives what its golden file says', async () => {
    const { bench, document, id, folder } = await prepared()
    const summary = await goldenSummary(bench, await bench.outputsOf(document, id))
    expect(compareWithGolden(path.join(folder, 'golden.json'), summary)).toEqual([])
  })
}

function fixtureTests(
  node: AnyNode,
  catalogue: readonly AnyNode[],
  root: string,
  workshop: Workshop,
  tables: WrittenTables,
): void {
  if (Object.keys(node.inputs).length === 0) return
  const prepared = readyExample(node, catalogue, root, workshop)

  test.each(fixtureNames)('answers the table "%s" with a result or a problem', async (fixture) => {
    expect(await fixtureFaults(node, await prepared(), fixture, tables)).toEqual([])
  })
}
