import type { Tape, Value } from '../tape.ts'
import { reshape, slice, transpose } from './layout.ts'
import { sum } from './reduction.ts'

export interface ConvolutionOptions {
  readonly padding?: number
  readonly stride?: number
  readonly dilation?: number
  /** 1: every filter sees every channel; as many as channels: depthwise. */
  readonly groups?: number
  /** The bias has no gradient. */
  readonly fixedBias?: boolean
}

/** Positions of a window along one axis. */
export const windowCount = (length: number, window: number, padding: number, stride: number, dilation = 1): number =>
  Math.floor((length + 2 * padding - dilation * (window - 1) - 1) / stride) + 1

/** Attributes of Conv and of the pooling operators. */
export const windowAttributes = (window: readonly number[], padding: number, stride: number, dilation = 1) => ({
  kernel_shape: { ints: window },
  pads: { ints: [padding, padding, padding, padding] },
  strides: { ints: [stride, stride] },
  dilations: { ints: [dilation, dilation] },
})

/**
 * Cross-correlation of x [rows, channels, height, width] by filters [filters, channels / groups, height, width].
 * By x the gradient is a transposed convolution whose output padding restores rows that the stride skipped; by the
 * filters it is a convolution of x by the gradient, rows and channels exchanged, stride and dilation too (Dumoulin &
 * Visin 2016, "A guide to convolution arithmetic for deep learning", arXiv 1603.07285).
 */
export function convolve(
  tape: Tape,
  x: Value,
  filters: Value,
  bias: Value | undefined,
  options: ConvolutionOptions = {},
): Value {
  const { padding = 0, stride = 1, dilation = 1, groups = 1, fixedBias = false } = options
  const window = filters.shape.slice(2)
  const places = window.map((size, axis) => windowCount(x.shape[axis + 2]!, size, padding, stride, dilation))
  const attributes = { ...windowAttributes(window, padding, stride, dilation), group: { int: groups } }
  const skipped = window.map(
    (size, axis) => x.shape[axis + 2]! + 2 * padding - dilation * (size - 1) - 1 - (places[axis]! - 1) * stride,
  )
  return tape.apply('Conv', bias ? [x, filters, bias] : [x, filters], {
    shape: [x.shape[0]!, filters.shape[0]!, ...places],
    attributes,
    backward: [
      (g) =>
        tape.apply('ConvTranspose', [g, filters], {
          shape: x.shape,
          attributes: { ...attributes, output_padding: { ints: skipped } },
        }),
      (g) => byFilters(tape, x, g, filters, { padding, stride, dilation, groups }),
      fixedBias ? undefined : (g) => sum(tape, g, [0, 2, 3]),
    ],
  })
}

/** Channels of a group become the rows, the rows of all groups the channels. */
function exchange(tape: Tape, x: Value, groups: number): Value {
  const [rows, channels, height, width] = x.shape as [number, number, number, number]
  if (groups === 1) return transpose(tape, x, [1, 0, 2, 3])
  const each = channels / groups
  const apart = transpose(tape, reshape(tape, x, [rows, groups, each, height, width]), [2, 1, 0, 3, 4])
  return reshape(tape, apart, [each, groups * rows, height, width])
}

function byFilters(
  tape: Tape,
  x: Value,
  g: Value,
  filters: Value,
  options: Required<Omit<ConvolutionOptions, 'fixedBias'>>,
): Value {
  const { padding, stride, dilation, groups } = options
  const gradientWindow = g.shape.slice(2)
  const places = gradientWindow.map((size, axis) => windowCount(x.shape[axis + 2]!, size, padding, dilation, stride))
  const full = tape.apply('Conv', [exchange(tape, x, groups), transpose(tape, g, [1, 0, 2, 3])], {
    shape: [filters.shape[1]!, filters.shape[0]!, ...places],
    attributes: { ...windowAttributes(gradientWindow, padding, dilation, stride), group: { int: groups } },
  })
  const cropped = [2, 3].reduce(
    (rest, axis) =>
      rest.shape[axis] === filters.shape[axis] ? rest : slice(tape, rest, axis, 0, filters.shape[axis]!),
    full,
  )
  return transpose(tape, cropped, [1, 0, 2, 3])
}
