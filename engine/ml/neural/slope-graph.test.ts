import { describe, expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createRandom } from '#ml/random/random'
import { embeddedColumns } from './embedded-columns.ts'
import { embeddedWords } from './embedded-words.ts'
import { networkModel } from './export-network.ts'
import { foldNormalization, type TrainedNetwork } from './fold-normalization.ts'
import { layoutOf, startVector } from './forward.ts'
import type { Layer, Network } from './network.ts'
import { roundedWeights } from './rounded-weights.ts'
import { sizeOf } from './shape.ts'
import { slopeGraph } from './slope-graph.ts'

function invented(network: Network, seed: number): TrainedNetwork {
  const random = createRandom(seed)
  const { parameters, statistics } = layoutOf(network)
  const start = (parts: typeof parameters, label: string) =>
    startVector(parts, random.split(label)).map((value) => value + 0.2 * random.uniform())
  return { network, parameters: start(parameters, 'parameters'), statistics: start(statistics, 'statistics') }
}

async function run(bytes: Uint8Array, name: string, shape: readonly number[], values: ArrayLike<number>) {
  const session = await onnxSessions()(bytes)
  const found = await session.run({ [name]: { type: 'float', shape, values: Float32Array.from(values) } })
  await session.release()
  return found
}

const tanh: Layer = { kind: 'activation', function: 'tanh' }
const networks: readonly (readonly [string, Network])[] = [
  [
    'a table',
    { inputs: [4], layers: [{ kind: 'dense', units: 6 }, { kind: 'batchNorm' }, tanh, { kind: 'dense', units: 3 }] },
  ],
  [
    'pictures',
    {
      inputs: [2, 6, 6],
      layers: [
        { kind: 'convolution', filters: 3, size: 3, padding: 1 },
        { kind: 'batchNorm' },
        tanh,
        { kind: 'maxPool', size: 2 },
        { kind: 'averagePool', size: 3 },
        { kind: 'flatten' },
        { kind: 'dropout', share: 0.5 },
        { kind: 'dense', units: 3 },
      ],
    },
  ],
]

describe.each(networks)('slopes of a network of %s', (_, network) => {
  test('are what a small step changes, for several rows at once', async () => {
    const trained = invented(network, 5)
    const random = createRandom(8)
    const [rows, width] = [3, sizeOf(network.inputs)]
    const x = Float32Array.from({ length: rows * width }, () => random.normal())
    const shape = [rows, ...network.inputs]
    const output = 1
    const { slopes, margins } = await run(slopeGraph(trained, rows, output), 'x', shape, x)
    expect(slopes!.shape).toEqual(shape)
    expect(margins!.shape).toEqual([rows, 3])
    const direction = x.map(() => random.normal())
    const step = 1e-2
    const moved = async (by: number) => {
      const { margins: there } = await run(
        slopeGraph(trained, rows, output),
        'x',
        shape,
        x.map((value, at) => value + by * direction[at]!),
      )
      return there!.values
    }
    const [up, down] = [await moved(step), await moved(-step)]
    for (let row = 0; row < rows; row++) {
      const change = (Number(up[row * 3 + output]) - Number(down[row * 3 + output])) / (2 * step)
      let sum = 0
      for (let at = row * width; at < (row + 1) * width; at++) sum += Number(slopes!.values[at]) * direction[at]!
      // central differences in 32 bits: 1e-2 steps leave about 1e-3 of tanh's curvature and rounding
      expect(Math.abs(sum - change)).toBeLessThan(5e-3 * Math.max(1, Math.abs(change)))
    }
  })

  test('of one output less another are the difference of the slopes', async () => {
    const trained = invented(network, 7)
    const x = Float32Array.from({ length: sizeOf(network.inputs) }, (__, at) => Math.cos(at))
    const slopesOf = async (output: number, less?: number) =>
      (await run(slopeGraph(trained, 1, output, less), 'x', [1, ...network.inputs], x))['slopes']!.values
    const [both, one, other] = [await slopesOf(2, 0), await slopesOf(2), await slopesOf(0)]
    both.forEach((slope, at) => {
      expect(Number(slope)).toBeCloseTo(Number(one[at]) - Number(other[at]), 5)
    })
  })

  test('margins are what the exported network predicts before softmax', async () => {
    const trained = invented(network, 6)
    const x = Float32Array.from({ length: sizeOf(network.inputs) }, (__, at) => Math.sin(at))
    const { margins } = await run(slopeGraph(trained, 1, 0), 'x', [1, ...network.inputs], x)
    const { scores } = await run(networkModel(trained, 'cross-entropy'), 'features', [1, ...network.inputs], x)
    const powers = Array.from(margins!.values, Number).map(Math.exp)
    const total = powers.reduce((sum, power) => sum + power, 0)
    powers.forEach((power, at) => {
      expect(Number(scores!.values[at])).toBeCloseTo(power / total, 6)
    })
  })
})

test('columns with levels are taken off as vectors: missing has one, unseen none', async () => {
  const network: Network = {
    inputs: [4],
    layers: [
      { kind: 'columnEmbedding', numbers: 2, levels: [3, 2], width: 3 },
      { kind: 'dense', units: 2 },
    ],
  }
  const trained = invented(network, 9)
  const { rest, columns, embed } = embeddedColumns(trained)!
  expect([...columns]).toEqual([0, 1, 2, 2, 2, 3, 3, 3])
  const rows = Float64Array.of(0.5, -1, 0, 1, 2, 0.25, 2, -2, 1, 1, -1, 0)
  const whole = await run(networkModel(trained, 'squared'), 'features', [3, 4], rows)
  const parts = await run(networkModel(rest, 'squared'), 'features', [3, 8], embed(rows))
  Array.from(whole['prediction']!.values, Number).forEach((value, at) => {
    expect(Number(parts['prediction']!.values[at])).toBeCloseTo(value, 6)
  })
})

test('words become vectors where there is no slope by them; plain numbers stay', () => {
  const words: Network = {
    inputs: [5],
    layers: [
      { kind: 'wordMean', levels: 9, width: 2 },
      { kind: 'dense', units: 1 },
    ],
  }
  expect(embeddedColumns(invented(words, 1))).toBeUndefined()
  const rows = Float64Array.of(1, 2, 3, 4)
  expect(embeddedColumns(invented(networks[0]![1], 1))!.embed(rows)).toBe(rows)
})

test.each([
  ['their mean', [{ kind: 'wordMean', levels: 9, width: 3 }]],
  [
    'their order',
    [
      { kind: 'embedding', levels: 9, width: 3 },
      { kind: 'sequenceConvolution', filters: 4, size: 2 },
      tanh,
      { kind: 'sequenceMaximum' },
    ],
  ],
] as const)('a network on words by %s gives the same from the vectors of its words', async (_, layers) => {
  const trained = invented({ inputs: [5], layers: [...layers, { kind: 'dense', units: 2 }] }, 11)
  const { rest, places, width, summed, embed } = embeddedWords(trained)!
  const rows = Float64Array.of(2, 5, 8, 0, 0, 1, 1, 3, 7, 4, 0, 0, 0, 0, 0)
  const vectors = embed(rows)
  const given = summed
    ? Float64Array.from({ length: 3 * width }, (_, at) => {
        const [row, k] = [Math.floor(at / width), at % width]
        return Array.from({ length: places }, (_, place) => vectors[(row * places + place) * width + k]!).reduce(
          (a, b) => a + b,
        )
      })
    : vectors
  const whole = await run(networkModel(trained, 'squared'), 'features', [3, 5], rows)
  const parts = await run(networkModel(rest, 'squared'), 'features', [3, ...rest.network.inputs], given)
  Array.from(whole['prediction']!.values, Number).forEach((value, at) => {
    expect(Number(parts['prediction']!.values[at])).toBeCloseTo(value, 5)
  })
})

test('only networks on words have vectors of words', () => {
  expect(embeddedWords(invented(networks[0]![1], 1))).toBeUndefined()
})

test.each(networks)(
  'weights of %s are rounded to whole steps of their channel, those of fine layers stay',
  (_, network) => {
    const trained = invented(network, 7)
    const folded = foldNormalization(trained)
    const rounded = roundedWeights(trained, new Set([folded.network.layers.length - 1]))
    let at = 0
    for (const { layer, role, shape } of layoutOf(folded.network).parameters) {
      const [own, theirs] = [folded.parameters, rounded.parameters].map((all) => all.subarray(at, at + sizeOf(shape)))
      at += sizeOf(shape)
      const last = layer === folded.network.layers.length - 1
      if (role !== 'weights' || last) {
        expect(theirs).toEqual(own)
        continue
      }
      const axis = folded.network.layers[layer]!.kind === 'dense' ? 1 : 0
      const each = own!.length / shape[axis]!
      for (let channel = 0; channel < shape[axis]!; channel++) {
        const places = [...own!.keys()].filter((k) => (axis === 0 ? Math.floor(k / each) : k % shape[1]!) === channel)
        const step = Math.max(...places.map((k) => Math.abs(own![k]!))) / 127
        for (const k of places) {
          expect(Math.abs(theirs![k]! - own![k]!)).toBeLessThanOrEqual(step * 0.5001)
          expect(theirs![k]! / step).toBeCloseTo(Math.round(theirs![k]! / step), 3)
        }
      }
    }
  },
)
