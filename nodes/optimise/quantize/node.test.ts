import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Evaluation, JsonValue, Model, Table } from '#contract'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import linear from '../../train/linear/node.ts'
import network from '../../train/neural-network/node.ts'
import { chooseLayers } from './choose-layers.ts'
import node from './node.ts'

let scratch: Scratch
const tables: Record<string, Table> = {}
const models: Record<string, Model> = {}
beforeAll(async () => {
  scratch = await openScratch()
  for (const [set, epochs] of [
    ['images', 6],
    ['loans', 4],
    ['prices', 4],
  ] as const) {
    const made = (await runNode(scratch, example, {}, { set, rows: 400 })).outputs.table as Table
    tables[set] = (await runNode(scratch, split, { table: made })).outputs.table as Table
    const trained = await runNode(scratch, network, { table: tables[set] }, { epochs, patience: 0 })
    models[set] = trained.outputs.model as Model
  }
})
afterAll(() => scratch.close())

async function quantized(set: string, given: Readonly<Record<string, JsonValue>> = {}) {
  const inputs = { model: models[set]!, table: tables[set]! }
  const { outputs, card, blocks } = await runNode(scratch, node, inputs, { rows: 100, mostLoss: 0.05, ...given })
  return { model: outputs.model as Model, evaluation: outputs.evaluation as Evaluation, card, blocks }
}
const figure = ({ metrics }: Evaluation, name: string) => metrics.find((metric) => metric.name === name)!.value!
async function scores(model: Model, set: string): Promise<Float64Array> {
  const frame = await scratch.context.tables.read(
    tables[set]!,
    model.features.map(({ name }) => name),
  )
  return (await scratch.context.models.score(model, frame)).values
}

test.each([
  ['images', 'static'],
  ['images', 'dynamic'],
  ['images', 'aware'],
  ['loans', 'static'],
  ['prices', 'static'],
])('%s, %s: smaller, within the allowed loss, and the figures are those of the file', async (set, method) => {
  const { model, evaluation } = await quantized(set, { method, epochs: 1 })
  expect(figure(evaluation, 'quality_loss')).toBeLessThanOrEqual(0.05)
  expect(figure(evaluation, 'file_bytes')).toBe(model.onnxBytes)
  expect(model.onnxBytes).toBeLessThan(models[set]!.onnxBytes)
  expect((await scratch.blobs.get(model.onnx)).byteLength).toBe(model.onnxBytes)
  const [before, after] = [await scores(models[set]!, set), await scores(model, set)]
  expect(after.length).toBe(before.length)
  expect(after).not.toEqual(before)
})

test('where nothing may be lost, layers stay fine until nothing is, or it says that it can not be', async () => {
  const outcome = await quantized('images', { mostLoss: 0 }).then(
    ({ evaluation }) => figure(evaluation, 'quality_loss'),
    (error: { problems: { path: unknown }[] }) => error.problems[0]!.path,
  )
  if (typeof outcome === 'number') expect(outcome).toBeLessThanOrEqual(1e-9)
  else expect(outcome).toEqual(['params', 'mostLoss'])
})

test('a size that can not be kept is a problem with a cure', async () => {
  await expect(quantized('images', { mostKilobytes: 0.5 })).rejects.toMatchObject({
    problems: [{ code: 'parameter-bad', path: ['params', 'mostKilobytes'] }],
  })
})

test('a latency is measured where one is asked for, and layers stay fine until it is kept too', async () => {
  const { evaluation, blocks } = await quantized('images', { mostMilliseconds: 10_000 })
  expect(figure(evaluation, 'latency_ms.p95.batch_1')).toBeGreaterThan(0)
  expect(JSON.stringify(blocks)).toContain('Milliseconds a row, 95th percentile')
  await expect(quantized('images', { mostMilliseconds: 1e-7 })).rejects.toMatchObject({
    problems: [{ code: 'parameter-bad', path: ['params', 'mostMilliseconds'] }],
  })
  const costs = [0, 3, 6].map((layer) => ({ layer, loss: 0.01, saved: 100 }))
  const attempt = async (fine: readonly number[]) => ({ fine, quality: 0.9, bytes: 0, latencyMs: 3 - fine.length })
  const { tried, chosen } = await chooseLayers(costs, 0.9, 0, attempt, { keeps: ({ latencyMs }) => latencyMs! <= 1 })
  expect([tried.length, chosen?.fine]).toEqual([3, [0, 3]])
  const measures = node.measures as (params: unknown) => boolean
  expect([0, 2].map((mostMilliseconds) => measures(node.params.parse({ mostMilliseconds })))).toEqual([false, true])
})

test('size and loss are kept together: where the greedy way is too large, other layers that fit stay fine', async () => {
  const costs = [
    { layer: 0, loss: 0.09, saved: 1_000 },
    { layer: 3, loss: 0.04, saved: 600 },
    { layer: 6, loss: 0.03, saved: 500 },
    { layer: 9, loss: 0.001, saved: 900 },
  ]
  const lossOf = (fine: readonly number[]) => costs.reduce((sum, c) => sum + (fine.includes(c.layer) ? 0 : c.loss), 0)
  const savedOf = (fine: readonly number[]) => costs.reduce((sum, c) => sum + (fine.includes(c.layer) ? c.saved : 0), 0)
  const attempt = async (fine: readonly number[]) => ({ fine, quality: 0.9 - lossOf(fine), bytes: savedOf(fine) })
  const choose = async (mostLoss: number, room: number) => {
    const { tried, chosen } = await chooseLayers(costs, 0.9, mostLoss, attempt, {
      fits: (fine) => savedOf(fine) <= room,
    })
    expect(tried.every(({ bytes }) => bytes <= room)).toBe(true)
    return chosen?.fine
  }
  expect(await choose(0.08, 2_000)).toEqual([0])
  // the greedy way would go on with layer 3, for which there is no room beside layer 0
  expect(await choose(0.05, 1_500)).toEqual([0, 6])
  expect(await choose(0.05, 1_400)).toBeUndefined()
  expect(await choose(0.1, 1_100)).toEqual([0])
})

test('only networks can be quantised', async () => {
  const table = tables.loans!
  const plain = (await runNode(scratch, linear, { table }, { folds: 0 })).outputs.model as Model
  await expect(runNode(scratch, node, { model: plain, table })).rejects.toMatchObject({
    problems: [{ code: 'not-supported', path: ['inputs', 'model'] }],
  })
})

test('layers stay fine in the order of what they cost a byte, as few as it takes', async () => {
  const costs = [
    { layer: 0, loss: 0.02, saved: 100 },
    { layer: 3, loss: 0.06, saved: 100 },
    { layer: 6, loss: 0.02, saved: 1_000 },
  ]
  const loss = (fine: readonly number[]) => costs.reduce((sum, c) => sum + (fine.includes(c.layer) ? 0 : c.loss), 0)
  const attempt = async (fine: readonly number[]) => ({ fine, quality: 0.9 - loss(fine), bytes: fine.length })
  const run = async (most: number) => (await chooseLayers(costs, 0.9, most, attempt)).chosen?.fine
  expect(await run(0.2)).toEqual([])
  expect(await run(0.05)).toEqual([3])
  expect(await run(0.03)).toEqual([0, 3])
  expect(await run(0.001)).toBeUndefined()
  const idle = [...costs, { layer: 9, loss: 0, saved: -20 }]
  expect((await chooseLayers(idle, 0.9, 0.05, attempt)).chosen?.fine).toEqual([3, 9])
  expect(
    (await chooseLayers(idle.slice(3), 0.9, 0, async (fine) => ({ fine, quality: 0.9, bytes: 0 }))).chosen?.fine,
  ).toEqual([9])
})
