import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createRandom } from '#ml/random/random'
import { createEvaluator } from './evaluate.ts'
import type { Network } from './network.ts'
import { rateFactor } from './schedule.ts'
import { type Checkpoint, createTrainer, type TrainerOptions, type TrainingHooks } from './trainer.ts'
import type { TrainingData } from './training-data.ts'
import type { TrainingPlan } from './training-step.ts'

const open = onnxSessions()

/** Two rings, which no line separates. */
function rings(rows: number, seed: number): TrainingData {
  const random = createRandom(seed)
  const features = new Float32Array(rows * 2)
  const targets = Float32Array.from({ length: rows }, (_, row) => row % 2)
  targets.forEach((ring, row) => {
    const [radius, angle] = [1 + ring + random.normal() * 0.15, random.uniform() * 2 * Math.PI]
    features.set([radius * Math.cos(angle), radius * Math.sin(angle)], row * 2)
  })
  return { rows, features, targets }
}

const network: Network = {
  inputs: [2],
  layers: [
    { kind: 'dense', units: 24 },
    { kind: 'batchNorm' },
    { kind: 'activation', function: 'relu' },
    { kind: 'dropout', share: 0.1 },
    { kind: 'dense', units: 2 },
  ],
}
const plan: TrainingPlan = { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } }
const options: TrainerOptions = { plan, seed: 4, batchRows: 64, epochs: 12, learningRate: 0.02 }
const [data, validation] = [rings(500, 1), rings(300, 2)]

async function train(given: TrainerOptions, hooks: TrainingHooks = {}, rows = data, judge?: TrainingData) {
  const trainer = await createTrainer(open, given, rows, judge)
  try {
    return await trainer.train(hooks)
  } finally {
    await trainer.close()
  }
}

test('a network learns what no line separates and tells its progress', async () => {
  const fractions: number[] = []
  const outcome = await train(
    { ...options, stepsPerCall: 5 },
    {
      onProgress({ fraction, loss }) {
        fractions.push(fraction)
        expect(loss).toBeGreaterThan(0)
      },
    },
    data,
    validation,
  )
  expect(outcome.reason).toBe('finished')
  expect(outcome.history).toHaveLength(12)
  // The rings overlap at 3.3 standard deviations; ln 2 is chance.
  expect(outcome.history[outcome.bestEpoch]!.validationLoss).toBeLessThan(0.1)
  expect(fractions).toHaveLength(24)
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  expect(fractions.at(-1)).toBe(1)
})

test('the same seed gives the same bytes, whatever the steps a call; another seed gives others', async () => {
  const { checkpoint } = await train({ ...options, epochs: 2 })
  for (const stepsPerCall of [1, 3, 100])
    expect((await train({ ...options, epochs: 2, stepsPerCall })).checkpoint.state).toEqual(checkpoint.state)
  expect((await train({ ...options, epochs: 2, seed: 5 })).parameters).not.toEqual(checkpoint.state.parameters)
})

test('a cancelled training goes on from its checkpoint as if nothing had been', async () => {
  let looks = 0
  const cancelled = await train({ ...options, stepsPerCall: 3 }, { cancelled: () => looks++ === 7 }, data, validation)
  expect(cancelled.reason).toBe('cancelled')
  const kept: Checkpoint = structuredClone(cancelled.checkpoint)
  expect(kept.step).toBeLessThan(24)
  expect(kept.step % 8).toBeGreaterThan(0)
  const resumed = await train(options, { resume: kept }, data, validation)
  const whole = await train(options, {}, data, validation)
  expect(resumed).toEqual(whole)
})

test('early stopping gives back the best epoch', async () => {
  const outcome = await train({ ...options, epochs: 60, patience: 3, learningRate: 0.1 }, {}, rings(60, 8), validation)
  expect(outcome.reason).toBe('stopped-early')
  expect(outcome.history).toHaveLength(outcome.bestEpoch + 1 + 3)
  const losses = outcome.history.map(({ validationLoss }) => validationLoss!)
  expect(Math.min(...losses)).toBe(losses[outcome.bestEpoch])
  const evaluator = await createEvaluator(open, plan, validation)
  const { loss } = await evaluator.judge({ parameters: outcome.parameters, statistics: outcome.statistics })
  expect(loss).toBe(losses[outcome.bestEpoch])
  await evaluator.close()
})

test('a training that runs away ends and says so, with finite parameters', async () => {
  const wild: TrainingPlan = {
    network: { inputs: [2], layers: [{ kind: 'dense', units: 1 }] },
    loss: { kind: 'squared' },
    optimizer: { kind: 'sgd' },
  }
  const outcome = await train({ ...options, plan: wild, learningRate: 1e6 })
  expect(outcome.reason).toBe('diverged')
  expect(outcome.parameters.every(Number.isFinite)).toBe(true)
})

test('a weight equals that many copies of the row', async () => {
  const few = rings(40, 3)
  const weights = Float32Array.from({ length: 40 }, (_, row) => row % 3)
  const copies = Array.from(weights, (weight, row) => new Array<number>(weight).fill(row)).flat()
  const repeated: TrainingData = {
    rows: copies.length,
    features: Float32Array.from(copies.flatMap((row) => [few.features[row * 2]!, few.features[row * 2 + 1]!])),
    targets: Float32Array.from(copies, (row) => few.targets[row]!),
  }
  const straight: TrainingPlan = { ...plan, network: { inputs: [2], layers: [{ kind: 'dense', units: 2 }] } }
  const whole = { ...options, plan: straight, batchRows: 1_000, epochs: 10 }
  const [weighted, copied] = [await train(whole, {}, { ...few, weights }), await train(whole, {}, repeated)]
  // Float32 sums in another order.
  weighted.parameters.forEach((value, index) => {
    expect(value).toBeCloseTo(copied.parameters[index]!, 5)
  })
})

test('pruned parameters stay zero; weights of a quantization-aware network learn', async () => {
  const kept = Float32Array.from({ length: 2 * 24 + 24 + 48 + 48 + 2 }, (_, index) => (index < 48 && index % 2 ? 0 : 1))
  const outcome = await train(
    { ...options, plan: { ...plan, masked: true, quantized: true }, mask: kept },
    {},
    data,
    validation,
  )
  expect(outcome.parameters.every((value, index) => kept[index] === 1 || value === 0)).toBe(true)
  expect(outcome.history[outcome.bestEpoch]!.validationLoss).toBeLessThan(0.16)
})

test('a bias before batch normalization stays where it began: it would only move by rounding', async () => {
  const parameters = Float32Array.from({ length: 170 }, (_, index) => Math.sin(index + 1))
  const statistics = Float32Array.from({ length: 48 }, (_, index) => (index < 24 ? 0 : 1))
  const outcome = await train({ ...options, epochs: 2, start: { parameters, statistics } })
  const moved = Array.from(outcome.parameters, (value, index) => value !== parameters[index])
  expect(moved.slice(48, 72)).not.toContain(true)
  expect(moved.slice(72, 96)).toContain(true)
})

test('data that a network can not learn from is told', async () => {
  const spoiled = (change: Partial<TrainingData>) => train(options, {}, { ...rings(4, 1), ...change })
  await expect(spoiled({ targets: Float32Array.of(0, 1, 2, 0) })).rejects.toThrow('targets hold 2')
  await expect(spoiled({ features: new Float32Array(8).fill(Number.NaN) })).rejects.toThrow('missing or infinite')
  await expect(spoiled({ weights: new Float32Array(4) })).rejects.toThrow('none above zero')
  await expect(spoiled({ rows: 0 })).rejects.toThrow('no row')
  await expect(spoiled({ rows: 3 })).rejects.toThrow('features holds 8')
  const words: Network = {
    inputs: [2],
    layers: [{ kind: 'embedding', levels: 3, width: 2 }, { kind: 'flatten' }, { kind: 'dense', units: 2 }],
  }
  const wordy = { ...options, plan: { ...plan, network: words } }
  await expect(train(wordy, {}, { ...rings(4, 1), features: Float32Array.of(0, 1, 2, 3, 0, 0, 0, 0) })).rejects.toThrow(
    'hold 3',
  )
})

test('an embedding learns which words go together', async () => {
  const random = createRandom(9)
  const features = Float32Array.from({ length: 400 }, () => random.integer(6))
  const targets = Float32Array.from({ length: 200 }, (_, row) =>
    features[row * 2]! % 2 === features[row * 2 + 1]! % 2 ? 1 : 0,
  )
  const words: Network = {
    inputs: [2],
    layers: [
      { kind: 'embedding', levels: 6, width: 4 },
      { kind: 'layerNorm' },
      { kind: 'dense', units: 8 },
      { kind: 'activation', function: 'gelu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 8 },
      { kind: 'activation', function: 'leakyRelu' },
      { kind: 'dense', units: 1 },
    ],
  }
  const wordy = { ...options, epochs: 60, plan: { ...plan, network: words, loss: { kind: 'binary' } } } as const
  const outcome = await train(wordy, {}, { rows: 200, features, targets })
  expect(outcome.history.at(-1)!.loss).toBeLessThan(0.1)
})

test('learning rates rise in the warm-up and fall as the schedule says', () => {
  const at = (step: number) => rateFactor({ kind: 'cosine', warmup: 0.1, floor: 0.2 }, step, 100, 0)
  expect([at(0), at(4), at(9), at(10)]).toEqual([0.1, 0.5, 1, 1])
  expect(at(55)).toBeCloseTo(0.6, 12)
  expect(at(100)).toBeCloseTo(0.2, 12)
  expect(rateFactor({ kind: 'linear' }, 25, 100, 0)).toBe(0.75)
  expect([0, 2, 3, 7].map((epoch) => rateFactor({ kind: 'step', every: 3, factor: 0.5 }, 50, 100, epoch))).toEqual([
    1, 1, 0.5, 0.25,
  ])
  expect(rateFactor({ kind: 'constant' }, 99, 100, 3)).toBe(1)
})
