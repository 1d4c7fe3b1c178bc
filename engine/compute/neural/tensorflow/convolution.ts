import type { Tensor, Tensor4D } from '@tensorflow/tfjs'
import { type Attributes, intOf, intsOf, type TensorFlow } from './values.ts'

type Pair = [number, number]
type Edges = readonly [top: number, left: number, bottom: number, right: number]

const toLast = (tf: TensorFlow, x: Tensor): Tensor4D => tf.transpose(x, [0, 2, 3, 1]) as Tensor4D
const toFirst = (tf: TensorFlow, x: Tensor): Tensor => tf.transpose(x, [0, 3, 1, 2])

const windowOf = (attributes: Attributes) => ({
  edges: intsOf(attributes, 'pads') as Edges,
  strides: intsOf(attributes, 'strides') as Pair,
  groups: intOf(attributes, 'group', 1),
})
const dilationsOf = (attributes: Attributes) => intsOf(attributes, 'dilations') as Pair

/** ONNX's Conv: x [rows, channels, height, width], filters [filters, channels / groups, height, width]. */
export function convolve(tf: TensorFlow, x: Tensor, filters: Tensor, bias: Tensor | undefined, attributes: Attributes) {
  const { edges, strides, groups } = windowOf(attributes)
  const padded = framed(tf, toLast(tf, x), edges)
  const y = correlate(tf, padded, filters, groups, strides, dilationsOf(attributes))
  return toFirst(tf, bias ? tf.add(y, bias) : y)
}

/**
 * ONNX's ConvTranspose, filters [channels, filters / groups, height, width]: zeros between the pixels, as the stride
 * says, and a correlation with the filters turned around (Dumoulin & Visin 2016, arXiv 1603.07285, ch. 4).
 */
export function convolveTransposed(tf: TensorFlow, x: Tensor, filters: Tensor, attributes: Attributes): Tensor {
  const { edges, strides, groups } = windowOf(attributes)
  const [dilations, extra] = [dilationsOf(attributes), intsOf(attributes, 'output_padding')]
  const [channels, each, ...window] = filters.shape as [number, number, number, number]
  const reach = window.map((size, axis) => dilations[axis]! * (size - 1))
  const spread = spreadOut(tf, toLast(tf, x), strides)
  const lengths = spread.shape.slice(1, 3)
  const sizes = lengths.map((length, axis) => length + reach[axis]! - edges[axis]! - edges[axis + 2]! + extra[axis]!)
  const before = reach.map((length, axis) => length - edges[axis]!)
  const after = reach.map((length, axis) => sizes[axis]! + length - before[axis]! - lengths[axis]!)
  const grouped = tf.reshape(filters, [groups, channels / groups, each, ...window])
  const exchanged = tf.reshape(tf.transpose(grouped, [0, 2, 1, 3, 4]), [groups * each, channels / groups, ...window])
  const padded = framed(tf, spread, [before[0]!, before[1]!, after[0]!, after[1]!])
  return toFirst(tf, correlate(tf, padded, tf.reverse(exchanged, [2, 3]), groups, [1, 1], dilations))
}

/** ONNX's AveragePool. */
export function averagePool(tf: TensorFlow, x: Tensor, attributes: Attributes): Tensor {
  const { edges, strides } = windowOf(attributes)
  const window = intsOf(attributes, 'kernel_shape') as Pair
  const means = (pixels: Tensor4D) => tf.avgPool(framed(tf, pixels, edges), window, strides, 'valid')
  const pixels = toLast(tf, x)
  const sums = means(pixels)
  if (intOf(attributes, 'count_include_pad', 0) === 1) return toFirst(tf, sums)
  return toFirst(tf, tf.div(sums, means(tf.onesLike(pixels))))
}

/**
 * Channels last, nothing at the edges. Groups: each channel is filtered by itself, for all filters of its group, and
 * the channels of a group are added up.
 */
function correlate(
  tf: TensorFlow,
  x: Tensor4D,
  filters: Tensor,
  groups: number,
  strides: Pair,
  dilations: Pair,
): Tensor {
  const [count, channels, height, width] = filters.shape as [number, number, number, number]
  if (groups === 1)
    return tf.conv2d(x, tf.transpose(filters, [2, 3, 1, 0]) as Tensor4D, strides, 'valid', 'NHWC', dilations)
  const each = count / groups
  const apart = tf.transpose(tf.reshape(filters, [groups, each, channels, height * width]), [3, 0, 2, 1])
  const single = tf.reshape(apart, [height, width, groups * channels, each]) as Tensor4D
  const y = tf.depthwiseConv2d(x, single, strides, 'valid', 'NHWC', dilations)
  if (channels === 1) return y
  const [rows, high, wide] = y.shape
  return tf.reshape(tf.sum(tf.reshape(y, [rows * high * wide, groups, channels, each]), 2), [rows, high, wide, count])
}

/** Zeros around the pixels; a negative edge cuts. */
function framed(tf: TensorFlow, x: Tensor4D, [top, left, bottom, right]: Edges): Tensor4D {
  const more = (edge: number) => Math.max(edge, 0)
  const padded = tf.pad(x, [
    [0, 0],
    [more(top), more(bottom)],
    [more(left), more(right)],
    [0, 0],
  ])
  const [rows, height, width, channels] = padded.shape
  const [cutTop, cutLeft] = [more(-top), more(-left)]
  const size: [number, number] = [height - cutTop - more(-bottom), width - cutLeft - more(-right)]
  if (size[0] === height && size[1] === width) return padded
  return tf.slice(padded, [0, cutTop, cutLeft, 0], [rows, ...size, channels])
}

/** Zeros between the pixels. */
function spreadOut(tf: TensorFlow, x: Tensor4D, [down, across]: Pair): Tensor4D {
  const [rows, height, width, channels] = x.shape
  if (down === 1 && across === 1) return x
  const wide = tf.pad(tf.reshape(x, [rows * height, width, 1, channels]), around(across))
  const high = tf.pad(tf.reshape(wide, [rows, height, 1, width * across * channels]), around(down))
  const spread = tf.reshape(high, [rows, height * down, width * across, channels]) as Tensor4D
  return tf.slice(spread, [0, 0, 0, 0], [rows, (height - 1) * down + 1, (width - 1) * across + 1, channels])
}

const around = (stride: number): Pair[] => [
  [0, 0],
  [0, 0],
  [0, stride - 1],
  [0, 0],
]
