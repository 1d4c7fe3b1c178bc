import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import { networkModel } from '../neural/export-network.ts'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { layoutOf, startVector } from '../neural/forward.ts'
import type { Layer, Network } from '../neural/network.ts'
import { createRandom } from '../random/random.ts'
import { deepenDense, enlargeKernel, widenDense } from './network-morphisms.ts'

const dense = (units: number): Layer => ({ kind: 'dense', units })
const relu: Layer = { kind: 'activation', function: 'relu' }
const table: Network = {
  inputs: [5],
  layers: [dense(6), relu, { kind: 'dropout', share: 0.2 }, dense(4), relu, dense(2)],
}
const picture: Network = {
  inputs: [2, 7, 7],
  layers: [
    { kind: 'convolution', filters: 4, size: 3, stride: 2, padding: 1 },
    relu,
    { kind: 'convolution', filters: 6, size: 3, dilation: 2, padding: 2, groups: 2 },
    { kind: 'globalAveragePool' },
    dense(3),
  ],
}

function started(network: Network): TrainedNetwork {
  const random = createRandom(4)
  const { parameters, statistics } = layoutOf(network)
  return { network, parameters: startVector(parameters, random), statistics: startVector(statistics, random) }
}

const rows = 9
async function outputs(trained: TrainedNetwork): Promise<ArrayLike<number>> {
  const session = await onnxSessions()(networkModel(trained, 'squared'))
  const random = createRandom(7)
  const size = trained.network.inputs.reduce((product, side) => product * side, 1)
  const values = Float32Array.from({ length: rows * size }, () => random.normal())
  const found = await session.run({ features: { type: 'float', shape: [rows, ...trained.network.inputs], values } })
  await session.release()
  return Array.from(Object.values(found)[0]!.values as Float32Array)
}

/** Sums of float32 products come in another order: 1e-5. */
const tolerance = 1e-5

test('wider, deeper and wider again, a network computes the same', async () => {
  const small = started(table)
  const wide = widenDense(small, 0, 11, createRandom(1))
  const deep = deepenDense(wide, 1)
  const both = widenDense(deep, 2, 13, createRandom(2))
  const last = deepenDense(both, 6)
  expect(last.network.layers.map((layer) => (layer.kind === 'dense' ? layer.units : layer.kind))).toEqual([
    11,
    'activation',
    13,
    'activation',
    'dropout',
    4,
    'activation',
    4,
    'activation',
    2,
  ])
  const expected = await outputs(small)
  for (const grown of [wide, deep, both, last])
    expect(largestDifference(await outputs(grown), expected)).toBeLessThan(tolerance)
})

test('with larger kernels a network computes the same', async () => {
  const small = started(picture)
  const grown = enlargeKernel(enlargeKernel(small, 0), 2)
  expect(grown.parameters.length).toBeGreaterThan(small.parameters.length)
  expect(largestDifference(await outputs(grown), await outputs(small))).toBeLessThan(tolerance)
})

test('what can not be grown is said', () => {
  const small = started(table)
  expect(() => widenDense(small, 5, 9, createRandom(1))).toThrow('Layer 5')
  expect(() => widenDense(small, 0, 6, createRandom(1))).toThrow('Layer 0')
  expect(() => deepenDense(small, 2)).toThrow('Layer 2')
  expect(() => enlargeKernel(small, 0)).toThrow('Layer 0')
})
