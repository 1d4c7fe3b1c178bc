import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createGraph } from '#ml/onnx/graph-builder'
import { createRandom } from '#ml/random/random'
import { forward, layoutOf, startVector, unpack } from './forward.ts'
import { gradient } from './gradient.ts'
import type { Layer, Network } from './network.ts'
import { multiply } from './operators/arithmetic.ts'
import { sum } from './operators/reduction.ts'
import { createTape } from './tape.ts'

const random = createRandom(12)
const rows = 3

interface Case {
  readonly name: string
  readonly network: Network
  /** One number of the input. */
  readonly input: (at: number) => number
}
const dense = (units: number): Layer => ({ kind: 'dense', units })
const tanh: Layer = { kind: 'activation', function: 'tanh' }
const cases: readonly Case[] = [
  {
    name: 'residual',
    network: {
      inputs: [3],
      layers: [
        dense(4),
        { kind: 'residualStart' },
        dense(4),
        tanh,
        { kind: 'residualStart' },
        dense(4),
        tanh,
        { kind: 'residualEnd' },
        { kind: 'residualEnd' },
        dense(2),
      ],
    },
    input: () => random.normal(),
  },
  {
    name: 'vectors of categories',
    network: { inputs: [3], layers: [{ kind: 'columnEmbedding', numbers: 1, levels: [2, 3], width: 2 }, dense(2)] },
    input: (at) => (at % 3 === 0 ? random.normal() : random.integer(4) - 2),
  },
  {
    name: 'mean of words',
    network: { inputs: [4], layers: [{ kind: 'wordMean', levels: 5, width: 3 }, dense(2)] },
    input: () => random.integer(5),
  },
  {
    name: 'runs of words',
    network: {
      inputs: [5],
      layers: [
        { kind: 'embedding', levels: 6, width: 2 },
        { kind: 'sequenceConvolution', filters: 3, size: 2 },
        tanh,
        { kind: 'sequenceMaximum' },
        dense(2),
      ],
    },
    input: () => random.integer(6),
  },
]

for (const { name, network, input } of cases)
  test(`${name}: the gradient of every parameter is that of finite differences`, async () => {
    const { parameters } = layoutOf(network)
    const start = Float64Array.from(startVector(parameters, random))
    const tape = createTape(createGraph('check'), 'double')
    const vector = tape.input('parameters', [start.length])
    const numbers = Array.from({ length: rows * network.inputs[0]! }, (_, at) => input(at))
    const x = tape.constant('double', [rows, ...network.inputs], numbers)
    const y = forward(tape, network, x, { parameters: unpack(tape, vector, parameters), statistics: [] })
    const weights = tape.constant(
      'double',
      [rows, 2],
      Array.from({ length: rows * 2 }, () => random.normal()),
    )
    const loss = sum(tape, multiply(tape, y, weights), [0, 1])
    tape.output('loss', loss)
    tape.output('slope', gradient(tape, loss, [vector])[0]!)
    const session = await onnxSessions()(tape.graph.encode())
    const at = async (values: Float64Array) => {
      const { loss, slope } = await session.run({ parameters: { type: 'double', shape: [values.length], values } })
      return { loss: Number(loss!.values[0]), slope: slope!.values as Float64Array }
    }
    const { slope } = await at(start)
    const step = 1e-5
    for (let index = 0; index < start.length; index++) {
      const moved = (by: number) => at(start.map((value, place) => (place === index ? value + by : value)))
      const [up, down] = [await moved(step), await moved(-step)]
      // Central differences are exact to the square of the step.
      expect(Math.abs(slope[index]! - (up.loss - down.loss) / (2 * step))).toBeLessThan(1e-7)
    }
    expect(slope.some((value) => value !== 0)).toBe(true)
    await session.release()
  })
