import type { ImageSize } from '#contract'
import type { Raster } from './raster.ts'

export const fits = ['crop', 'pad', 'stretch'] as const
/** How a picture of other proportions comes to its size: its middle, all of it with black edges, or out of shape. */
export type Fit = (typeof fits)[number]

/** Bytes of the picture in a size and number of channels; opacity is laid on white. */
export function fitPicture(raster: Raster, size: ImageSize, fit: Fit): Uint8Array {
  const { width, height, channels } = size
  const source = inChannels(raster, channels)
  const scale = [width / raster.width, height / raster.height] as const
  const shared = fit === 'crop' ? Math.max(...scale) : Math.min(...scale)
  const [across, down] = fit === 'stretch' ? scale : [shared, shared]
  const box = { width: Math.min(raster.width, width / across), height: Math.min(raster.height, height / down) }
  const inner = {
    width: Math.min(width, Math.max(1, Math.round(box.width * across))),
    height: Math.min(height, Math.max(1, Math.round(box.height * down))),
  }
  const rows = resampled(
    source,
    raster.height,
    raster.width,
    channels,
    (raster.width - box.width) / 2,
    box.width,
    inner.width,
  )
  const turned = transposed(rows, raster.height, inner.width, channels)
  const done = resampled(
    turned,
    inner.width,
    raster.height,
    channels,
    (raster.height - box.height) / 2,
    box.height,
    inner.height,
  )
  return placed(transposed(done, inner.width, inner.height, channels), inner, size)
}

/** Grey by ITU-R BT.601 as Pillow's, color from grey by copying. */
function inChannels({ pixels, channels, width, height }: Raster, wanted: number): Uint8Array {
  const out = new Uint8Array(width * height * wanted)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels
    const opaque = channels === 4 ? pixels[at + 3]! / 255 : 1
    const color = (channel: number) => {
      const value = pixels[at + (channels === 1 ? 0 : channel)]!
      return opaque === 1 ? value : Math.floor(value * opaque + 255 * (1 - opaque) + 0.5)
    }
    if (wanted === 3) for (let channel = 0; channel < 3; channel++) out[pixel * 3 + channel] = color(channel)
    else
      out[pixel] = channels === 1 ? color(0) : (19_595 * color(0) + 38_470 * color(1) + 7_471 * color(2) + 0x8000) >> 16
  }
  return out
}

/**
 * Each line of `length` pixels to `wanted` pixels: the window [from, from + span) under a triangle that is as wide as a
 * new pixel, or as an old one where pixels become more, as Pillow's bilinear filter.
 */
function resampled(
  pixels: Uint8Array,
  lines: number,
  length: number,
  channels: number,
  from: number,
  span: number,
  wanted: number,
): Uint8Array {
  const step = span / wanted
  const reach = Math.max(1, step)
  const out = new Uint8Array(lines * wanted * channels)
  for (let x = 0; x < wanted; x++) {
    const middle = from + (x + 0.5) * step
    const first = Math.max(0, Math.floor(middle - reach + 0.5))
    const last = Math.min(length, Math.floor(middle + reach + 0.5))
    const shares = Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k + 0.5 - middle) / reach)),
    )
    const total = shares.reduce((sum, share) => sum + share, 0)
    for (let line = 0; line < lines; line++)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        for (let k = 0; k < shares.length; k++)
          sum += shares[k]! * pixels[(line * length + first + k) * channels + channel]!
        out[(line * wanted + x) * channels + channel] = Math.floor(sum / total + 0.5)
      }
  }
  return out
}

function transposed(pixels: Uint8Array, height: number, width: number, channels: number): Uint8Array {
  const out = new Uint8Array(pixels.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        out[(x * height + y) * channels + channel] = pixels[(y * width + x) * channels + channel]!
  return out
}

/** In the middle of a black picture. */
function placed(pixels: Uint8Array, inner: { width: number; height: number }, size: ImageSize): Uint8Array {
  if (inner.width === size.width && inner.height === size.height) return pixels
  const out = new Uint8Array(size.width * size.height * size.channels)
  const [left, top] = [(size.width - inner.width) >> 1, (size.height - inner.height) >> 1]
  const line = inner.width * size.channels
  for (let y = 0; y < inner.height; y++)
    out.set(pixels.subarray(y * line, (y + 1) * line), ((top + y) * size.width + left) * size.channels)
  return out
}

/** Mean of all bytes, from 0 to 1. */
export const brightness = (pixels: Uint8Array): number =>
  Math.round((1_000 * pixels.reduce((sum, value) => sum + value, 0)) / (255 * Math.max(1, pixels.length))) / 1_000
