import type { Tape, Value } from '../tape.ts'
import { add, cast, compare, divide, multiply, subtract } from './arithmetic.ts'
import { sqrt } from './elementwise.ts'
import { reshape } from './layout.ts'
import { mean, sum } from './reduction.ts'

export const normalizationEpsilon = 1e-5

function normalized(tape: Tape, centered: Value, variance: Value): Value {
  return divide(tape, centered, sqrt(tape, add(tape, variance, tape.number(normalizationEpsilon))))
}

/**
 * Over the last axis: (x − mean) / sqrt(variance + ε) · gain + shift (Ba, Kiros & Hinton 2016, "Layer normalization",
 * arXiv 1607.06450).
 */
export function layerNorm(tape: Tape, x: Value, gain: Value, shift: Value): Value {
  const last = [x.shape.length - 1]
  const centered = subtract(tape, x, mean(tape, x, last, true))
  const variance = mean(tape, multiply(tape, centered, centered), last, true)
  return add(tape, multiply(tape, normalized(tape, centered, variance), gain), shift)
}

export interface BatchNormed {
  readonly output: Value
  /** Of the batch, [channels]; the variance unbiased, as PyTorch keeps it. */
  readonly mean: Value
  readonly variance: Value
}

/**
 * Over the rows of a batch (and their pixels), channel by channel: x [rows, channels] or [rows, channels, height, width]
 * (Ioffe & Szegedy 2015, "Batch normalization", arXiv 1502.03167). Rows of weight 0 only fill up a batch: they do not count.
 */
export function batchNorm(tape: Tape, x: Value, gain: Value, shift: Value, rowWeights: Value): BatchNormed {
  const rank = x.shape.length
  const channels = [1, x.shape[1]!, ...x.shape.slice(2).map(() => 1)]
  const axes = [0, ...x.shape.slice(2).map((_, index) => index + 2)]
  const pixels = x.shape.slice(2).reduce((product, length) => product * length, 1)
  const present = cast(tape, compare(tape, 'Greater', rowWeights, tape.number(0)), tape.real)
  const mask = reshape(tape, present, [x.shape[0]!, ...new Array<number>(rank - 1).fill(1)])
  const count = multiply(tape, sum(tape, present, [0]), tape.number(pixels))
  const average = divide(tape, sum(tape, multiply(tape, x, mask), axes, true), count)
  const centered = subtract(tape, x, average)
  const squares = sum(tape, multiply(tape, multiply(tape, centered, centered), mask), axes, true)
  const scaled = multiply(tape, normalized(tape, centered, divide(tape, squares, count)), reshape(tape, gain, channels))
  const free = tape.apply('Max', [subtract(tape, count, tape.number(1)), tape.number(1)], { shape: [] })
  return {
    output: add(tape, scaled, reshape(tape, shift, channels)),
    mean: reshape(tape, average, [x.shape[1]!]),
    variance: reshape(tape, divide(tape, squares, free), [x.shape[1]!]),
  }
}

/** The same with the statistics of the training instead of the batch's. */
export function applyBatchNorm(
  tape: Tape,
  x: Value,
  gain: Value,
  shift: Value,
  average: Value,
  variance: Value,
): Value {
  const channels = [1, x.shape[1]!, ...x.shape.slice(2).map(() => 1)]
  const shaped = (value: Value) => reshape(tape, value, channels)
  const factor = divide(tape, gain, sqrt(tape, add(tape, variance, tape.number(normalizationEpsilon))))
  return add(tape, multiply(tape, subtract(tape, x, shaped(average)), shaped(factor)), shaped(shift))
}
