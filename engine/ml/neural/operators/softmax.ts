import type { Tape, Value } from '../tape.ts'
import { multiply, subtract } from './arithmetic.ts'
import { exp } from './elementwise.ts'
import { sum } from './reduction.ts'

/** exp(a) / Σ exp(a) over the last axis. */
export function softmax(tape: Tape, a: Value): Value {
  const last = a.shape.length - 1
  const y: Value = tape.apply('Softmax', [a], {
    shape: a.shape,
    attributes: { axis: { int: last } },
    backward: [
      (g) => {
        const gy = multiply(tape, g, y)
        return subtract(tape, gy, multiply(tape, y, sum(tape, gy, [last], true)))
      },
    ],
  })
  return y
}

/** a − log Σ exp(a) over the last axis. */
export function logSoftmax(tape: Tape, a: Value): Value {
  const last = a.shape.length - 1
  const y: Value = tape.apply('LogSoftmax', [a], {
    shape: a.shape,
    attributes: { axis: { int: last } },
    backward: [(g) => subtract(tape, g, multiply(tape, exp(tape, y), sum(tape, g, [last], true)))],
  })
  return y
}
