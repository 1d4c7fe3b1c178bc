import type { OpenSession, Session, SessionTensor } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import type { Matrix } from '../matrix.ts'
import { predictions } from '../neural/export-network.ts'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { forward, layoutOf, unpack } from '../neural/forward.ts'
import { gradient } from '../neural/gradient.ts'
import { cast, multiply } from '../neural/operators/arithmetic.ts'
import { concat } from '../neural/operators/layout.ts'
import { sum } from '../neural/operators/reduction.ts'
import { createTape, type Tape, type Value } from '../neural/tape.ts'
import { rowsFrom, type WhiteVictim } from './victim.ts'

export interface NetworkVictimOptions {
  /** `double` where attacks must be exact; ONNX Runtime has no convolution and no gelu in double. `float` unless told. */
  readonly real?: Tape['real']
}

/** Rows of one call for slopes, at most. */
const mostRows = 256

/**
 * A trained network as a victim: one output is the logit of class 1, more are those of the classes. Its slopes are an ONNX
 * graph written by the reverse mode of `engine/ml/neural`, normalization with its running statistics. Embeddings have no
 * slope. Close it after the attack.
 */
export async function networkVictim(
  open: OpenSession,
  trained: TrainedNetwork,
  { real = 'float' }: NetworkVictimOptions = {},
): Promise<WhiteVictim & { close(): Promise<void> }> {
  const { classes, graph } = answerGraph(trained, real)
  const answering = await open(graph)
  const sloping = new Map<number, Promise<Session>>()
  const sessionFor = (rows: number) => {
    const session = sloping.get(rows) ?? open(slopeGraph(trained, real, rows))
    sloping.set(rows, session)
    return session
  }
  const { inputs } = trained.network
  const tensor = (values: Float64Array, shape: readonly number[]): SessionTensor =>
    real === 'double' ? { type: real, shape, values } : { type: real, shape, values: Float32Array.from(values) }
  const ask = async (rows: Matrix, name: string) => {
    const answer = await answering.run({ x: tensor(rows.values, [rows.rows, ...inputs]) })
    return Float64Array.from(answer[name]!.values as ArrayLike<number>)
  }
  const slopesOf = async (part: Matrix, weights: Float64Array) => {
    const count = blockOf(part.rows)
    const session = await sessionFor(count)
    const answer = await session.run({
      x: tensor(padded(part.values, count * part.columns), [count, ...inputs]),
      weights: tensor(padded(weights, count * classes), [count, classes]),
    })
    return (answer['slopes']!.values as Float64Array).subarray(0, part.values.length)
  }
  return {
    classes,
    predict: (rows) => ask(rows, 'probabilities'),
    logits: (rows) => ask(rows, 'logits'),
    async slopes(rows, weights) {
      const slopes = new Float64Array(rows.values.length)
      for (let from = 0; from < rows.rows; from += mostRows) {
        const count = Math.min(mostRows, rows.rows - from)
        const own = weights.subarray(from * classes, (from + count) * classes)
        slopes.set(await slopesOf(rowsFrom(rows, from, count), own), from * rows.columns)
      }
      return slopes
    },
    async close() {
      await answering.release()
      for (const session of sloping.values()) await (await session).release()
    },
  }
}

/** The power of two that holds so many rows: the backward operators need a number of rows that is known beforehand. */
const blockOf = (rows: number) => 2 ** Math.ceil(Math.log2(rows))

function padded(values: Float64Array, length: number): Float64Array {
  if (values.length === length) return values
  const longer = new Float64Array(length)
  longer.set(values)
  return longer
}

function answerGraph(trained: TrainedNetwork, real: Tape['real']) {
  const { tape, logits } = writeLogits(trained, real, -1)
  tape.output('logits', logits)
  tape.output('probabilities', predictions(tape, cast(tape, logits, 'double'), 'cross-entropy'))
  return { classes: logits.shape[1]!, graph: tape.graph.encode() }
}

function slopeGraph(trained: TrainedNetwork, real: Tape['real'], rows: number): Uint8Array {
  const { tape, x, logits } = writeLogits(trained, real, rows)
  const weights = tape.input('weights', logits.shape)
  const total = sum(tape, multiply(tape, logits, weights), [0, 1])
  tape.output('slopes', gradient(tape, total, [x])[0]!)
  return tape.graph.encode()
}

function writeLogits({ network, parameters, statistics }: TrainedNetwork, real: Tape['real'], rows: number) {
  const tape = createTape(createGraph('victim'), real)
  const layout = layoutOf(network)
  const x = tape.input('x', [rows, ...network.inputs])
  const typed = (vector: Float32Array) => (real === 'double' ? Float64Array.from(vector) : vector)
  const parts = (vector: Float32Array, of: typeof layout.parameters) =>
    of.length > 0 ? unpack(tape, tape.constant(real, [vector.length], typed(vector)), of) : []
  const outputs = forward(tape, network, x, {
    parameters: parts(parameters, layout.parameters),
    statistics: parts(statistics, layout.statistics),
  })
  return { tape, x, logits: widened(tape, outputs) }
}

/** One output becomes two: softmax of (0, z) is the sigmoid of z. */
function widened(tape: Tape, outputs: Value): Value {
  if (outputs.shape[1] !== 1) return outputs
  return concat(tape, [multiply(tape, outputs, tape.number(0)), outputs], 1)
}
