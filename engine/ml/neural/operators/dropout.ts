import { sizeOf } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { compare, scale, where } from './arithmetic.ts'

const mask32 = 0xffffffff
const mix = 0x45d9f3b

/**
 * Zeros a share of the elements and scales the others by 1 / (1 − share) (Srivastava et al. 2014, JMLR 15). Which ones
 * is a hash of the element's position, the layer and the step's seed, an int64 scalar in [0, 2^31) from outside: the
 * same on every machine, and a training that goes on from a checkpoint draws what it would have drawn.
 */
export function dropout(tape: Tape, x: Value, share: number, seed: Value, layer: number): Value {
  if (share === 0) return x
  const bits = randomBits(tape, x.shape, seed, layer)
  const threshold = tape.constant('int64', [], [Math.round(share * 2 ** 32)])
  const kept = compare(tape, 'GreaterOrEqual', bits, threshold)
  return scale(tape, where(tape, kept, x, tape.number(0)), 1 / (1 - share))
}

/** 32 random bits an element: two rounds of xor-shift and multiply. Constants below 2^31 keep products inside int64. */
function randomBits(tape: Tape, shape: readonly number[], seed: Value, layer: number): Value {
  const whole = (value: number) => tape.constant('int64', [], [value])
  const step = (operator: string, a: Value, b: Value, resultShape = a.shape) =>
    tape.apply(operator, [a, b], { shape: resultShape })
  const shifted = (a: Value) => step('BitwiseXor', step('Div', a, whole(65536)), a)
  const round = (a: Value) => step('BitwiseAnd', step('Mul', shifted(a), whole(mix)), whole(mask32))
  const start = BigInt64Array.from({ length: sizeOf(shape) }, (_, index) => hashStart(index, layer))
  const positions = tape.constant('int64', shape, start)
  const key = round(round(step('BitwiseXor', seed, whole(0x2545f491))))
  return shifted(round(round(step('BitwiseXor', positions, key))))
}

/** Distinct positions of distinct layers start far apart. */
const hashStart = (index: number, layer: number) =>
  BigInt((Math.imul(index, 0x9e3779b1) ^ Math.imul(layer + 1, 0x85ebca6b)) >>> 0)
