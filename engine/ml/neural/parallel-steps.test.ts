import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createRandom } from '../random/random.ts'
import type { Network } from './network.ts'
import { parallelSteps, partRows, type Spread } from './parallel-steps.ts'
import { stagesOf } from './stage-graphs.ts'
import { openStageWorker } from './stage-worker.ts'
import { createTrainer, type TrainerOptions } from './trainer.ts'
import type { TrainingData } from './training-data.ts'

const open = onnxSessions()

const plain: Network = {
  inputs: [1, 6, 6],
  layers: [
    { kind: 'convolution', filters: 4, size: 3, padding: 1 },
    { kind: 'activation', function: 'tanh' },
    { kind: 'maxPool', size: 2 },
    { kind: 'residualStart' },
    { kind: 'convolution', filters: 4, size: 3, padding: 1 },
    { kind: 'activation', function: 'tanh' },
    { kind: 'residualEnd' },
    { kind: 'flatten' },
    { kind: 'dense', units: 8 },
    { kind: 'activation', function: 'tanh' },
    { kind: 'dense', units: 2 },
  ],
}
/** What depends on the rows it sees at once. */
const normalized: Network = {
  ...plain,
  layers: [
    plain.layers[0]!,
    { kind: 'batchNorm' },
    ...plain.layers.slice(1, 9),
    { kind: 'dropout', share: 0.1 },
    ...plain.layers.slice(9),
  ],
}
const random = createRandom(3)
const rows = 90
const targets = Float32Array.from({ length: rows }, (_, row) => row % 2)
const features = Float32Array.from({ length: rows * 36 }, (_, at) => targets[Math.floor(at / 36)]! + random.normal())
const weights = Float32Array.from({ length: rows }, (_, row) => 1 + (row % 3))
const data: TrainingData = { rows, features, targets, weights }

async function trained(network: Network, spread?: Spread, more: Partial<TrainerOptions> = {}) {
  const options: TrainerOptions = {
    plan: { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } },
    seed: 2,
    batchRows: 20,
    epochs: 6,
    learningRate: 0.01,
    ...more,
  }
  const setup = spread && { plan: options.plan, data, cuts: spread.cuts, rows: partRows(spread, 20) }
  const steps = setup && parallelSteps(spread, openStageWorker(open, setup))
  const trainer = await createTrainer(open, options, data, data, steps)
  try {
    return await trainer.train()
  } finally {
    await trainer.close()
  }
}
const losses = ({ history }: Awaited<ReturnType<typeof trained>>) =>
  history.map(({ validationLoss }) => validationLoss!)

/** 32-bit sums in another order, over thirty steps of Adam. */
const near = (found: readonly number[], expected: readonly number[]) =>
  found.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-4)
  })

test.each<[string, Spread]>([
  ['in parts', { mode: 'synchronous', parts: 4, cuts: [] }],
  ['in parts that do not divide a batch', { mode: 'synchronous', parts: 3, cuts: [] }],
  ['through three stages in micro-batches', { mode: 'pipeline', parts: 4, cuts: [3, 8] }],
  ['by one worker in turn', { mode: 'asynchronous', parts: 1, cuts: [] }],
])('a training %s is the training in one piece', async (_, spread) => {
  near(losses(await trained(plain, spread)), losses(await trained(plain)))
})

test.each<[string, Spread]>([
  ['synchronous', { mode: 'synchronous', parts: 2, cuts: [] }],
  ['pipeline', { mode: 'pipeline', parts: 2, cuts: [4] }],
  ['asynchronous', { mode: 'asynchronous', parts: 3, cuts: [] }],
])('%s with normalization and dropout learns, the same each time', async (_, spread) => {
  const first = await trained(normalized, spread, { stepsPerCall: 32, epochs: 10 })
  const whole = await trained(normalized, undefined, { epochs: 10 })
  expect(losses(first).at(-1)!).toBeLessThan(0.5 * losses(first)[0]!)
  expect(Math.abs(losses(first).at(-1)! - losses(whole).at(-1)!)).toBeLessThan(0.15)
  expect((await trained(normalized, spread, { stepsPerCall: 32, epochs: 10 })).parameters).toEqual(first.parameters)
  expect(first.statistics.every(Number.isFinite)).toBe(true)
})

test('stages take up each other’s shapes and divide the parameters', () => {
  const stages = stagesOf(plain, [3, 8])
  expect(stages.map(({ network }) => network.inputs)).toEqual([[1, 6, 6], [4, 3, 3], [36]])
  expect(stages.map(({ from, length }) => [from, length])).toEqual([
    [0, 40],
    [40, 148],
    [188, 36 * 8 + 8 + 18],
  ])
  expect(stages.map(({ last }) => last)).toEqual([false, false, true])
})
