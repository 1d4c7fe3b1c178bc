/** Reasons of models that are really trained, registered and served, one server each. */
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Explanation, Hash, PipelineDocument, RunDetail } from '#contract'
import { catalogue } from '#nodes'
import type { Reasons } from './reasons.ts'
import { serveRegistered } from './serve-registered.ts'
import { startContainer } from './testing-container.ts'
import { type TestingRegistry, testingRegistry } from './testing-registry.ts'

const learners = {
  boosting: ['loans', 'train/boosting', { rounds: 20, folds: 0 }],
  refusing: ['loans', 'train/boosting', { rounds: 20, folds: 0, positive: 'no' }],
  jobs: ['loans', 'train/boosting', { rounds: 20, folds: 0, target: 'employment' }],
  counts: ['prices', 'train/boosting', { rounds: 10, folds: 0, objective: 'poisson' }],
  forest: ['loans', 'train/forest', { trees: 10 }],
  woods: ['loans', 'train/forest', { trees: 5, target: 'employment' }],
  tree: ['prices', 'train/tree', {}],
  linear: ['loans', 'train/linear', { folds: 0, target: 'employment' }],
  network: ['loans', 'train/neural-network', { epochs: 2 }],
  topics: ['texts', 'train/neural-network', { epochs: 6 }],
  words: ['texts', 'train/linear', { folds: 0 }],
  shapes: ['images', 'train/neural-network', { epochs: 2, design: 'own', layers: [] }],
} as const
/** Models that are written as container folders too. */
const boxed = ['boosting', 'network', 'topics', 'shapes'] as const

let registry: TestingRegistry
let run: RunDetail

beforeAll(async () => {
  registry = await testingRegistry(catalogue)
  const { id } = await registry.engine.run({ document: pipeline() })
  expect(await registry.engine.idle(id)).toMatchObject({ status: 'done' })
  run = await registry.engine.runDetail({ run: id })
}, 60_000)
afterAll(() => registry?.close())

/** Learns all of them and registers each under its own name. */
function pipeline(): PipelineDocument {
  const node = (type: string, params = {}) => ({ type, version: 1, params })
  const wires = ['loans', 'prices', 'images'].map((set) => `${set}.table ${set}-split.table`)
  const nodes: Record<string, unknown> = {}
  for (const set of ['loans', 'prices', 'texts', 'images']) {
    nodes[set] = node('data/example', { set, rows: 400 })
    nodes[`${set}-split`] = node('data/split')
  }
  // of messages only the text is learned from
  nodes.schema = node('data/infer-schema', { target: 'topic', ignore: ['ticket', 'channel'] })
  nodes.valid = node('data/validate-schema')
  wires.push('texts.table schema.table', 'schema.schema valid.schema', 'texts.table valid.table')
  wires.push('valid.table texts-split.table')
  nodes.terms = node('prepare/prepare', { longTexts: 'words', mostTerms: 200, mostWords: 1, termRows: 3 })
  wires.push('texts-split.table terms.table', 'terms.preparation words.preparation')
  for (const [name, [set, type, params]] of Object.entries(learners)) {
    nodes[name] = node(type, params)
    nodes[`${name}-version`] = node('release/register', { name })
    wires.push(`${set}-split.table ${name}.table`, `${name}.model ${name}-version.model`)
  }
  for (const name of boxed) {
    nodes[`${name}-box`] = node('release/deploy', { mode: 'container', folder: `box/${name}` })
    wires.push(`${name}-version.model ${name}-box.model`)
  }
  nodes.shap = node('explain/shap', { who: 'named', person: '3' })
  wires.push('boosting.model shap.model', 'loans-split.table shap.table')
  return {
    format: 1,
    name: 'Served models',
    description: '',
    seed: 1,
    nodes: nodes as PipelineDocument['nodes'],
    edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
}

interface Answered {
  readonly decision: string | number
  readonly score: number
  readonly reasons?: Reasons
}
const output = (node: string, port: string) => run.steps.find((step) => step.node === node)!.outputs[port]!.hash as Hash

/** The first rows of the table a model has learned from. */
async function rowsOf(name: keyof typeof learners, count: number) {
  const { columns, rows } = await registry.engine.rows({
    table: output(`${learners[name][0]}-split`, 'table'),
    offset: 0,
    limit: count,
  })
  return rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [columns[at]!.name, cell])))
}
async function predictionsOf(answer: Response): Promise<readonly Answered[]> {
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { predictions: Answered[] }).predictions
}

/** Those rows asked of the model with reasons. */
async function ask(name: keyof typeof learners, count: number): Promise<readonly Answered[]> {
  const given = await rowsOf(name, count)
  const server = await serveRegistered({
    project: registry.project,
    name,
    selector: 'latest',
    port: 0,
    host: '127.0.0.1',
  })
  try {
    return await predictionsOf(
      await fetch(`${server.origin}/v1/predict?reasons=1`, { method: 'POST', body: JSON.stringify({ rows: given }) }),
    )
  } finally {
    await server.close()
  }
}

const sumOf = ({ base, contributions, others }: Reasons) =>
  contributions.reduce((sum, { contribution }) => sum + contribution, base) + (others?.contribution ?? 0)
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const same = (x: number) => x

test.each([
  ['boosting', 'Tree SHAP, path-dependent', 'log-odds', sigmoid],
  ['refusing', 'Tree SHAP, path-dependent', 'log-odds', sigmoid],
  ['counts', 'Tree SHAP, path-dependent', 'log-target', Math.exp],
  ['forest', 'Tree SHAP, path-dependent', 'probability', same],
  ['woods', 'Tree SHAP, path-dependent', 'probability', same],
  ['tree', 'Tree SHAP, path-dependent', 'target', same],
  ['network', 'Permutation SHAP, 20 orders over 32 training rows', 'probability', same],
  ['topics', expect.stringMatching(/^Permutation SHAP, \d+ orders of words left out$/), 'probability', same],
  ['shapes', 'Permutation SHAP, 4 orders of parts that look average', 'probability', same],
] as const)('reasons of %s add up to its score: %s, on %s', { timeout: 20_000 }, async (name, method, space, link) => {
  for (const { decision, score, reasons } of await ask(name, 12)) {
    expect(reasons).toMatchObject({ method, space })
    expect(link(sumOf(reasons!)) / score).toBeCloseTo(1, 6)
    const sizes = reasons!.contributions.map(({ contribution }) => Math.abs(contribution))
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    expect(sizes[0]).toBeGreaterThan(0)
    if (name === 'boosting') expect(reasons!.class).toBe('yes')
    if (name === 'refusing') expect(reasons!.class).toBe('no')
    if (name === 'woods') expect(reasons!.class).toBe(decision)
  }
})

test.each([
  ['jobs', 'Tree SHAP, path-dependent'],
  ['linear', 'Linear SHAP'],
] as const)(
  'of several classes (%s) the one decided for is explained, on its margin: %s',
  { timeout: 20_000 },
  async (name, method) => {
    const answers = await ask(name, 60)
    expect(new Set(answers.map(({ decision }) => decision)).size).toBeGreaterThan(1)
    for (const { decision, reasons } of answers)
      expect(reasons).toMatchObject({ method, space: 'margin', class: decision })
  },
)

test('words with weights are reasons one by one', { timeout: 20_000 }, async () => {
  for (const { decision, reasons } of await ask('words', 12)) {
    expect(reasons).toMatchObject({ method: 'Linear SHAP', space: 'margin', class: decision })
    expect(reasons!.contributions).toHaveLength(50)
    expect(reasons!.others!.count).toBeGreaterThan(20)
    expect(reasons!.contributions.map(({ feature }) => feature)).not.toContain('message')
  }
})

test.each(boxed)('the container of %s gives the reasons of the server', { timeout: 30_000 }, async (name) => {
  const container = await startContainer(path.join(registry.project, 'box', name))
  try {
    const own = await predictionsOf(await container.ask(await rowsOf(name, 4), '?reasons=1'))
    expect(own.every(({ reasons }) => reasons && reasons.contributions.length > 0)).toBe(true)
    expect(own).toEqual(await ask(name, 4))
  } finally {
    await container.close()
  }
})

test('reasons of trees are those of explain/shap', { timeout: 20_000 }, async () => {
  const hash = output('shap', 'explanation')
  const explanation = (await registry.engine.value({ hash })) as unknown as Explanation
  const { reasons } = (await ask('boosting', 3))[2]!
  expect(reasons!.base).toBeCloseTo(explanation.base, 9)
  const [person] = explanation.people
  expect(person!.contributions.length).toBeGreaterThan(3)
  for (const { feature, contribution } of person!.contributions)
    expect(reasons!.contributions.find((one) => one.feature === feature)!.contribution).toBeCloseTo(contribution, 9)
})
