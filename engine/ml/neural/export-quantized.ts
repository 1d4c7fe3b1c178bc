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
): Promise<readonly Range[]> {
  const tape = createTape(createGraph('calibration'))
  const points: Value[] = []
  emit(tape, trained, () => noting(points))
  points.forEach((value, index) => {
    tape.output(`point ${index}`, value)
  })
  const session = await open(tape.graph.encode())
  const shape = [rows, ...trained.network.inputs]
  const results = await session.run({ features: { type: 'float', shape, values: features } })
  await session.release()
  return points.map((_, index) => calibratedRange(results[`point ${index}`]!.values as Float32Array, calibration))
}

/**
 * A model like that of `networkModel` with weights as int8, a quarter of the size. With the ranges of `calibrate` the
 * layers compute in integers (static); with 'dynamic' dense layers find the range of their inputs in each call. Many rows
 * at once become faster; a single row does not.
 */
export function quantizedModel(
  trained: TrainedNetwork,
  loss: Loss['kind'],
  ranges: readonly Range[] | 'dynamic',
): Uint8Array {
  const tape = createTape(createGraph('quantized'))
  const quantizer = (take: Take) =>
    ranges === 'dynamic' ? dynamicQuantizer(tape, take) : staticQuantizer(tape, ranges, take)
  const outputs = emit(tape, trained, quantizer)
  tape.output(outputName(loss), predictions(tape, cast(tape, outputs, 'double'), loss))
  return tape.graph.encode()
}

function emit(tape: Tape, trained: TrainedNetwork, quantizer: (take: Take) => Quantizer): Value {
  const { network, parameters, statistics } = foldNormalization(trained)
  const take = { parameters: taker(parameters), statistics: taker(statistics) }
  const x = tape.input('features', [-1, ...network.inputs])
  return quantizedForward(tape, network, x, take, quantizer(take.parameters))
}

function taker(vector: Float32Array): Take {
  let at = 0
  return (count) => {
    at += count
    return vector.slice(at - count, at)
  }
}
