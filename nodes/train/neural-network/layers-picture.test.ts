import { expect, test } from 'vitest'
import type { Network } from '#ml/neural/network'
import { layersPicture } from './layers-picture.ts'

test('layers stand with what changes their outputs, in order from the input, with ways around', () => {
  const network: Network = {
    inputs: [1, 8, 8],
    layers: [
      { kind: 'convolution', filters: 4, size: 3, padding: 1 },
      { kind: 'batchNorm' },
      { kind: 'activation', function: 'relu' },
      { kind: 'residualStart' },
      { kind: 'batchNorm' },
      { kind: 'convolution', filters: 4, size: 3, padding: 1 },
      { kind: 'residualEnd' },
      { kind: 'activation', function: 'relu' },
      { kind: 'maxPool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ],
  }
  const { layers, around } = layersPicture(network)
  expect(layers.map(({ label, shape }) => `${label}: ${shape}`)).toEqual([
    'input: 1 × 8 × 8',
    'conv 4 3x3, batch norm, relu: 4 × 8 × 8',
    'batch norm: 4 × 8 × 8',
    'conv 4 3x3: 4 × 8 × 8',
    'relu: 4 × 8 × 8',
    'pool 2: 4 × 4 × 4',
    'flatten: 64',
    'dense 3: 3',
  ])
  expect(around).toEqual([{ from: 2, to: 3 }])
  const counts = [0, 40 + 8, 8, 148, 0, 0, 0, 195]
  const total = counts.reduce((sum, count) => sum + count, 0)
  layers.forEach(({ share }, at) => {
    expect(share).toBeCloseTo(counts[at]! / total, 12)
  })
})
