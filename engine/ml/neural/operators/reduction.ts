import { reducedShape, type Shape, sameShape, sizeOf } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { reshape } from './layout.ts'

/** Sum over axes; `keep` leaves them with length 1. Summing and spreading out are each other's gradient. */
export function sum(tape: Tape, a: Value, axes: readonly number[], keep = false): Value {
  const shape = reducedShape(a.shape, axes, keep)
  const kept = reducedShape(a.shape, axes, true)
  const backward = [(g: Value) => expand(tape, keep ? g : reshape(tape, g, kept), a.shape)]
  const [rows] = a.shape
  // Down the columns of a matrix ONNX Runtime multiplies ten times faster than it sums.
  if (a.shape.length === 2 && axes.join() === '0' && rows! > 0 && a.type === tape.real && !tape.portable)
    return tape.apply('MatMul', [tape.filled(keep ? [1, rows!] : [rows!], 1), a], {
      shape,
      backward: [undefined, ...backward],
    })
  return tape.apply('ReduceSum', [a, tape.integers(axes)], {
    shape,
    attributes: { keepdims: { int: keep ? 1 : 0 } },
    backward,
  })
}

export function mean(tape: Tape, a: Value, axes: readonly number[], keep = false): Value {
  const count = sizeOf(axes.map((axis) => a.shape[axis]!))
  return tape.apply('ReduceMean', [a, tape.integers(axes)], {
    shape: reducedShape(a.shape, axes, keep),
    attributes: { keepdims: { int: keep ? 1 : 0 } },
    backward: [
      (g) => {
        const share = tape.apply('Mul', [g, tape.number(1 / count)], { shape: g.shape })
        return expand(tape, reshape(tape, share, reducedShape(a.shape, axes, true)), a.shape)
      },
    ],
  })
}

/** Largest over one axis; equal ones share the gradient. */
export function largest(tape: Tape, a: Value, axis: number): Value {
  const kept = reducedShape(a.shape, [axis], true)
  const [result]: readonly Value[] = tape.applyMany(
    'ReduceMax',
    [a, tape.integers([axis])],
    [{ shape: reducedShape(a.shape, [axis], false), type: a.type }],
    { keepdims: { int: 0 } },
    [
      ([g]) => {
        const apply = (operator: string, one: Value, other: Value, shape: Shape, type = a.type) =>
          tape.apply(operator, [one, other], { shape, type })
        const same = apply('Equal', a, reshape(tape, result!, kept), a.shape, 'bool')
        const hit = tape.apply('Cast', [same], {
          shape: a.shape,
          type: a.type,
          attributes: { to: { int: a.type === 'double' ? 11 : 1 } },
        })
        const share = apply('Div', reshape(tape, g!, kept), sum(tape, hit, [axis], true), kept)
        return apply('Mul', hit, share, a.shape)
      },
    ],
  )
  return result!
}

export function expand(tape: Tape, a: Value, shape: Shape): Value {
  if (sameShape(a.shape, shape)) return a
  return tape.apply('Expand', [a, tape.integers(shape)], { shape, backward: [(g) => unbroadcast(tape, g, a.shape)] })
}

/** Sums a gradient over the axes along which a tensor of this shape was broadcast. */
export function unbroadcast(tape: Tape, gradient: Value, shape: Shape): Value {
  const more = gradient.shape.length - shape.length
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < more || (shape[axis - more] === 1 && length !== 1) ? [axis] : [],
  )
  const leading = axes.every((axis) => axis < more)
  const reduced = axes.length > 0 ? sum(tape, gradient, axes, !leading) : gradient
  return sameShape(reduced.shape, shape) ? reduced : reshape(tape, reduced, shape)
}
