import type { Attributes, Tape, Value } from '../tape.ts'
import { add, compare, divide, multiply, negate, scale, subtract, where } from './arithmetic.ts'

/** An operator of one tensor, element by element; `gradient` sees the gradient by the output and the output. */
function unary(
  tape: Tape,
  operator: string,
  a: Value,
  gradient: (g: Value, y: Value) => Value,
  attributes: Attributes = {},
): Value {
  const y: Value = tape.apply(operator, [a], {
    shape: a.shape,
    attributes,
    backward: [(g) => gradient(g, y)],
  })
  return y
}

export const exp = (tape: Tape, a: Value): Value => unary(tape, 'Exp', a, (g, y) => multiply(tape, g, y))

export const log = (tape: Tape, a: Value): Value => unary(tape, 'Log', a, (g) => divide(tape, g, a))

export const sqrt = (tape: Tape, a: Value): Value =>
  unary(tape, 'Sqrt', a, (g, y) => divide(tape, scale(tape, g, 0.5), y))

export const tanh = (tape: Tape, a: Value): Value =>
  unary(tape, 'Tanh', a, (g, y) => multiply(tape, g, subtract(tape, tape.number(1), multiply(tape, y, y))))

export const sigmoid = (tape: Tape, a: Value): Value =>
  unary(tape, 'Sigmoid', a, (g, y) => multiply(tape, g, multiply(tape, y, subtract(tape, tape.number(1), y))))

/** log(1 + exp a), without overflow: (a + |a|) / 2 + log(1 + exp −|a|), whose gradient at 0 is 1/2 too. */
export function softplus(tape: Tape, a: Value): Value {
  const magnitude = abs(tape, a)
  const rest = log(tape, add(tape, tape.number(1), exp(tape, negate(tape, magnitude))))
  return add(tape, scale(tape, add(tape, a, magnitude), 0.5), rest)
}

export const erf = (tape: Tape, a: Value): Value =>
  unary(tape, 'Erf', a, (g) =>
    multiply(tape, g, scale(tape, exp(tape, negate(tape, multiply(tape, a, a))), 2 / Math.sqrt(Math.PI))),
  )

export const abs = (tape: Tape, a: Value): Value =>
  unary(tape, 'Abs', a, (g) => multiply(tape, g, tape.apply('Sign', [a], { shape: a.shape })))

/** Zero at zero, as in PyTorch. `Where` and not `Sign`, which ONNX Runtime runs on one thread. */
export const relu = (tape: Tape, a: Value): Value =>
  unary(tape, 'Relu', a, (g, y) => where(tape, compare(tape, 'Greater', y, tape.number(0)), g, tape.number(0)))

export const leakyRelu = (tape: Tape, a: Value, slope = 0.01): Value =>
  where(tape, compare(tape, 'Greater', a, tape.number(0)), a, scale(tape, a, slope))

/** Cuts to [low, high]; the gradient passes inside and on the edges, as in PyTorch. */
export function clip(tape: Tape, a: Value, low: number, high: number): Value {
  const y: Value = tape.apply('Clip', [a, tape.number(low), tape.number(high)], {
    shape: a.shape,
    backward: [(g) => where(tape, compare(tape, 'Equal', a, y), g, tape.number(0))],
  })
  return y
}

/** a to the power of a constant. */
export const power = (tape: Tape, a: Value, exponent: number): Value =>
  tape.apply('Pow', [a, tape.number(exponent)], {
    shape: a.shape,
    backward: [(g) => multiply(tape, g, scale(tape, power(tape, a, exponent - 1), exponent))],
  })

/** a Φ(a), exact by erf (Hendrycks & Gimpel 2016, "Gaussian error linear units", arXiv 1606.08415); by a: Φ(a) + a φ(a). */
export const gelu = (tape: Tape, a: Value): Value =>
  tape.compound([a], (inner) => {
    const share = scale(inner, add(inner, inner.number(1), erf(inner, scale(inner, a, Math.SQRT1_2))), 0.5)
    return {
      output: multiply(inner, a, share),
      backward: [
        (g) => {
          const density = exp(tape, scale(tape, multiply(tape, a, a), -0.5))
          const slope = scale(tape, multiply(tape, a, density), 1 / Math.sqrt(2 * Math.PI))
          return multiply(tape, g, add(tape, share, slope))
        },
      ],
    }
  })
