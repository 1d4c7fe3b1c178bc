import type { FrameColumn, ImageSize } from '#contract'
import type { Graph } from '#ml/onnx/graph-builder'
import { byteCount, pixelsOfCell } from './pixel-cells.ts'

/** A picture as numbers around 0: each channel less its mean, by its standard deviation, over all training pixels. */
export interface PixelInput {
  readonly kind: 'pixels'
  readonly column: string
  readonly size: ImageSize
  readonly means: readonly number[]
  readonly deviations: readonly number[]
}

/** Bytes of every row, a missing picture black. */
function* picturesOf({ name, cells }: FrameColumn, size: ImageSize): Generator<Uint8Array> {
  if (cells.kind !== 'text') throw new RangeError(`${name} holds no pictures`)
  const black = new Uint8Array(byteCount(size))
  for (const code of cells.codes) yield code < 0 ? black : pixelsOfCell(cells.levels[code]!, size, name)
}

export function fitPixels(column: FrameColumn, size: ImageSize): PixelInput {
  const { channels } = size
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)]
  let pixels = 0
  for (const picture of picturesOf(column, size)) {
    picture.forEach((value, at) => {
      sums[at % channels]! += value
      squares[at % channels]! += value * value
    })
    pixels += picture.length / channels
  }
  const means = Array.from(sums, (sum) => Math.fround(sum / Math.max(1, pixels)))
  const deviations = Array.from(squares, (square, channel) =>
    Math.fround(Math.max(1, Math.sqrt(Math.max(0, square / Math.max(1, pixels) - means[channel]! ** 2)))),
  )
  return { kind: 'pixels', column: column.name, size, means, deviations }
}

/** Rows × channels × height × width, as the graph computes them. */
export function pixelNumbers({ size, means, deviations }: PixelInput, column: FrameColumn): Float32Array {
  const { width, height, channels } = size
  const rows = column.cells.kind === 'text' ? column.cells.codes.length : 0
  const plane = width * height
  const numbers = new Float32Array(rows * plane * channels)
  let from = 0
  for (const picture of picturesOf(column, size)) {
    for (let at = 0; at < picture.length; at++) {
      const channel = at % channels
      const place = from + channel * plane + (at - channel) / channels
      numbers[place] = Math.fround(picture[at]! - means[channel]!) / deviations[channel]!
    }
    from += picture.length
  }
  return numbers
}

/** The same from the bytes [N, height, width, channels] inside a graph; gives a float tensor [N, channels, height, width]. */
export function emitPixels(graph: Graph, { column, size, means, deviations }: PixelInput): string {
  const { width, height, channels } = size
  const bytes = graph.input(column, 'uint8', ['N', height, width, channels])
  const turned = graph.apply('Transpose', [graph.apply('Cast', [bytes], { to: { int: 1 } })], {
    perm: { ints: [0, 3, 1, 2] },
  })
  const each = (values: readonly number[]) => graph.constant('float', [1, channels, 1, 1], values)
  return graph.apply('Div', [graph.apply('Sub', [turned, each(means)]), each(deviations)])
}
