import { createGraph } from '#ml/onnx/graph-builder'
import { constants } from './export-network.ts'
import { foldNormalization, type TrainedNetwork } from './fold-normalization.ts'
import { forward, layoutOf } from './forward.ts'
import { gradient } from './gradient.ts'
import { subtract } from './operators/arithmetic.ts'
import { slice } from './operators/layout.ts'
import { sum } from './operators/reduction.ts'
import { createTape } from './tape.ts'

/**
 * How a network's outputs move with its input: input `x` [rows, ...inputs] float; outputs `margins` [rows, outputs], before
 * softmax or sigmoid, and `slopes` [rows, ...inputs] of one of them, less those of another where given. Rows don't touch each other in prediction, so the
 * gradient of the sum over rows is each row's own. The number of rows is fixed, as gradients of pooling need
 * it. Inputs that are numbers of words or levels have no slope.
 */
export function slopeGraph(trained: TrainedNetwork, rows: number, output: number, less?: number): Uint8Array {
  const { network, parameters, statistics } = foldNormalization(trained)
  const layout = layoutOf(network)
  const tape = createTape(createGraph('slopes'))
  const x = tape.input('x', [rows, ...network.inputs])
  const parts = {
    parameters: constants(tape, layout.parameters, parameters),
    statistics: constants(tape, layout.statistics, statistics),
  }
  const margins = forward(tape, network, x, parts)
  const total = (one: number) => sum(tape, slice(tape, margins, 1, one, one + 1), [0, 1])
  const explained = less === undefined ? total(output) : subtract(tape, total(output), total(less))
  const [slopes] = gradient(tape, explained, [x])
  tape.output('margins', margins)
  tape.output('slopes', slopes!)
  return tape.graph.encode()
}
