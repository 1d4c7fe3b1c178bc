import { emitPixels, type PixelInput } from '#ml/image/pixel-input'
import { freeName } from '#ml/linear/emit-linear'
import { createGraph, type Graph } from '#ml/onnx/graph-builder'
import { emitPreparation, type Preparation } from '#ml/prepare/preparation'
import { emitNetwork, outputName } from './export-network.ts'
import { emitQuantized, type Quantization } from './export-quantized.ts'
import type { TrainedNetwork } from './fold-normalization.ts'
import { layoutOf } from './forward.ts'
import type { Loss } from './losses.ts'
import { cast } from './operators/arithmetic.ts'
import { createTape, type Value } from './tape.ts'
import { emitWords, type WordInput } from './word-input.ts'

/** What stands between raw columns and a network. */
export type NetworkInput = PixelInput | WordInput | { readonly kind: 'matrix'; readonly preparation: Preparation }

export interface NetworkFile {
  readonly input: NetworkInput
  readonly trained: TrainedNetwork
  readonly loss: Loss['kind']
  /** Of numbers: prediction = center + scale × output. */
  readonly output?: { readonly center: number; readonly scale: number }
  /** Names of the raw columns. */
  readonly columns: readonly string[]
  /** Written with smaller numbers. */
  readonly quantization?: Quantization
}

/** Raw columns to probabilities or predictions as one ONNX file; output `scores` [N, classes] or `prediction` [N, outputs]. */
export function networkFile({ input, trained, loss, output, columns, quantization }: NetworkFile): Uint8Array {
  const graph = createGraph('plumbline')
  const raw =
    input.kind === 'matrix'
      ? ({ name: emitPreparation(graph, input.preparation), type: 'double' } as const)
      : ({ name: input.kind === 'pixels' ? emitPixels(graph, input) : emitWords(graph, input), type: 'float' } as const)
  let result = quantization
    ? emitSmaller(graph, raw, trained, loss, quantization)
    : emitNetwork(graph, raw, trained, loss)
  if (output) {
    const scaled = graph.apply('Mul', [result, graph.number(output.scale)])
    result = graph.apply('Add', [scaled, graph.number(output.center)])
  }
  const name = freeName(outputName(loss), columns)
  graph.node('Identity', [result], {}, { outputs: [name] })
  const [outputs = 1] = layoutOf(trained.network).outputs
  graph.output(name, 'double', ['N', outputs])
  return graph.encode()
}

function emitSmaller(
  graph: Graph,
  { name, type }: { readonly name: string; readonly type: 'float' | 'double' },
  trained: TrainedNetwork,
  loss: Loss['kind'],
  quantization: Quantization,
): string {
  const tape = createTape(graph)
  const given: Value = { name, type, shape: [-1, ...trained.network.inputs] }
  const x = type === 'double' ? cast(tape, given, 'float') : given
  return emitQuantized(tape, x, trained, loss, quantization).name
}
