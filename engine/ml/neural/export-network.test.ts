import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createGraph } from '#ml/onnx/graph-builder'
import { createRandom } from '#ml/random/random'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { emitNetwork, networkModel } from './export-network.ts'
import { foldNormalization, type TrainedNetwork } from './fold-normalization.ts'
import { layoutOf, startVector } from './forward.ts'
import { magnitudeMask } from './magnitude-mask.ts'
import type { Layer, Network } from './network.ts'

interface Golden {
  readonly convolution: { x: number[]; training: { end: number[]; statistics: number[]; outputs: number[] } }
}

const dense = (units: number): Layer => ({ kind: 'dense', units })
const relu: Layer = { kind: 'activation', function: 'relu' }
const picture: Network = {
  inputs: [2, 9, 9],
  layers: [
    { kind: 'convolution', filters: 4, size: 3, stride: 2, padding: 1 },
    { kind: 'batchNorm' },
    relu,
    { kind: 'maxPool', size: 3, stride: 2, padding: 1 },
    { kind: 'convolution', filters: 8, size: 3, padding: 2, dilation: 2, groups: 2 },
    { kind: 'activation', function: 'gelu' },
    { kind: 'averagePool', size: 2, stride: 1, padding: 1 },
    { kind: 'convolution', filters: 8, size: 3, padding: 1, groups: 8 },
    { kind: 'globalAveragePool' },
    dense(2),
  ],
}

/** A network with values as after a training: statistics and gains away from 0 and 1. */
function invented(network: Network, seed: number): TrainedNetwork {
  const random = createRandom(seed)
  const { parameters, statistics } = layoutOf(network)
  const moved = (vector: Float32Array) => vector.map((value) => value + 0.3 * random.uniform())
  return {
    network,
    parameters: moved(startVector(parameters, random.split('parameters'))),
    statistics: moved(startVector(statistics, random.split('statistics'))),
  }
}

async function predict(model: Uint8Array, rows: number, inputs: readonly number[], values: readonly number[]) {
  const session = await onnxSessions()(model)
  const results = await session.run({
    features: { type: 'float', shape: [rows, ...inputs], values: Float32Array.from(values) },
  })
  await session.release()
  return results
}

test('an exported convolutional network predicts what PyTorch predicts, for any number of rows', async () => {
  const { x, training } = readGolden<Golden>('ml-neural').convolution
  const trained = {
    network: picture,
    parameters: Float32Array.from(training.end),
    statistics: Float32Array.from(training.statistics),
  }
  const model = networkModel(trained, 'squared')
  const { prediction } = await predict(model, 4, picture.inputs, x.slice(0, 4 * 162))
  expect(prediction!.shape).toEqual([4, 2])
  // Float32 against float64.
  expect(largestDifference(prediction!.values, training.outputs)).toBeLessThan(1e-6)
  const one = await predict(model, 1, picture.inputs, x.slice(0, 162))
  expect(largestDifference(one.prediction!.values, training.outputs.slice(0, 2))).toBeLessThan(1e-6)
})

test('folding takes normalization and dropout away where it can, and keeps the function', async () => {
  const network: Network = {
    inputs: [3],
    layers: [
      { kind: 'batchNorm' },
      dense(5),
      { kind: 'batchNorm' },
      relu,
      { kind: 'dropout', share: 0.5 },
      { kind: 'batchNorm' },
      dense(4),
    ],
  }
  const trained = invented(network, 3)
  const folded = foldNormalization(trained)
  expect(folded.network.layers.map(({ kind }) => kind)).toEqual([
    'batchNorm',
    'dense',
    'activation',
    'batchNorm',
    'dense',
  ])
  const values = Array.from({ length: 30 }, (_, index) => Math.sin(index))
  const { prediction } = await predict(networkModel(trained, 'huber'), 10, [3], values)
  expect(largestDifference(prediction!.values, byHand(trained, values))).toBeLessThan(1e-6)
})

/** Gives the next values of a vector, as many as asked. */
function taker(vector: Float32Array) {
  let rest = vector
  return (count: number) => {
    const taken = rest.subarray(0, count)
    rest = rest.subarray(count)
    return taken
  }
}

/** The network of the test above in float64, layer by layer, unfolded. */
function byHand({ parameters, statistics }: TrainedNetwork, values: readonly number[]): number[] {
  const [take, see] = [taker(parameters), taker(statistics)]
  const norm = (width: number) => {
    const [gain, shift, mean, variance] = [take(width), take(width), see(width), see(width)]
    return (row: number[]) =>
      row.map((v, k) => ((v - mean[k]!) / Math.sqrt(variance[k]! + 1e-5)) * gain[k]! + shift[k]!)
  }
  const linear = (inputs: number, units: number) => {
    const [weights, bias] = [take(inputs * units), take(units)]
    return (row: number[]) =>
      Array.from(bias, (b, u) => row.reduce((sum, v, i) => sum + v * weights[i * units + u]!, b))
  }
  const steps = [
    norm(3),
    linear(3, 5),
    norm(5),
    (row: number[]) => row.map((v) => Math.max(v, 0)),
    norm(5),
    linear(5, 4),
  ]
  return Array.from({ length: values.length / 3 }, (_, row) => values.slice(row * 3, row * 3 + 3)).flatMap((row) =>
    steps.reduce((x, step) => step(x), row),
  )
}

test('normalization of sequences stays a layer of its own', () => {
  const network: Network = {
    inputs: [2],
    layers: [
      { kind: 'embedding', levels: 4, width: 3 },
      dense(3),
      { kind: 'batchNorm' },
      { kind: 'flatten' },
      dense(2),
    ],
  }
  expect(foldNormalization(invented(network, 1)).network.layers).toEqual(network.layers)
})

test('probabilities sum to 1 and fuse with what stands before the network', async () => {
  const network: Network = { inputs: [3], layers: [dense(4), relu, dense(3)] }
  const trained = invented(network, 5)
  const graph = createGraph('fused')
  const doubled = graph.apply('Add', [graph.input('x', 'double', ['N', 3]), graph.number(1)])
  const scores = emitNetwork(graph, { name: doubled, type: 'double' }, trained, 'cross-entropy')
  graph.node('Identity', [scores], {}, { outputs: ['scores'] })
  graph.output('scores', 'double', ['N', 3])
  const session = await onnxSessions()(graph.encode())
  const fused = await session.run({ x: { type: 'double', shape: [2, 3], values: Float64Array.of(0, 1, 2, 3, 4, 5) } })
  const alone = await predict(networkModel(trained, 'cross-entropy'), 2, [3], [1, 2, 3, 4, 5, 6])
  expect(fused).toEqual(alone)
  const values = Array.from(fused.scores!.values, Number)
  expect(values[0]! + values[1]! + values[2]!).toBeCloseTo(1, 14)
})

test('one binary output becomes the probabilities of no and yes', async () => {
  const trained = invented({ inputs: [2], layers: [dense(1)] }, 6)
  const { scores } = await predict(networkModel(trained, 'binary'), 1, [2], [0.5, -2])
  const [w1, w2, b] = trained.parameters as unknown as [number, number, number]
  const yes = 1 / (1 + Math.exp(-(0.5 * w1 - 2 * w2 + b)))
  expect(scores!.shape).toEqual([1, 2])
  expect(largestDifference(scores!.values, [1 - yes, yes])).toBeLessThan(1e-6)
  const two = await predict(networkModel(invented({ inputs: [2], layers: [dense(2)] }, 6), 'binary'), 1, [2], [1, 1])
  expect(two.scores!.shape).toEqual([1, 2])
})

test('the smallest weights are pruned, never a bias', () => {
  const network: Network = { inputs: [2], layers: [dense(2), relu, dense(1)] }
  const parameters = Float32Array.of(0.5, -0.1, 0.3, -0.4, 0, 0, 0.2, -0.6, 0)
  expect([...magnitudeMask(network, parameters, 0.5)]).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1])
  expect([...magnitudeMask(network, parameters, 0)]).toEqual(new Array(9).fill(1))
})
