import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { type Matrix, matrix } from '../matrix.ts'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { layoutOf, startVector } from '../neural/forward.ts'
import type { Layer } from '../neural/network.ts'
import { createRandom } from '../random/random.ts'
import { networkVictim } from './network-victim.ts'

function untrained(inputs: readonly number[], layers: readonly Layer[]): TrainedNetwork {
  const network = { inputs, layers }
  const { parameters, statistics } = layoutOf(network)
  const random = createRandom(5)
  return {
    network,
    parameters: startVector(parameters, random),
    statistics: startVector(statistics, random).map((value) => value + 0.25),
  }
}
function drawn(rows: number, columns: number): Matrix {
  const random = createRandom(6)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  )
}

const dense: readonly Layer[] = [
  { kind: 'dense', units: 7 },
  { kind: 'batchNorm' },
  { kind: 'activation', function: 'tanh' },
  { kind: 'dropout', share: 0.3 },
  { kind: 'dense', units: 5 },
  { kind: 'layerNorm' },
  { kind: 'activation', function: 'leakyRelu' },
  { kind: 'dense', units: 3 },
]
const picture: readonly Layer[] = [
  { kind: 'convolution', filters: 3, size: 3, padding: 1 },
  { kind: 'batchNorm' },
  { kind: 'activation', function: 'relu' },
  { kind: 'maxPool', size: 2 },
  { kind: 'convolution', filters: 4, size: 2 },
  { kind: 'averagePool', size: 2 },
  { kind: 'activation', function: 'gelu' },
  { kind: 'flatten' },
  { kind: 'dense', units: 3 },
]

test.each([
  ['columns', [6], dense, 'double', 1e-5, 7],
  ['pictures', [1, 8, 8], picture, 'float', 1e-3, 3],
] as const)(
  'slopes of networks of %s are those of finite differences, for any number of rows',
  async (_, inputs, layers, real, by, digits) => {
    const columns = inputs.reduce<number>((product, length) => product * length, 1)
    const victim = await networkVictim(await onnxSessions(1), untrained(inputs, layers), { real })
    for (const count of [1, 3, 260]) {
      const rows = drawn(count, columns)
      const weights = Float64Array.from({ length: 3 * count }, (__, at) => (at % 5) - 1.5)
      const slopes = await victim.slopes(rows, weights)
      const sumAt = async (values: Float64Array) =>
        (await victim.logits(matrix(count, columns, values))).reduce((sum, logit, at) => sum + weights[at]! * logit, 0)
      for (let at = 0; at < slopes.length; at += 5 * count) {
        const [up, down] = [rows.values.with(at, rows.values[at]! + by), rows.values.with(at, rows.values[at]! - by)]
        expect(slopes[at]).toBeCloseTo(((await sumAt(up)) - (await sumAt(down))) / (2 * by), digits)
      }
    }
    const chances = await victim.predict(drawn(4, columns))
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(4, 6)
    await victim.close()
  },
)
