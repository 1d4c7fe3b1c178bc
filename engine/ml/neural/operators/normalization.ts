import { once } from '../once.ts'
import { sizeOf } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { add, cast, compare, divide, multiply, scale, subtract } from './arithmetic.ts'
import { sqrt } from './elementwise.ts'
import { reshape } from './layout.ts'
import { mean, sum, unbroadcast } from './reduction.ts'

export const normalizationEpsilon = 1e-5

const deviation = (tape: Tape, variance: Value): Value =>
  sqrt(tape, add(tape, variance, tape.number(normalizationEpsilon)))

/**
 * Over the last axis: y = u · gain + shift with u = (x − mean) / s, s = sqrt(variance + ε) (Ba, Kiros & Hinton 2016, "Layer
 * normalization", arXiv 1607.06450). By x, with h = g · gain: (h − mean h − u · mean (h u)) / s.
 */
export function layerNorm(tape: Tape, x: Value, gain: Value, shift: Value): Value {
  const last = [x.shape.length - 1]
  return tape.compound([x, gain, shift], (inner) => {
    const centered = subtract(inner, x, mean(inner, x, last, true))
    const size = deviation(inner, mean(inner, multiply(inner, centered, centered), last, true))
    const unit = divide(inner, centered, size)
    return {
      output: add(inner, multiply(inner, unit, gain), shift),
      backward: [
        (g) => {
          const slope = multiply(tape, g, gain)
          const along = multiply(tape, unit, mean(tape, multiply(tape, slope, unit), last, true))
          return divide(tape, subtract(tape, subtract(tape, slope, mean(tape, slope, last, true)), along), size)
        },
        (g) => unbroadcast(tape, multiply(tape, g, unit), gain.shape),
        (g) => unbroadcast(tape, g, shift.shape),
      ],
    }
  })
}

export interface BatchNormed {
  readonly output: Value
  /** Of the batch, [channels]; the variance unbiased, as PyTorch keeps it. */
  readonly mean: Value
  readonly variance: Value
}

/** Rows that count, and how many: those of weight 0 only fill up a batch. */
export interface Presence {
  /** 1 / count for each row there, else 0: [rows]. */
  readonly shares: Value
  /** [1]. */
  readonly count: Value
}

/** From weights of rows, the last axis. */
export function presenceOf(tape: Tape, rowWeights: Value): Presence {
  const present = cast(tape, compare(tape, 'Greater', rowWeights, tape.number(0)), tape.real)
  const count = sum(tape, present, [present.shape.length - 1], true)
  return { shares: divide(tape, present, count), count }
}

/**
 * Over the rows of a batch (and their pixels), channel by channel: x [rows, channels] or [rows, channels, height, width]
 * (Ioffe & Szegedy 2015, "Batch normalization", arXiv 1502.03167). y = u · gain + shift with u = (x − mean) / s and
 * s = sqrt(variance + ε); by x, with q the share of the row: (g − q (Σ g + u Σ g u)) · gain / s.
 */
export function batchNorm(tape: Tape, x: Value, gain: Value, shift: Value, presence: Presence): BatchNormed {
  const [rows, width, ...rest] = x.shape as [number, number, ...number[]]
  const pixels = sizeOf(rest)
  const ones = rest.map(() => 1)
  const axes = [0, ...rest.map((_, index) => index + 2)]
  const wide = (on: Tape, value: Value) => (rest.length === 0 ? value : reshape(on, value, [1, width, ...ones]))
  const observed: Value[] = []
  const output = tape.compound([x, gain, shift], (inner) => {
    const shares = scale(inner, presence.shares, 1 / pixels)
    const share = reshape(inner, shares, [rows, 1, ...ones])
    const weigh = (value: Value) =>
      rest.length === 0 && !tape.portable
        ? inner.apply('MatMul', [shares, value], { shape: [width] })
        : sum(inner, multiply(inner, value, share), axes)
    const average = weigh(x)
    const centered = subtract(inner, x, wide(inner, average))
    const variance = weigh(multiply(inner, centered, centered))
    const size = deviation(inner, wide(inner, variance))
    const unit = divide(inner, centered, size)
    observed.push(average, variance)
    const byShift = once((g: Value) => sum(tape, g, axes))
    const byGain = once((g: Value) => sum(tape, multiply(tape, g, unit), axes))
    return {
      output: add(inner, multiply(inner, unit, wide(inner, gain)), wide(inner, shift)),
      backward: [
        (g) => {
          const along = add(tape, wide(tape, byShift(g)), multiply(tape, unit, wide(tape, byGain(g))))
          const left = subtract(tape, g, multiply(tape, along, share))
          return multiply(tape, left, divide(tape, wide(tape, gain), size))
        },
        byGain,
        byShift,
      ],
    }
  })
  const count = scale(tape, presence.count, pixels)
  const free = tape.apply('Max', [subtract(tape, count, tape.number(1)), tape.number(1)], { shape: [1] })
  const [average, variance] = observed as [Value, Value]
  return { output, mean: average, variance: multiply(tape, variance, divide(tape, count, free)) }
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
