export type Shape = readonly number[]

export const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1)

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

/** The shape of an operator between two tensors: aligned at the last axis, lengths equal or one of them 1. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1]
    if (left !== right && left !== 1 && right !== 1) throw new RangeError(`shapes [${a}] and [${b}] do not broadcast`)
    return left === 1 ? right : left
  })
}

/** The shape after a reduction over axes. */
export const reducedShape = (shape: Shape, axes: readonly number[], keep: boolean): Shape =>
  shape.map((length, axis) => (axes.includes(axis) ? 1 : length)).filter((_, axis) => keep || !axes.includes(axis))

export const allAxes = (shape: Shape): readonly number[] => shape.map((_, axis) => axis)
