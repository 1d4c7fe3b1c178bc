import { sizeOf } from '../shape.ts'
import type { Attributes, Tape, Value } from '../tape.ts'
import { compare, multiply, where } from './arithmetic.ts'

const mix = 0x45d9f3b

const whole = (tape: Tape, value: number) => tape.constant('uint32', [], [value])

/**
 * Zeros a share of the elements and scales the others by 1 / (1 − share) (Srivastava et al. 2014, JMLR 15). Which ones
 * is a hash of the element's position, the layer and the step's key: the same on every machine, and a training that goes
 * on from a checkpoint draws what it would have drawn.
 */
export function dropout(tape: Tape, x: Value, share: number, key: Value, layer: number): Value {
  if (share === 0) return x
  const start = Uint32Array.from({ length: sizeOf(x.shape) }, (_, index) => hashStart(index, layer))
  const positions = tape.constant('uint32', x.shape, start)
  const bits = shifted(tape, scrambled(tape, apply(tape, 'BitwiseXor', positions, key)))
  const kept = compare(tape, 'GreaterOrEqual', bits, whole(tape, Math.round(share * 2 ** 32)))
  return multiply(tape, x, where(tape, kept, tape.number(1 / (1 - share)), tape.number(0)))
}

/** Keys of steps from their seeds, int64 in [0, 2^31) from outside. */
export function dropoutKey(tape: Tape, seed: Value): Value {
  const start = tape.apply('Cast', [seed], { shape: seed.shape, type: 'uint32', attributes: { to: { int: 12 } } })
  return scrambled(tape, apply(tape, 'BitwiseXor', start, whole(tape, 0x2545f491)))
}

const apply = (tape: Tape, operator: string, a: Value, b: Value, attributes: Attributes = {}): Value =>
  tape.apply(operator, [a, b], { shape: a.shape, attributes })

const shifted = (tape: Tape, a: Value): Value =>
  apply(tape, 'BitwiseXor', apply(tape, 'BitShift', a, whole(tape, 16), { direction: { string: 'RIGHT' } }), a)

/** Two rounds of xor-shift and multiply, modulo 2³². */
function scrambled(tape: Tape, a: Value): Value {
  const round = (bits: Value) => apply(tape, 'Mul', shifted(tape, bits), whole(tape, mix))
  return round(round(a))
}

/** Distinct positions of distinct layers start far apart. */
const hashStart = (index: number, layer: number) => Math.imul(index, 0x9e3779b1) ^ Math.imul(layer + 1, 0x85ebca6b)
