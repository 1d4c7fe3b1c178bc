import type { OpenSession } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { type Calibration, calibratedRange, type Range } from './calibrated-range.ts'
import { outputName, predictions } from './export-network.ts'
import { foldNormalization, type TrainedNetwork } from './fold-normalization.ts'
import type { Loss } from './losses.ts'
import { cast } from './operators/arithmetic.ts'
import {
  dynamicQuantizer,
  noting,
  type Point,
  type Quantizer,
  quantizedForward,
  staticQuantizer,
  type Take,
} from './quantized-layers.ts'
import { createTape, type Tape, type Value } from './tape.ts'

/** Ranges of the activations between layers, from rows like those to come: `features` [rows, ...inputs]. */
export async function calibrate(
  open: OpenSession,
  trained: TrainedNetwork,
  features: Float32Array,
  rows: number,
  calibration: Calibration = { kind: 'min-max' },
): Promise<ReadonlyMap<Point, Range>> {
  const tape = createTape(createGraph('calibration'))
  const points = new Map<Point, Value>()
  emit(tape, inputOf(tape, trained), trained, () => noting(points))
  for (const [at, value] of points)
    tape.output(at, tape.apply('Identity', [value], { shape: value.shape, type: value.type }))
  const session = await open(tape.graph.encode())
  const shape = [rows, ...trained.network.inputs]
  const results = await session.run({ features: { type: 'float', shape, values: features } })
  await session.release()
  return new Map(
    [...points.keys()].map((at) => [at, calibratedRange(results[at]!.values as Float32Array, calibration)]),
  )
}

/** How a network is made smaller: with the ranges of `calibrate`, or 'dynamic'; layers in `fine` stay floats. */
export interface Quantization {
  readonly ranges: ReadonlyMap<Point, Range> | 'dynamic'
  readonly fine?: ReadonlySet<number>
}

/**
 * A model like that of `networkModel` with weights as int8, a quarter of the size. With the ranges of `calibrate` the
 * layers compute in integers (static); with 'dynamic' dense layers find the range of their inputs in each call. Many rows
 * at once become faster; a single row does not.
 */
export function quantizedModel(trained: TrainedNetwork, loss: Loss['kind'], quantization: Quantization): Uint8Array {
  const tape = createTape(createGraph('quantized'))
  const outputs = emitQuantized(tape, inputOf(tape, trained), trained, loss, quantization)
  tape.output(outputName(loss), outputs)
  return tape.graph.encode()
}

/** Writes a quantised network into a graph, as `emitNetwork` does a plain one. */
export function emitQuantized(
  tape: Tape,
  x: Value,
  trained: TrainedNetwork,
  loss: Loss['kind'],
  { ranges, fine }: Quantization,
): Value {
  const quantizer = (take: Take) =>
    ranges === 'dynamic' ? dynamicQuantizer(tape, take) : staticQuantizer(tape, ranges, take)
  return predictions(tape, cast(tape, emit(tape, x, trained, quantizer, fine), 'double'), loss)
}

const inputOf = (tape: Tape, { network }: TrainedNetwork): Value => tape.input('features', [-1, ...network.inputs])

function emit(
  tape: Tape,
  x: Value,
  trained: TrainedNetwork,
  quantizer: (take: Take) => Quantizer,
  fine?: ReadonlySet<number>,
): Value {
  const { network, parameters, statistics } = foldNormalization(trained)
  const take = { parameters: taker(parameters), statistics: taker(statistics) }
  return quantizedForward(tape, network, x, take, quantizer(take.parameters), fine)
}

function taker(vector: Float32Array): Take {
  let at = 0
  return (count) => {
    at += count
    return vector.slice(at - count, at)
  }
}
