import { broadcastShape } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { unbroadcast } from './reduction.ts'

type Gradient = (gradient: Value) => Value

/** Operators between two tensors, which broadcast; gradients are summed back to each one's shape. */
function binary(tape: Tape, operator: string, a: Value, b: Value, byA: Gradient, byB: Gradient): Value {
  return tape.apply(operator, [a, b], {
    shape: broadcastShape(a.shape, b.shape),
    backward: [(g) => unbroadcast(tape, byA(g), a.shape), (g) => unbroadcast(tape, byB(g), b.shape)],
  })
}

const same: Gradient = (g) => g

export const add = (tape: Tape, a: Value, b: Value): Value => binary(tape, 'Add', a, b, same, same)

export const subtract = (tape: Tape, a: Value, b: Value): Value =>
  binary(tape, 'Sub', a, b, same, (g) => negate(tape, g))

export function multiply(tape: Tape, a: Value, b: Value): Value {
  // The gradient of a loss begins as the number one.
  if (b.name === tape.number(1).name) return a
  return binary(
    tape,
    'Mul',
    a,
    b,
    (g) => multiply(tape, g, b),
    (g) => multiply(tape, g, a),
  )
}

export const divide = (tape: Tape, a: Value, b: Value): Value =>
  binary(
    tape,
    'Div',
    a,
    b,
    (g) => divide(tape, g, b),
    (g) => negate(tape, divide(tape, multiply(tape, divide(tape, g, b), a), b)),
  )

/** The larger of both; where they are equal the first gets the gradient. */
export function maximum(tape: Tape, a: Value, b: Value): Value {
  const first = compare(tape, 'GreaterOrEqual', a, b)
  return where(tape, first, a, b)
}

/** The smaller of both; where they are equal the first gets the gradient. */
export function minimum(tape: Tape, a: Value, b: Value): Value {
  const first = compare(tape, 'LessOrEqual', a, b)
  return where(tape, first, a, b)
}

export const negate = (tape: Tape, a: Value): Value =>
  tape.apply('Neg', [a], { shape: a.shape, backward: [(g) => negate(tape, g)] })

export const scale = (tape: Tape, a: Value, factor: number): Value =>
  factor === 1 ? a : multiply(tape, a, tape.number(factor))

/** A truth value an element; has no gradient. */
export const compare = (
  tape: Tape,
  operator: 'Equal' | 'Greater' | 'GreaterOrEqual' | 'LessOrEqual',
  a: Value,
  b: Value,
): Value => tape.apply(operator, [a, b], { shape: broadcastShape(a.shape, b.shape), type: 'bool' })

/** `a` where the condition holds, else `b`. */
export function where(tape: Tape, condition: Value, a: Value, b: Value): Value {
  const zero = () => tape.number(0)
  return tape.apply('Where', [condition, a, b], {
    shape: broadcastShape(condition.shape, broadcastShape(a.shape, b.shape)),
    type: a.type,
    backward: [
      undefined,
      (g) => unbroadcast(tape, where(tape, condition, g, zero()), a.shape),
      (g) => unbroadcast(tape, where(tape, condition, zero(), g), b.shape),
    ],
  })
}

/** The same numbers of another type; has no gradient. */
export function cast(tape: Tape, a: Value, type: 'float' | 'double' | 'int64'): Value {
  const code = { float: 1, int64: 7, double: 11 }[type]
  return tape.apply('Cast', [a], { shape: a.shape, type, attributes: { to: { int: code } } })
}
