import type { Frame, ImageSize } from '#contract'
import { cellOfPixels } from '#ml/image/pixel-cells'
import { createRandom, type Random } from '#ml/random/random'
import { textColumn } from './sample-columns.ts'

/**
 * Grey pictures of one shape each, bright on dark, somewhere and of some size, under normal noise. The label is the
 * shape: nothing else tells it, and brightness and place tell nothing.
 */
export const imageTruth = {
  size: { width: 16, height: 16, channels: 1 } satisfies ImageSize,
  shapes: ['bar', 'circle', 'cross', 'square', 'triangle'],
  /** Standard deviation of the noise, of 255. */
  noise: 18,
  /** Half the height of a shape, in pixels. */
  radius: [3.5, 6],
} as const

export const imageRoles = { picture: 'feature', sample: 'id', shape: 'target' } as const

/** Whether a point lies on the shape; x and y from its centre, in half heights. */
const inside: Readonly<Record<(typeof imageTruth.shapes)[number], (x: number, y: number) => boolean>> = {
  bar: (x, y) => Math.abs(y) <= 1 && Math.abs(x) <= 0.3,
  circle: (x, y) => Math.abs(Math.hypot(x, y) - 0.78) <= 0.22,
  cross: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 1 && Math.abs(Math.abs(x) - Math.abs(y)) <= 0.28,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 1 && Math.max(Math.abs(x), Math.abs(y)) >= 0.6,
  triangle: (x, y) => y <= 1 && y >= -1 && Math.abs(x) <= (y + 1) / 2,
}

function drawPixels(random: Random, shape: (typeof imageTruth.shapes)[number]): Uint8Array {
  const { width, height } = imageTruth.size
  const [least, most] = imageTruth.radius
  const radius = least + (most - least) * random.uniform()
  const middle = (length: number) =>
    length / 2 - 0.5 + (2 * random.uniform() - 1) * Math.max(0, length / 2 - radius - 0.5)
  const [left, top] = [middle(width), middle(height)]
  const [dark, bright] = [20 + 60 * random.uniform(), 140 + 100 * random.uniform()]
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [(at % width) - left, Math.floor(at / width) - top]
    const base = inside[shape](x / radius, y / radius) ? bright : dark
    return Math.max(0, Math.min(255, Math.round(base + imageTruth.noise * random.normal())))
  })
}

/** Draws pictures; row k depends on seed and k alone. */
export function sampleImages(options: { readonly rows: number; readonly seed: number }): Frame {
  const root = createRandom(options.seed).split('images')
  const drawn = Array.from({ length: options.rows }, (_, row) => {
    const random = root.split(row)
    const shape = imageTruth.shapes[random.integer(imageTruth.shapes.length)]!
    return { shape, picture: cellOfPixels(drawPixels(random, shape)) }
  })
  const width = Math.max(5, String(options.rows).length)
  return {
    rows: options.rows,
    columns: [
      textColumn(
        'sample',
        drawn.map((_, row) => `I${String(row + 1).padStart(width, '0')}`),
      ),
      {
        ...textColumn(
          'picture',
          drawn.map(({ picture }) => picture),
        ),
        type: 'image',
        image: imageTruth.size,
      },
      textColumn(
        'shape',
        drawn.map(({ shape }) => shape),
      ),
    ],
  }
}
