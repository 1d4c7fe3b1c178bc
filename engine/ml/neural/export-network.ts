import { createGraph, type Graph } from '#ml/onnx/graph-builder'
import { foldNormalization, type TrainedNetwork } from './fold-normalization.ts'
import { forward, layoutOf } from './forward.ts'
import type { Loss } from './losses.ts'
import type { VectorPart } from './network.ts'
import { cast, subtract } from './operators/arithmetic.ts'
import { sigmoid } from './operators/elementwise.ts'
import { concat } from './operators/layout.ts'
import { softmax } from './operators/softmax.ts'
import { sizeOf } from './shape.ts'
import { createTape, type Tape, type Value } from './tape.ts'

/**
 * Writes a trained network into a graph for prediction: values as initializers, any number of rows, normalization folded.
 * `features` names a tensor [N, ...inputs] of doubles or floats. Gives the name of a double tensor: after cross-entropy
 * or distillation [N, classes] probabilities, after binary [N, 2] for one output (else one probability each), after
 * squared or huber the outputs.
 */
export function emitNetwork(
  graph: Graph,
  features: { readonly name: string; readonly type: 'float' | 'double' },
  trained: TrainedNetwork,
  loss: Loss['kind'],
): string {
  return emitTensor(createTape(graph), features, trained, loss).name
}

function emitTensor(
  tape: Tape,
  { name, type }: Parameters<typeof emitNetwork>[1],
  trained: TrainedNetwork,
  loss: Loss['kind'],
): Value {
  const { network, parameters, statistics } = foldNormalization(trained)
  const layout = layoutOf(network)
  const given: Value = { name, type, shape: [-1, ...network.inputs] }
  const x = type === 'double' ? cast(tape, given, 'float') : given
  const parts = {
    parameters: constants(tape, layout.parameters, parameters),
    statistics: constants(tape, layout.statistics, statistics),
  }
  const outputs = cast(tape, forward(tape, network, x, parts), 'double')
  return predictions(tape, outputs, loss)
}

/** Values of a flat vector's parts as initializers. */
export function constants(tape: Tape, parts: readonly VectorPart[], vector: Float32Array): readonly Value[] {
  let at = 0
  return parts.map(({ shape }) => {
    const from = at
    at += sizeOf(shape)
    return tape.constant('float', shape, vector.slice(from, at))
  })
}

/** In double, so that probabilities sum to 1. */
export function predictions(tape: Tape, outputs: Value, loss: Loss['kind']): Value {
  if (loss === 'cross-entropy' || loss === 'distillation') return softmax(tape, outputs)
  if (loss !== 'binary') return outputs
  const yes = sigmoid(tape, outputs)
  if (outputs.shape[1] !== 1) return yes
  return concat(tape, [subtract(tape, tape.constant('double', [], [1]), yes), yes], 1)
}

/** A model of its own: input `features` [N, ...inputs] float, output `scores` or `prediction` as of `emitNetwork`. */
export function networkModel(trained: TrainedNetwork, loss: Loss['kind']): Uint8Array {
  const tape = createTape(createGraph('network'))
  const { name } = tape.input('features', [-1, ...trained.network.inputs])
  const result = emitTensor(tape, { name, type: 'float' }, trained, loss)
  tape.output(outputName(loss), result)
  return tape.graph.encode()
}

export const outputName = (loss: Loss['kind']): string =>
  loss === 'squared' || loss === 'huber' ? 'prediction' : 'scores'
