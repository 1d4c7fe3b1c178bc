import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createGraph } from '#ml/onnx/graph-builder'
import { createRandom } from '#ml/random/random'
import { checkpointBytes, checkpointFrom } from './checkpoint-bytes.ts'
import { networkModel } from './export-network.ts'
import { calibrate, quantizedModel } from './export-quantized.ts'
import { forward, layoutOf, startVector, unpack, vectorLength } from './forward.ts'
import type { Network } from './network.ts'
import { createTape } from './tape.ts'
import { createTrainer } from './trainer.ts'
import type { TrainingData } from './training-data.ts'

const open = onnxSessions()

/** What a network gives for its parameters, nothing folded. */
async function plainOutputs(network: Network, parameters: Float32Array, statistics: Float32Array, x: Float32Array) {
  const layout = layoutOf(network)
  const tape = createTape(createGraph('plain'))
  const [vector, running] = [
    tape.constant('float', [parameters.length], parameters),
    tape.constant('float', [statistics.length], statistics),
  ]
  const input = tape.input('x', [-1, ...network.inputs])
  const outputs = forward(tape, network, input, {
    parameters: unpack(tape, vector, layout.parameters),
    statistics: layout.statistics.length > 0 ? unpack(tape, running, layout.statistics) : [],
  })
  tape.output('y', outputs)
  const session = await open(tape.graph.encode())
  const rows = x.length / network.inputs.reduce((size, length) => size * length, 1)
  const { y } = await session.run({ x: { type: 'float', shape: [rows, ...network.inputs], values: x } })
  await session.release()
  return Array.from(y!.values, Number)
}

const residual: Network = {
  inputs: [2, 6, 6],
  layers: [
    { kind: 'convolution', filters: 4, size: 3, padding: 1 },
    { kind: 'residualStart' },
    { kind: 'batchNorm' },
    { kind: 'convolution', filters: 4, size: 3, padding: 1, groups: 4 },
    { kind: 'dropout', share: 0.2 },
    { kind: 'convolution', filters: 4, size: 1 },
    { kind: 'batchNorm' },
    { kind: 'residualEnd' },
    { kind: 'activation', function: 'relu' },
    { kind: 'globalAveragePool' },
    { kind: 'dense', units: 2 },
  ],
}
const random = createRandom(3)
const pictures: TrainingData = (() => {
  const targets = Float32Array.from({ length: 120 }, (_, row) => row % 2)
  const features = Float32Array.from({ length: 120 * 72 }, (_, at) => {
    const [row, pixel] = [Math.floor(at / 72), at % 36]
    return random.normal() + (targets[row] === 1 && pixel % 2 === 0 ? 0.8 : 0)
  })
  return { rows: 120, features, targets }
})()

test('a residual adds what went in; folded, quantized and plain agree', async () => {
  const plan = { network: residual, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const
  const trainer = await createTrainer(open, { plan, seed: 2, batchRows: 20, epochs: 12, learningRate: 0.02 }, pictures)
  const outcome = await trainer.train()
  await trainer.close()
  expect(outcome.history.at(-1)!.loss).toBeLessThan(0.3)
  const trained = { network: residual, ...outcome }
  const logits = await plainOutputs(residual, outcome.parameters, outcome.statistics, pictures.features)
  const expected = logits.map((own, at) => 1 / (1 + Math.exp((logits[at % 2 ? at - 1 : at + 1] ?? 0) - own)))
  const scores = async (model: Uint8Array) => {
    const session = await open(model)
    const { scores: result } = await session.run({
      features: { type: 'float', shape: [120, 2, 6, 6], values: pictures.features },
    })
    await session.release()
    return Array.from(result!.values, Number)
  }
  // Float32; normalization is folded into the weights.
  const exported = await scores(networkModel(trained, 'cross-entropy'))
  exported.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-5)
  })
  const ranges = await calibrate(open, trained, pictures.features, 120)
  const rounded = await scores(quantizedModel(trained, 'cross-entropy', { ranges }))
  rounded.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!)).toBeLessThan(0.15)
  })
})

test('by hand: a residual around a dense layer', async () => {
  const layers: Network['layers'] = [{ kind: 'residualStart' }, { kind: 'dense', units: 2 }, { kind: 'residualEnd' }]
  const values = Float32Array.of(1, 2, 3, 4, 0.5, -0.5)
  // [1, 10] W + b + x with W = [[1, 2], [3, 4]].
  expect(await plainOutputs({ inputs: [2], layers }, values, new Float32Array(0), Float32Array.of(1, 10))).toEqual([
    1 + 30 + 0.5 + 1,
    2 + 40 - 0.5 + 10,
  ])
})

test('residuals that do not fit are told', () => {
  const layout = (layers: Network['layers']) => layoutOf({ inputs: [2], layers })
  const around = (units: number) =>
    layout([{ kind: 'residualStart' }, { kind: 'dense', units }, { kind: 'residualEnd' }])
  expect(() => around(3)).toThrow('begins with [2] and ends with [3]')
  expect(() => layout([{ kind: 'residualEnd' }])).toThrow('did not begin')
  expect(() => layout([{ kind: 'residualStart' }])).toThrow('does not end')
})

test('categories become vectors beside the numbers', async () => {
  const network: Network = { inputs: [3], layers: [{ kind: 'columnEmbedding', numbers: 1, levels: [2, 1], width: 2 }] }
  const table = Float32Array.from({ length: 14 }, (_, at) => at)
  const x = Float32Array.of(9, 0, 0, 8, 1, -1, 7, -2, -2)
  const rows = [
    [9, 4, 5, 12, 13],
    [8, 6, 7, 0, 0],
    [7, 0, 1, 8, 9],
  ]
  expect(await plainOutputs(network, table, new Float32Array(0), x)).toEqual(rows.flat())
})

test('words become their mean, empty places left out; runs of words their largest', async () => {
  const words: Network = { inputs: [3], layers: [{ kind: 'wordMean', levels: 3, width: 2 }] }
  const table = Float32Array.of(100, 100, 1, 2, 3, 6)
  const x = Float32Array.of(1, 2, 0, 0, 0, 0)
  expect(await plainOutputs(words, table, new Float32Array(0), x)).toEqual([2, 4, 0, 0])
  const runs: Network = {
    inputs: [3],
    layers: [
      { kind: 'embedding', levels: 3, width: 2 },
      { kind: 'sequenceConvolution', filters: 1, size: 2 },
      { kind: 'sequenceMaximum' },
    ],
  }
  // Weights [1, 0, 0, 10]: first number of a word and ten times the second of the next; bias 0.5.
  const values = Float32Array.of(...table, 1, 0, 0, 10, 0.5)
  expect(await plainOutputs(runs, values, new Float32Array(0), Float32Array.of(1, 2, 1))).toEqual([61.5])
})

test('a network of runs of words learns an order', async () => {
  const network: Network = {
    inputs: [5],
    layers: [
      { kind: 'embedding', levels: 4, width: 4 },
      { kind: 'sequenceConvolution', filters: 8, size: 2 },
      { kind: 'activation', function: 'relu' },
      { kind: 'sequenceMaximum' },
      { kind: 'dense', units: 2 },
    ],
  }
  const features = Float32Array.from({ length: 300 * 5 }, () => 1 + random.integer(3))
  const targets = Float32Array.from({ length: 300 }, (_, row) =>
    [0, 1, 2, 3].some((at) => features[row * 5 + at] === 1 && features[row * 5 + at + 1] === 2) ? 1 : 0,
  )
  const plan = { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const
  const data = { rows: 300, features, targets }
  const trainer = await createTrainer(open, { plan, seed: 1, batchRows: 30, epochs: 30, learningRate: 0.02 }, data)
  const { history, checkpoint } = await trainer.train()
  await trainer.close()
  expect(history.at(-1)!.loss).toBeLessThan(0.05)
  expect(checkpointFrom(checkpointBytes(checkpoint))).toEqual(checkpoint)
  expect(vectorLength(layoutOf(network).parameters)).toBe(startVector(layoutOf(network).parameters, random).length)
})
