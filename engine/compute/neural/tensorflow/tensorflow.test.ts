import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import type { Accelerator, DeviceTensor, SessionTensor } from '#contract'
import { deviceSteps } from '#ml/neural/device-steps'
import { startVector } from '#ml/neural/forward'
import type { Loss } from '#ml/neural/losses'
import type { Layer, Network } from '#ml/neural/network'
import { type Optimizer, stepNumbers } from '#ml/neural/optimizers'
import { createTrainer } from '#ml/neural/trainer'
import { stepGraph } from '#ml/neural/training-graphs'
import { checkedLayout, stateFacts, type TrainingPlan } from '#ml/neural/training-step'
import { createGraph } from '#ml/onnx/graph-builder'
import { createRandom } from '#ml/random/random'
import { largestDifference, readGolden } from '../../../../bench/parity/read-golden.ts'
import { onnxSessions } from '../onnx-session.ts'
import { findTensorFlow } from './find-tensorflow.ts'
import type { TensorFlow } from './values.ts'

interface Training {
  readonly start: number[]
  readonly losses: number[]
  readonly end: number[]
  readonly statistics: number[]
}
interface Golden {
  readonly dense: {
    readonly x: number[][]
    readonly classes: number[]
    readonly weights: number[]
    readonly batchRows: number
    readonly trainings: Record<string, Training>
  }
  readonly convolution: { x: number[]; targets: number[]; batchRows: number; training: Training }
}
const golden = readGolden<Golden>('ml-neural')

/** The library without a graphics processor, which has the same functions. */
async function library(): Promise<Accelerator> {
  const found = await findTensorFlow(['@tensorflow/tfjs'])
  if ('missing' in found) throw new Error(found.missing)
  return found
}

/** How many tensors the library holds. */
const tensors = () => (createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow).memory().numTensors

const dense = (units: number): Layer => ({ kind: 'dense', units })
const activation = (name: Extract<Layer, { kind: 'activation' }>['function']): Layer => ({
  kind: 'activation',
  function: name,
})
const plain: Network = {
  inputs: [5],
  layers: [dense(7), activation('tanh'), { kind: 'layerNorm' }, dense(6), activation('relu'), dense(3)],
}
const normed: Network = { inputs: [5], layers: [dense(6), { kind: 'batchNorm' }, activation('sigmoid'), dense(3)] }
const adam: Optimizer = { kind: 'adam', weightDecay: 0.03 }
const trainings: Record<string, { network: Network; optimizer: Optimizer; rate: number }> = {
  sgd: { network: plain, optimizer: { kind: 'sgd' }, rate: 0.1 },
  momentum: { network: plain, optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 0.02 }, rate: 0.05 },
  nesterov: { network: plain, optimizer: { kind: 'sgd', momentum: 0.8, nesterov: true }, rate: 0.05 },
  adam: { network: plain, optimizer: adam, rate: 0.01 },
  adamw: { network: plain, optimizer: { kind: 'adamw', beta1: 0.8, beta2: 0.95, weightDecay: 0.1 }, rate: 0.01 },
  batchNorm: { network: normed, optimizer: adam, rate: 0.01 },
}

interface Task {
  readonly plan: TrainingPlan
  readonly rate: number
  readonly x: readonly number[]
  readonly targets: readonly number[]
  readonly weights: readonly number[]
  readonly batchRows: number
  readonly start: readonly number[]
  readonly steps: number
}

const float = (shape: readonly number[], values: readonly number[]): SessionTensor => ({
  type: 'float',
  shape,
  values: Float32Array.from(values),
})

/** The steps of a task, batches in order; the state stays on the device and is read at the end. */
async function trainOn(device: Accelerator, { plan, rate, x, targets, weights, batchRows, start, steps }: Task) {
  const { layout } = checkedLayout(plan)
  const facts = stateFacts(plan, layout)
  const statistics = startVector(layout.statistics, createRandom(0))
  const session = await device.open(
    stepGraph(plan, batchRows, 'float', true),
    facts.map(({ name }) => `${name} next`),
  )
  let state: Record<string, SessionTensor | DeviceTensor> = Object.fromEntries(
    facts.map(({ name, length }) => {
      const begun = name === 'parameters' ? start : name === 'statistics' ? [...statistics] : []
      return [name, float([length], begun.length > 0 ? begun : new Array<number>(length).fill(0))]
    }),
  )
  const [rows, losses] = [weights.length, [] as number[]]
  const [wide, width] = [x.length / rows, targets.length / rows]
  const pick = (from: readonly number[], each: number, step: number) =>
    Array.from({ length: batchRows }, (_, k) => ((step * batchRows + k) % rows) * each).flatMap((at) =>
      from.slice(at, at + each),
    )
  for (let step = 0; step < steps; step++) {
    const { read, kept } = await session.run({
      x: float([batchRows, ...plan.network.inputs], pick(x, wide, step)),
      targets: float([batchRows, width], pick(targets, width, step)),
      weights: float([batchRows], pick(weights, 1, step)),
      numbers: float([3], stepNumbers(plan.optimizer, rate, step + 1)),
      ...state,
    })
    losses.push(Number(read['loss']!.values[0]))
    for (const value of Object.values(state)) if ('dispose' in value) value.dispose()
    state = Object.fromEntries(facts.map(({ name }) => [name, kept[`${name} next`]!]))
  }
  await session.release()
  return { losses, state }
}

/** Reads a tensor by a graph that gives back what it got. */
async function numbersOf(device: Accelerator, tensor: SessionTensor | DeviceTensor, length: number) {
  const graph = createGraph('read')
  graph.node('Identity', [graph.input('x', 'float', [length])], {}, { outputs: ['y'] })
  graph.output('y', 'float', [length])
  const session = await device.open(graph.encode(), [])
  const { read } = await session.run({ x: tensor })
  await session.release()
  return Array.from(read['y']!.values, Number)
}

for (const [name, { network, optimizer, rate }] of Object.entries(trainings))
  test(`20 steps of ${name} in TensorFlow.js stay with PyTorch’s`, async () => {
    const device = await library()
    const { x, classes, weights, batchRows } = golden.dense
    const { start, losses, end, statistics } = golden.dense.trainings[name]!
    const plan: TrainingPlan = { network, optimizer, loss: { kind: 'cross-entropy' } }
    const task = { plan, rate, x: x.flat(), targets: classes, weights, batchRows, start, steps: losses.length }
    const found = await trainOn(device, task)
    // Float32 here, float64 there; Adam enlarges the rounding of gradients near zero.
    expect(largestDifference(found.losses, losses)).toBeLessThan(1e-5)
    expect(largestDifference(await numbersOf(device, found.state['parameters']!, start.length), end)).toBeLessThan(1e-4)
    if (statistics.length > 0) {
      const apart = [3, 4].flatMap((part) => statistics.slice((part - 3) * 6, (part - 2) * 6))
      expect(largestDifference(await numbersOf(device, found.state['statistics']!, 12), apart)).toBeLessThan(1e-5)
    }
  })

const picture: Network = {
  inputs: [2, 9, 9],
  layers: [
    { kind: 'convolution', filters: 4, size: 3, stride: 2, padding: 1 },
    { kind: 'batchNorm' },
    activation('relu'),
    { kind: 'maxPool', size: 3, stride: 2, padding: 1 },
    { kind: 'convolution', filters: 8, size: 3, padding: 2, dilation: 2, groups: 2 },
    activation('gelu'),
    { kind: 'averagePool', size: 2, stride: 1, padding: 1 },
    { kind: 'convolution', filters: 8, size: 3, padding: 1, groups: 8 },
    { kind: 'globalAveragePool' },
    dense(2),
  ],
}

test('10 steps of a convolutional network in TensorFlow.js stay with PyTorch’s', async () => {
  const device = await library()
  const { x, targets, batchRows, training } = golden.convolution
  const plan: TrainingPlan = {
    network: picture,
    optimizer: { kind: 'sgd', momentum: 0.9 },
    loss: { kind: 'squared' },
  }
  const { start, losses, end, statistics } = training
  const weights = new Array<number>(16).fill(1)
  const found = await trainOn(device, { plan, rate: 0.05, x, targets, weights, batchRows, start, steps: 10 })
  // Float32 here, float64 there: rounding of sums of some hundred terms, over 10 steps; the bound of ONNX Runtime's test.
  expect(largestDifference(found.losses, losses)).toBeLessThan(1e-5)
  expect(largestDifference(await numbersOf(device, found.state['parameters']!, start.length), end)).toBeLessThan(1e-5)
  const running = await numbersOf(device, found.state['statistics']!, statistics.length)
  expect(largestDifference(running, statistics)).toBeLessThan(1e-5)
})

const random = createRandom(11)
const drawn = (count: number, draw: () => number) => Float32Array.from({ length: count }, draw)
const residual: Layer[] = [
  { kind: 'residualStart' },
  { kind: 'convolution', filters: 4, size: 3, padding: 1, groups: 4 },
  { kind: 'convolution', filters: 4, size: 1 },
  { kind: 'residualEnd' },
]
const others: Record<string, { network: Network; loss: Loss; features: () => number; masked?: boolean }> = {
  'pictures with a residual and dropout': {
    network: {
      inputs: [1, 6, 6],
      layers: [
        { kind: 'convolution', filters: 4, size: 3, padding: 1 },
        ...residual,
        { kind: 'maxPool', size: 2 },
        { kind: 'averagePool', size: 2, stride: 1, padding: 1, countPadding: false },
        { kind: 'flatten' },
        { kind: 'dropout', share: 0.3 },
        dense(2),
      ],
    },
    loss: { kind: 'cross-entropy' },
    features: () => random.normal(),
  },
  'words in runs': {
    network: {
      inputs: [6],
      layers: [
        { kind: 'embedding', levels: 5, width: 3 },
        { kind: 'sequenceConvolution', filters: 4, size: 2 },
        activation('leakyRelu'),
        { kind: 'sequenceMaximum' },
        dense(1),
      ],
    },
    loss: { kind: 'binary' },
    features: () => random.integer(5),
  },
  'the mean of words': {
    network: { inputs: [6], layers: [{ kind: 'wordMean', levels: 5, width: 3 }, activation('sigmoid'), dense(1)] },
    loss: { kind: 'huber', delta: 0.4 },
    features: () => random.integer(5),
  },
  'columns with categories, masked': {
    network: {
      inputs: [3],
      layers: [
        { kind: 'columnEmbedding', numbers: 1, levels: [3, 4], width: 2 },
        dense(4),
        activation('tanh'),
        dense(1),
      ],
    },
    loss: { kind: 'squared' },
    features: () => random.integer(5) - 2,
    masked: true,
  },
}

for (const [name, { network, loss, features, masked }] of Object.entries(others))
  test(`${name}: TensorFlow.js trains as the processor does`, async () => {
    const device = await library()
    const rows = 40
    const data = {
      rows,
      features: drawn(rows * network.inputs.reduce((a, b) => a * b), features),
      targets: Float32Array.from({ length: rows }, (_, row) => row % 2),
    }
    const plan: TrainingPlan = { network, loss, optimizer: { kind: 'adam' }, ...(masked && { masked }) }
    const length = stateFacts(plan, checkedLayout(plan).layout)[0]!.length
    const mask = Float32Array.from({ length }, (_, at) => (at % 5 === 0 ? 0 : 1))
    const options = { plan, seed: 3, batchRows: 16, epochs: 3, learningRate: 0.01, ...(masked && { mask }) }
    const train = async (steps?: ReturnType<typeof deviceSteps>) => {
      const trainer = await createTrainer(onnxSessions(), options, data, data, steps)
      const outcome = await trainer.train()
      await trainer.close()
      return outcome
    }
    const [own, other] = [await train(), await train(deviceSteps(device))]
    // Nine steps of Adam in float32, whose sums go another way round.
    own.history.forEach((record, epoch) => {
      expect(other.history[epoch]!.loss).toBeCloseTo(record.loss, 4)
      expect(other.history[epoch]!.validationLoss).toBeCloseTo(record.validationLoss!, 4)
    })
    expect(largestDifference([...other.parameters], [...own.parameters])).toBeLessThan(1e-3)
  })

test('a training leaves no tensor behind', async () => {
  const device = await library()
  const before = tensors()
  const { x, classes, weights, batchRows, trainings: known } = golden.dense
  const { network, optimizer, rate } = trainings['sgd']!
  const plan: TrainingPlan = { network, optimizer, loss: { kind: 'cross-entropy' } }
  const task = { plan, rate, x: x.flat(), targets: classes, weights, batchRows, start: known['sgd']!.start, steps: 3 }
  const { state } = await trainOn(device, task)
  for (const value of Object.values(state)) if ('dispose' in value) value.dispose()
  expect(tensors()).toBe(before)
})

test('what is not installed, does not start, or is not known is told', async () => {
  expect(await findTensorFlow(['@tensorflow/tfjs-not-there'])).toEqual({
    missing: '@tensorflow/tfjs-not-there is not installed',
  })
  expect(await findTensorFlow(['@tensorflow/tfjs-not-there', 'zod'])).toEqual({
    missing: expect.stringContaining('zod does not start'),
  })
  const util = createRequire(import.meta.url)('node:util') as { isNullOrUndefined(value: unknown): boolean }
  expect([undefined, null, 0].map((value) => util.isNullOrUndefined(value))).toEqual([true, true, false])
  const graph = createGraph('other')
  graph.node('Hardmax', [graph.input('x', 'float', [2])], {}, { outputs: ['y'] })
  graph.output('y', 'float', [2])
  const device = await library()
  await expect(device.open(graph.encode(), [])).rejects.toThrow('Hardmax')
})
