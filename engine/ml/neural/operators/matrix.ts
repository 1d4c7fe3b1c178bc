import { broadcastShape } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { transpose } from './layout.ts'
import { sum, unbroadcast } from './reduction.ts'

/** op(a) op(b) of two matrices, each turned or not; the gradient of a product is two products. */
export function product(tape: Tape, a: Value, b: Value, turnA = false, turnB = false): Value {
  return tape.apply('Gemm', [a, b], {
    shape: [a.shape[turnA ? 1 : 0]!, b.shape[turnB ? 0 : 1]!],
    attributes: { transA: { int: turnA ? 1 : 0 }, transB: { int: turnB ? 1 : 0 } },
    backward: [
      (g) => (turnA ? product(tape, b, g, turnB, true) : product(tape, g, b, false, !turnB)),
      (g) => (turnB ? product(tape, g, a, true, turnA) : product(tape, a, g, !turnA, false)),
    ],
  })
}

/** x weights + bias: x [rows, inputs], weights [inputs, outputs], bias [outputs]; a bias that is fixed has no gradient. */
export function affine(tape: Tape, x: Value, weights: Value, bias: Value, fixed = false): Value {
  return tape.apply('Gemm', [x, weights, bias], {
    shape: [x.shape[0]!, weights.shape[1]!],
    backward: [
      (g) => product(tape, g, weights, false, true),
      (g) => product(tape, x, g, true, false),
      fixed ? undefined : (g) => sum(tape, g, [0]),
    ],
  })
}

/** Matrix products over leading axes, which broadcast: [..., m, k] by [..., k, n] gives [..., m, n]. */
export function batchedProduct(tape: Tape, a: Value, b: Value): Value {
  const lead = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  return tape.apply('MatMul', [a, b], {
    shape: [...lead, a.shape.at(-2)!, b.shape.at(-1)!],
    backward: [
      (g) => unbroadcast(tape, batchedProduct(tape, g, turn(tape, b)), a.shape),
      (g) => unbroadcast(tape, batchedProduct(tape, turn(tape, a), g), b.shape),
    ],
  })
}

/** The last two axes exchanged. */
function turn(tape: Tape, a: Value): Value {
  const order = a.shape.map((_, axis) => axis)
  return transpose(tape, a, [...order.slice(0, -2), order.length - 1, order.length - 2])
}
