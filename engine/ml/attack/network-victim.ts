import type { OpenSession, SessionTensor } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import type { Matrix } from '../matrix.ts'
import { predictions } from '../neural/export-network.ts'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { forward, layoutOf, unpack } from '../neural/forward.ts'
import { gradient } from '../neural/gradient.ts'
import { cast, multiply } from '../neural/operators/arithmetic.ts'
import { concat } from '../neural/operators/layout.ts'
import { createTape, type Tape, type Value } from '../neural/tape.ts'
import type { WhiteVictim } from './victim.ts'

export interface NetworkVictimOptions {
  /** `double` where attacks must be exact; ONNX Runtime has no convolution in double. */
  readonly real?: Tape['real']
}

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
  const { classes, answers, slopes } = victimGraphs(trained, real)
  const [answering, sloping] = [await open(answers), await open(slopes)]
  const { inputs } = trained.network
  const tensor = (values: Float64Array, shape: readonly number[]): SessionTensor =>
    real === 'double' ? { type: real, shape, values } : { type: real, shape, values: Float32Array.from(values) }
  const ask = async (rows: Matrix, name: string) => {
    const answer = await answering.run({ x: tensor(rows.values, [rows.rows, ...inputs]) })
    return Float64Array.from(answer[name]!.values as ArrayLike<number>)
  }
  return {
    classes,
    predict: (rows) => ask(rows, 'probabilities'),
    logits: (rows) => ask(rows, 'logits'),
    async slopes(rows, weights) {
      const x = tensor(rows.values, [rows.rows, ...inputs])
      const answer = await sloping.run({ x, weights: tensor(weights, [rows.rows, classes]) })
      return Float64Array.from(answer['slopes']!.values as ArrayLike<number>)
    },
    async close() {
      await answering.release()
      await sloping.release()
    },
  }
}

function victimGraphs(trained: TrainedNetwork, real: Tape['real']) {
  const first = writeLogits(trained, real)
  first.tape.output('logits', first.logits)
  first.tape.output('probabilities', predictions(first.tape, cast(first.tape, first.logits, 'double'), 'cross-entropy'))
  const second = writeLogits(trained, real)
  const classes = second.logits.shape[1]!
  const weights = second.tape.input('weights', [-1, classes])
  // The gradient of their sum: the reverse mode starts from a 1 that is broadcast.
  const parts = multiply(second.tape, second.logits, weights)
  second.tape.output('slopes', gradient(second.tape, parts, [second.x])[0]!)
  return { classes, answers: first.tape.graph.encode(), slopes: second.tape.graph.encode() }
}

function writeLogits({ network, parameters, statistics }: TrainedNetwork, real: Tape['real']) {
  const tape = createTape(createGraph('victim'), real)
  const layout = layoutOf(network)
  const x = tape.input('x', [-1, ...network.inputs])
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
