import { expect, test } from 'vitest'
import type { Accelerator, DeviceTensor, SessionTensor } from '#contract'
import { startVector } from '#ml/neural/forward'
import type { Layer, Network } from '#ml/neural/network'
import { type Optimizer, stepNumbers } from '#ml/neural/optimizers'
import { stepGraph } from '#ml/neural/training-graphs'
import { checkedLayout, stateFacts, type TrainingPlan } from '#ml/neural/training-step'
import { createRandom } from '#ml/random/random'
import { largestDifference, readGolden } from '../../../../bench/parity/read-golden.ts'
import { findTensorFlow } from './find-tensorflow.ts'

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
  const { createGraph } = await import('#ml/onnx/graph-builder')
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
