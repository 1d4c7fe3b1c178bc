import { sizeOf } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { add, divide, maximum } from './arithmetic.ts'
import { windowAttributes, windowCount } from './convolution.ts'
import { scatterAdd } from './gather.ts'
import { pad, reshape, slice } from './layout.ts'
import { largest, mean } from './reduction.ts'

export interface PoolingOptions {
  readonly size: number
  /** The size unless told. */
  readonly stride?: number
  readonly padding?: number
}

function pooledShape(x: Value, { size, stride = size, padding = 0 }: PoolingOptions): readonly number[] {
  const places = x.shape.slice(2).map((length) => windowCount(length, size, padding, stride))
  return [...x.shape.slice(0, 2), ...places]
}

/**
 * Largest value of each window of x [rows, channels, height, width]; the first of equal ones gets the gradient. Windows
 * may overlap: gradients are added where the operator says that its values came from.
 */
export function maxPool(tape: Tape, x: Value, options: PoolingOptions): Value {
  const { size, stride = size, padding = 0 } = options
  if (tape.portable) return largestOfWindows(tape, x, options)
  const attributes = windowAttributes([size, size], padding, stride)
  const shape = pooledShape(x, options)
  const facts = [
    { shape, type: x.type },
    { shape, type: 'int64' as const },
  ]
  const apart = stride === size && padding === 0
  const [pooled, positions]: readonly Value[] = tape.applyMany('MaxPool', [x], facts, attributes, [
    ([g]) => {
      if (apart)
        return tape.apply('MaxUnpool', [g!, positions!, tape.integers(x.shape)], {
          shape: x.shape,
          attributes: unpooling(attributes),
        })
      const flat = (value: Value) => reshape(tape, value, [sizeOf(shape)])
      return reshape(tape, scatterAdd(tape, [sizeOf(x.shape)], flat(positions!), flat(g!)), x.shape)
    },
  ])
  return pooled!
}

/** The same where a device does not say which value was the largest. */
function largestOfWindows(tape: Tape, x: Value, options: PoolingOptions): Value {
  const { size, stride = size, padding = 0 } = options
  if (stride !== size || padding !== 0)
    return [3, 2].reduce((pixels, axis) => largestAlong(tape, pixels, axis, { size, stride, padding }), x)
  const [rows, channels] = x.shape as [number, number]
  const [high, wide] = x.shape.slice(2).map((length) => Math.floor(length / size)) as [number, number]
  const cut = slice(tape, slice(tape, x, 2, 0, high * size), 3, 0, wide * size)
  // Five axes at most, as devices have them: windows along the width, then along the height.
  const across = largest(tape, reshape(tape, cut, [rows * channels, high * size, wide, size]), 3)
  const down = largest(tape, reshape(tape, across, [rows * channels, high, size, wide]), 2)
  return reshape(tape, down, [rows, channels, high, wide])
}

/** Beyond the edges: below any pixel, and finite, for zero times infinity is no number. */
const lowest = -3e38

/** Windows along one axis that overlap or reach over the edges: the largest of the first pixels of all, the second … */
function largestAlong(tape: Tape, x: Value, axis: number, { size, stride, padding }: Required<PoolingOptions>): Value {
  const count = windowCount(x.shape[axis]!, size, padding, stride)
  const length = count * stride + size - 1
  const after = length - x.shape[axis]! - padding
  const framed = pad(
    tape,
    x,
    x.shape.map((_, at) => (at === axis ? [padding, after] : [0, 0])),
  )
  const outside = Array.from({ length }, (_, at) => (at < padding || at >= length - after ? lowest : 0))
  const along = x.shape.map((_, at) => (at === axis ? length : 1))
  const pixels = add(tape, framed, tape.constant(tape.real, along, outside))
  const places = Array.from({ length: size }, (_, from) => everyNth(tape, pixels, axis, from, count, stride))
  return places.reduce((larger, place) => maximum(tape, larger, place))
}

/** `count` positions of an axis, `stride` apart. */
function everyNth(tape: Tape, x: Value, axis: number, from: number, count: number, stride: number): Value {
  const run = slice(tape, x, axis, from, from + count * stride)
  const [lead, rest] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))]
  const first = slice(tape, reshape(tape, run, [lead, count, stride, rest]), 2, 0, 1)
  return reshape(
    tape,
    first,
    x.shape.map((length, at) => (at === axis ? count : length)),
  )
}

/** MaxUnpool knows no dilation. */
const unpooling = ({ dilations: _, ...attributes }: ReturnType<typeof windowAttributes>) => attributes

/** How many of a window's places lie on the image, [1, 1, height, width]. */
function coverage(x: Value, { size, stride = size, padding = 0 }: PoolingOptions, shape: readonly number[]) {
  const alongAxis = (axis: number) =>
    Array.from({ length: shape[axis]! }, (_, place) => {
      const from = place * stride - padding
      return Math.min(from + size, x.shape[axis]!) - Math.max(from, 0)
    })
  const columns = alongAxis(3)
  return alongAxis(2).flatMap((row) => columns.map((column) => row * column))
}

/**
 * Mean of each window of x [rows, channels, height, width]. `countPadding` (PyTorch's default) divides by the whole
 * window, else by its places on the image. The gradient spreads out by a depthwise transposed convolution of ones.
 */
export function averagePool(tape: Tape, x: Value, options: PoolingOptions, countPadding = true): Value {
  const { size, stride = size, padding = 0 } = options
  const shape = pooledShape(x, options)
  const window = windowAttributes([size, size], padding, stride)
  // ONNX Runtime's quantized average pool refuses a model that names dilations
  const { dilations: _, ...undilated } = window
  const channels = x.shape[1]!
  return tape.apply('AveragePool', [x], {
    shape,
    attributes: { ...undilated, count_include_pad: { int: countPadding ? 1 : 0 } },
    backward: [
      (g) => {
        const counts = countPadding
          ? tape.number(size * size)
          : tape.constant(tape.real, [1, 1, ...shape.slice(2)], coverage(x, options, shape))
        const ones = tape.constant(tape.real, [channels, 1, size, size], new Array(channels * size * size).fill(1))
        const skipped = [2, 3].map((axis) => x.shape[axis]! + 2 * padding - size - (shape[axis]! - 1) * stride)
        return tape.apply('ConvTranspose', [divide(tape, g, counts), ones], {
          shape: x.shape,
          attributes: { ...window, group: { int: channels }, output_padding: { ints: skipped } },
        })
      },
    ],
  })
}

/** Mean of each channel: [rows, channels, height, width] gives [rows, channels]. */
export const globalAveragePool = (tape: Tape, x: Value): Value => mean(tape, x, [2, 3])
