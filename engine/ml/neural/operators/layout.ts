import { type Shape, sizeOf } from '../shape.ts'
import { absent, type Tape, type Value } from '../tape.ts'

/** Operators that move numbers about: each gradient moves them back. */
export function reshape(tape: Tape, a: Value, shape: Shape): Value {
  if (sizeOf(a.shape) !== sizeOf(shape)) throw new RangeError(`[${a.shape}] does not reshape to [${shape}]`)
  return tape.apply('Reshape', [a, tape.integers(shape)], { shape, backward: [(g) => reshape(tape, g, a.shape)] })
}

export function transpose(tape: Tape, a: Value, order: readonly number[]): Value {
  const inverse = order.map((_, axis) => order.indexOf(axis))
  return tape.apply('Transpose', [a], {
    shape: order.map((axis) => a.shape[axis]!),
    attributes: { perm: { ints: order } },
    backward: [(g) => transpose(tape, g, inverse)],
  })
}

const withLength = (shape: Shape, axis: number, length: number) => shape.map((old, at) => (at === axis ? length : old))

/** Tensors that one operator of a graphics processor takes or gives at most: WebGPU promises eight buffers a shader. */
const widest = 6

/** Consecutive groups, as many as an operator may have at most. */
function grouped<T>(tape: Tape, all: readonly T[]): readonly (readonly T[])[] | undefined {
  if (!tape.portable || all.length <= widest) return undefined
  const each = Math.ceil(all.length / widest)
  return Array.from({ length: Math.ceil(all.length / each) }, (_, group) => all.slice(group * each, (group + 1) * each))
}

export function concat(tape: Tape, parts: readonly Value[], axis: number): Value {
  if (parts.length === 1) return parts[0]!
  const groups = grouped(tape, parts)
  if (groups)
    return concat(
      tape,
      groups.map((group) => concat(tape, group, axis)),
      axis,
    )
  const lengths = parts.map(({ shape }) => shape[axis]!)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  return tape.apply('Concat', parts, {
    shape: withLength(parts[0]!.shape, axis, total),
    attributes: { axis: { int: axis } },
    backward: lengths.map((length, part) => {
      const from = lengths.slice(0, part).reduce((sum, before) => sum + before, 0)
      return (g) => slice(tape, g, axis, from, from + length)
    }),
  })
}

export function split(tape: Tape, a: Value, axis: number, lengths: readonly number[]): readonly Value[] {
  const groups = grouped(tape, lengths)
  if (groups) {
    const sums = groups.map((group) => group.reduce((sum, length) => sum + length, 0))
    return split(tape, a, axis, sums).flatMap((part, at) => split(tape, part, axis, groups[at]!))
  }
  const facts = lengths.map((length) => ({ shape: withLength(a.shape, axis, length), type: a.type }))
  return tape.applyMany('Split', [a, tape.integers(lengths)], facts, { axis: { int: axis } }, [
    (gradients) =>
      concat(
        tape,
        gradients.map((g, part) => g ?? tape.filled(facts[part]!.shape, 0)),
        axis,
      ),
  ])
}

/** The positions [from, to) of an axis. */
export function slice(tape: Tape, a: Value, axis: number, from: number, to: number): Value {
  const inputs = [a, tape.integers([from]), tape.integers([to]), tape.integers([axis])]
  const around = a.shape.map((_, at): readonly [number, number] => (at === axis ? [from, a.shape[axis]! - to] : [0, 0]))
  return tape.apply('Slice', inputs, {
    shape: withLength(a.shape, axis, to - from),
    backward: [(g) => pad(tape, g, around)],
  })
}

/** Zeros before and after each axis. */
export function pad(tape: Tape, a: Value, around: readonly (readonly [number, number])[]): Value {
  const shape = a.shape.map((length, axis) => length + around[axis]![0] + around[axis]![1])
  const sizes = tape.integers([...around.map(([before]) => before), ...around.map(([, after]) => after)])
  const crop = (g: Value) =>
    around.reduce(
      (rest, [before, after], axis) =>
        before + after === 0 ? rest : slice(tape, rest, axis, before, before + a.shape[axis]!),
      g,
    )
  return tape.apply('Pad', [a, sizes, tape.number(0), absent], { shape, backward: [crop] })
}

export const zeros = (tape: Tape, shape: Shape): Value =>
  tape.apply('Expand', [tape.number(0), tape.integers(shape)], { shape })
