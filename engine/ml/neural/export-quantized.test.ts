import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createRandom } from '#ml/random/random'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { calibratedRange } from './calibrated-range.ts'
import { networkModel } from './export-network.ts'
import { calibrate, quantizedModel } from './export-quantized.ts'
import type { TrainedNetwork } from './fold-normalization.ts'
import { layoutOf, startVector } from './forward.ts'
import { int8Weights } from './int8-weights.ts'
import type { Layer, Network } from './network.ts'

const open = onnxSessions()
const dense = (units: number): Layer => ({ kind: 'dense', units })
const relu: Layer = { kind: 'activation', function: 'relu' }

function invented(network: Network): TrainedNetwork {
  const { parameters, statistics } = layoutOf(network)
  const random = createRandom(11)
  return { network, parameters: startVector(parameters, random), statistics: startVector(statistics, random) }
}

function normals(size: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: size }, () => random.normal())
}

async function predict(model: Uint8Array, inputs: readonly number[], rows: number, values: Float32Array) {
  const session = await open(model)
  const results = await session.run({ features: { type: 'float', shape: [rows, ...inputs], values } })
  await session.release()
  return Array.from(Object.values(results)[0]!.values, Number)
}

const rows = 64
const networks: Record<string, Network> = {
  dense: {
    inputs: [20],
    layers: [dense(64), { kind: 'batchNorm' }, relu, dense(32), { kind: 'activation', function: 'tanh' }, dense(3)],
  },
  convolution: {
    inputs: [2, 8, 8],
    layers: [
      { kind: 'convolution', filters: 8, size: 3, padding: 1 },
      relu,
      { kind: 'maxPool', size: 2 },
      { kind: 'convolution', filters: 8, size: 3, groups: 4 },
      relu,
      { kind: 'flatten' },
      dense(3),
    ],
  },
}

for (const [name, network] of Object.entries(networks))
  test(`int8 of a ${name} network predicts within some hundredths of the spread`, async () => {
    const trained = invented(network)
    const size = network.inputs.reduce((product, length) => product * length, rows)
    const values = normals(size, 2)
    const exact = await predict(networkModel(trained, 'squared'), network.inputs, rows, values)
    const mean = exact.reduce((sum, value) => sum + value, 0) / exact.length
    const spread = Math.sqrt(exact.reduce((sum, value) => sum + (value - mean) ** 2, 0) / exact.length)
    const distance = async (model: Uint8Array) => {
      const rough = await predict(model, network.inputs, rows, values)
      return Math.sqrt(rough.reduce((sum, value, i) => sum + (value - exact[i]!) ** 2, 0) / exact.length) / spread
    }
    // 255 steps an activation: about 1/255 of its range (6 to 8 standard deviations) / √12 a layer, three layers.
    // What percentile and entropy cut off the tails of these normal inputs costs more.
    for (const calibration of [
      { kind: 'min-max' },
      { kind: 'percentile', percent: 99.9 },
      { kind: 'entropy' },
    ] as const) {
      const ranges = await calibrate(open, trained, normals(size * 16, 3), rows * 16, calibration)
      const limit = calibration.kind === 'min-max' ? 0.03 : 0.12
      expect(await distance(quantizedModel(trained, 'squared', { ranges }))).toBeLessThan(limit)
    }
    const dynamic = await distance(quantizedModel(trained, 'squared', { ranges: 'dynamic' }))
    expect(dynamic).toBeLessThan(0.03)
    expect(dynamic).toBeGreaterThan(0)
  })

interface PeerNetwork {
  sizes: number[]
  weights: number[][]
  biases: number[][]
  rows: number[]
  whole: number[][]
  scales: number[][]
  points: { scale: number; zero: number }[]
  outputScale: number
  predictions: number[]
}

test('weights, scales, zero points and predictions are those of ONNX Runtime’s own quantizer', async () => {
  const peer = readGolden<PeerNetwork>('ml-quantize')
  const [inputs = 0, ...units] = peer.sizes
  const layers = units.flatMap((own, at): Layer[] => (at === 0 ? [dense(own)] : [relu, dense(own)]))
  const parameters = Float32Array.from(units.flatMap((_, at) => [...peer.weights[at]!, ...peer.biases[at]!]))
  const trained = { network: { inputs: [inputs], layers }, parameters, statistics: new Float32Array(0) }
  const values = Float32Array.from(peer.rows)
  const count = values.length / inputs
  const ranges = await calibrate(open, trained, values, count)
  units.forEach((own, at) => {
    const made = int8Weights(Float32Array.from(peer.weights[at]!), own, 1)
    expect([...made.values]).toEqual(peer.whole[at])
    made.scales.forEach((scale, unit) => {
      expect(scale).toBeCloseTo(peer.scales[at]![unit]!, 8)
    })
    const [low, high] = ranges.get(`in ${2 * at}`)!
    expect((high - low) / 255).toBeCloseTo(peer.points[at]!.scale, 7)
    expect(Math.round((0 - low) * (255 / (high - low)))).toBe(peer.points[at]!.zero)
  })
  const own = await predict(quantizedModel(trained, 'squared', { ranges }), [inputs], count, values)
  // it rounds the last outputs too: half a step, and one of the sums before may fall on its other side
  peer.predictions.forEach((theirs, at) => {
    expect(Math.abs(own[at]! - theirs)).toBeLessThan(1.5 * peer.outputScale)
  })
})

test('layers that stay fine make the prediction finer, all of them exact', async () => {
  const trained = invented(networks.convolution!)
  const { inputs } = trained.network
  const size = inputs.reduce((product, length) => product * length, rows)
  const values = normals(size, 5)
  const exact = await predict(networkModel(trained, 'squared'), inputs, rows, values)
  const ranges = await calibrate(open, trained, normals(size * 4, 6), rows * 4)
  const distance = async (fine: readonly number[], kind: typeof ranges | 'dynamic') => {
    const rough = await predict(
      quantizedModel(trained, 'squared', { ranges: kind, fine: new Set(fine) }),
      inputs,
      rows,
      values,
    )
    return Math.sqrt(rough.reduce((sum, value, i) => sum + (value - exact[i]!) ** 2, 0))
  }
  const all = await distance([], ranges)
  for (const fine of [[0], [3], [6]]) expect(await distance(fine, ranges)).not.toBe(all)
  expect(await distance([0, 3, 6], ranges)).toBeLessThan(1e-4)
  expect(await distance([6], 'dynamic')).toBeLessThan(1e-4)
})

test('int8 makes a large model about a quarter as big', () => {
  const trained = invented({ inputs: [100], layers: [dense(200), relu, dense(2)] })
  const whole = networkModel(trained, 'cross-entropy').length
  expect(quantizedModel(trained, 'cross-entropy', { ranges: 'dynamic' }).length / whole).toBeLessThan(0.3)
})

test('weights round to steps of their own channel', () => {
  const filters = int8Weights(Float32Array.of(1.27, -0.634, 12.7, 0.1), 2, 0)
  expect([...filters.values]).toEqual([127, -63, 127, 1])
  expect([...filters.scales].map((scale) => scale.toFixed(6))).toEqual(['0.010000', '0.100000'])
  const columns = int8Weights(Float32Array.of(1.27, 0, -0.5, 0), 2, 1)
  expect([...columns.values]).toEqual([127, 0, -50, 0])
  expect(columns.scales[1]).toBe(1)
})

test('calibration cuts what is rare and keeps zero', () => {
  const values = normals(20_000, 4)
  values[0] = 60
  const lowest = values.reduce((low, value) => Math.min(low, value), 0)
  expect(calibratedRange(values, { kind: 'min-max' })).toEqual([lowest, 60])
  const [low, high] = calibratedRange(values, { kind: 'percentile', percent: 99 })
  // The 99th percentile of |x| for a normal x; standard error 0.02 of 20,000 draws.
  expect(high).toBeCloseTo(2.576, 1)
  expect(low).toBe(-high)
  const entropy = calibratedRange(values, { kind: 'entropy' })
  expect(entropy[1]).toBeGreaterThan(2.5)
  expect(entropy[1]).toBeLessThan(8)
  expect(calibratedRange(Float32Array.of(2, 3), { kind: 'min-max' })).toEqual([0, 3])
  expect(calibratedRange(new Float32Array(4), { kind: 'entropy' })).toEqual([0, 0])
})
