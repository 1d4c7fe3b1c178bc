import type { Tape, Value } from '../tape.ts'
import { compare, scale, where } from './arithmetic.ts'
import { abs } from './elementwise.ts'

/**
 * Rounds to 255 symmetric steps as int8 would, back to real numbers: scale = max |x| / 127. The gradient passes straight
 * through (Bengio, Léonard & Courville 2013, arXiv 1308.3432; Jacob et al. 2018, arXiv 1712.05877).
 */
export function fakeQuantize(tape: Tape, x: Value): Value {
  const magnitude = abs(tape, x)
  const largest = tape.apply('ReduceMax', [magnitude], { shape: [], attributes: { keepdims: { int: 0 } } })
  const positive = where(tape, compare(tape, 'Greater', largest, tape.number(0)), largest, tape.number(1))
  const step = scale(tape, positive, 1 / 127)
  const through = (g: Value) => g
  const fact = { shape: x.shape, backward: [through] }
  const whole = tape.apply('Round', [tape.apply('Div', [x, step], fact)], fact)
  return tape.apply('Mul', [whole, step], fact)
}
