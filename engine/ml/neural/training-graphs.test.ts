import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import type { SessionTensor } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import type { Layer, Network } from './network.ts'
import { type Optimizer, stepNumbers } from './optimizers.ts'
import { evaluationGraph, loopGraph, stepGraph } from './training-graphs.ts'
import { checkedLayout, stateFacts, type TrainingPlan } from './training-step.ts'

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
interface Task {
  readonly plan: TrainingPlan
  readonly real: 'float' | 'double'
  readonly rate: number
  readonly x: number[]
  readonly targets: number[]
  readonly weights: number[]
  readonly rows: number
  readonly batchRows: number
  readonly start: number[]
  readonly steps: number
}

const golden = readGolden<Golden>('ml-neural')
const reals = (real: Task['real'], shape: number[], values: readonly number[]): SessionTensor =>
  real === 'double'
    ? { type: real, shape, values: Float64Array.from(values) }
    : { type: real, shape, values: Float32Array.from(values) }

/** The state before the first step. */
function startState({ plan, real, start }: Task): Record<string, SessionTensor> {
  const { layout } = checkedLayout(plan)
  const statistics = layout.statistics.flatMap(({ shape, start: from }) =>
    new Array<number>(shape[0]!).fill(from.kind === 'constant' ? from.value : Number.NaN),
  )
  const values = (name: string, length: number) => {
    if (name === 'parameters') return start
    return name === 'statistics' ? statistics : new Array<number>(length).fill(0)
  }
  return Object.fromEntries(
    stateFacts(plan, layout).map(({ name, length }) => [name, reals(real, [length], values(name, length))]),
  )
}

const batchOf = (task: Task, step: number) =>
  Array.from({ length: task.batchRows }, (_, k) => (step * task.batchRows + k) % task.rows)
const numbersOf = ({ plan, rate }: Task, step: number) => stepNumbers(plan.optimizer, rate, step + 1)
const named = (results: Readonly<Record<string, SessionTensor>>, name: string) =>
  Array.from(results[name]!.values, Number)

async function trainByLoop(task: Task, threads = 1) {
  const session = await onnxSessions(threads)(loopGraph(task.plan, task.batchRows, task.real))
  const steps = Array.from({ length: task.steps }, (_, step) => step)
  const rows = steps.flatMap((step) => batchOf(task, step))
  const width = task.targets.length / task.rows
  const results = await session.run({
    x: reals(task.real, [task.rows, ...task.plan.network.inputs], task.x),
    targets: reals(task.real, [task.rows, width], task.targets),
    rows: { type: 'int32', shape: [task.steps, task.batchRows], values: Int32Array.from(rows) },
    weights: reals(
      task.real,
      [task.steps, task.batchRows],
      rows.map((row) => task.weights[row]!),
    ),
    numbers: reals(
      task.real,
      [task.steps, 3],
      steps.flatMap((step) => numbersOf(task, step)),
    ),
    ...startState(task),
  })
  await session.release()
  return results
}

async function trainByStep(task: Task) {
  const session = await onnxSessions()(stepGraph(task.plan, task.batchRows, task.real))
  const losses: number[] = []
  let state = startState(task)
  const width = task.targets.length / task.rows
  const features = task.x.length / task.rows
  for (let step = 0; step < task.steps; step++) {
    const rows = batchOf(task, step)
    const results = await session.run({
      x: reals(
        task.real,
        [rows.length, ...task.plan.network.inputs],
        rows.flatMap((row) => task.x.slice(row * features, (row + 1) * features)),
      ),
      targets: reals(
        task.real,
        [rows.length, width],
        rows.flatMap((row) => task.targets.slice(row * width, (row + 1) * width)),
      ),
      weights: reals(
        task.real,
        [rows.length],
        rows.map((row) => task.weights[row]!),
      ),
      numbers: reals(task.real, [3], numbersOf(task, step)),
      ...state,
    })
    losses.push(...named(results, 'loss'))
    state = Object.fromEntries(Object.keys(state).map((name) => [name, results[`${name} next`]!]))
  }
  await session.release()
  return { losses, end: named(state, 'parameters') }
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
  adamw: {
    network: plain,
    optimizer: { kind: 'adamw', beta1: 0.8, beta2: 0.95, weightDecay: 0.1 },
    rate: 0.01,
  },
  batchNorm: { network: normed, optimizer: adam, rate: 0.01 },
}

function denseTask(name: string): Task {
  const { network, optimizer, rate } = trainings[name]!
  const { x, classes, weights, batchRows, trainings: known } = golden.dense
  const plan: TrainingPlan = { network, optimizer, loss: { kind: 'cross-entropy' } }
  const { start, losses } = known[name]!
  const rows = x.length
  return {
    plan,
    real: 'double',
    rate,
    x: x.flat(),
    targets: classes,
    weights,
    rows,
    batchRows,
    start,
    steps: losses.length,
  }
}

for (const name of Object.keys(trainings))
  test(`20 steps of ${name} in float64 equal PyTorch’s, in a loop and step by step`, async () => {
    const task = denseTask(name)
    const { losses, end, statistics } = golden.dense.trainings[name]!
    const looped = await trainByLoop(task)
    // Float64 on both sides; Adam enlarges the rounding of gradients near zero.
    expect(largestDifference(named(looped, 'loss'), losses)).toBeLessThan(1e-10)
    expect(largestDifference(named(looped, 'parameters next'), end)).toBeLessThan(1e-9)
    if (statistics.length > 0) {
      const apart = [3, 4].flatMap((part) => statistics.slice((part - 3) * 6, (part - 2) * 6))
      expect(largestDifference(named(looped, 'statistics next'), apart)).toBeLessThan(1e-12)
    }
    const stepped = await trainByStep(task)
    expect(stepped.losses).toEqual(named(looped, 'loss'))
    expect(stepped.end).toEqual(named(looped, 'parameters next'))
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

function pictureTask(): Task {
  const { x, targets, batchRows, training } = golden.convolution
  const plan: TrainingPlan = {
    network: picture,
    optimizer: { kind: 'sgd', momentum: 0.9 },
    loss: { kind: 'squared' },
  }
  const weights = new Array<number>(16).fill(1)
  return { plan, real: 'float', rate: 0.05, x, targets, weights, rows: 16, batchRows, start: training.start, steps: 10 }
}

test('10 steps of a convolutional network in float32 stay with PyTorch’s in float64', async () => {
  const { losses, end, statistics } = golden.convolution.training
  const looped = await trainByLoop(pictureTask())
  // Convolutions run in float32 alone: rounding of sums of some hundred terms, over 10 steps.
  expect(largestDifference(named(looped, 'loss'), losses)).toBeLessThan(1e-5)
  expect(largestDifference(named(looped, 'parameters next'), end)).toBeLessThan(1e-5)
  expect(largestDifference(named(looped, 'statistics next'), statistics)).toBeLessThan(1e-5)
})

test('the same training gives the same bytes again', async () => {
  const [first, second] = [await trainByLoop(pictureTask()), await trainByLoop(pictureTask())]
  expect(second).toEqual(first)
  expect(loopGraph(pictureTask().plan, 8)).toEqual(loopGraph(pictureTask().plan, 8))
})

test('rows of weight 0 only fill up a batch, batch normalization included', async () => {
  const whole = denseTask('batchNorm')
  const short = {
    ...whole,
    rows: 12,
    x: whole.x.slice(0, 60),
    targets: whole.targets.slice(0, 12),
    batchRows: 12,
    steps: 1,
  }
  const filled = { ...whole, rows: 16, weights: whole.weights.map((w, row) => (row < 12 ? w : 0)), steps: 1 }
  const cut = { ...filled, x: whole.x.slice(0, 80), targets: whole.targets.slice(0, 16) }
  const [expected, actual] = [await trainByLoop(short), await trainByLoop(cut)]
  for (const name of ['loss', 'parameters next', 'statistics next'])
    expect(largestDifference(named(actual, name), named(expected, name))).toBeLessThan(1e-12)
})

test('pruned parameters neither count nor learn; a network that gives an image is refused', async () => {
  const task = denseTask('sgd')
  const plan = { ...task.plan, masked: true }
  const session = await onnxSessions()(evaluationGraph(plan, 'double'))
  const mask = task.start.map((_, index) => (index % 3 === 0 ? 0 : 1))
  const loss = async (parameters: number[], kept: number[]) => {
    const results = await session.run({
      x: reals('double', [48, 5], task.x),
      targets: reals('double', [48, 1], task.targets),
      weights: reals('double', [48], task.weights),
      parameters: reals('double', [parameters.length], parameters),
      mask: reals('double', [kept.length], kept),
    })
    return named(results, 'loss')[0]!
  }
  const ones = mask.map(() => 1)
  const zeroed = task.start.map((value, index) => value * mask[index]!)
  expect(await loss(task.start, mask)).toBe(await loss(zeroed, ones))
  expect(await loss(task.start, mask)).not.toBe(await loss(task.start, ones))
  const open: TrainingPlan = { ...task.plan, network: { inputs: [2, 9, 9], layers: picture.layers.slice(0, 1) } }
  expect(() => stepGraph(open, 4)).toThrow('one vector a row')
})
