import type { Raster } from './raster.ts'

/** The tag that says how a camera was held (Exif 2.3, 4.6.4). */
const orientationTag = 0x0112

/** Orientation, 1 to 8, of the body of a JPEG's APP1 segment; undefined where it has none. */
export function exifOrientation(body: Uint8Array): number | undefined {
  if (String.fromCharCode(...body.subarray(0, 6)) !== 'Exif\0\0' || body.length < 14) return undefined
  const view = new DataView(body.buffer, body.byteOffset + 6, body.byteLength - 6)
  const little = view.getUint16(0) === 0x4949
  const first = view.getUint32(4, little)
  if (first + 2 > view.byteLength) return undefined
  const entries = view.getUint16(first, little)
  for (let entry = 0; entry < entries; entry++) {
    const at = first + 2 + 12 * entry
    if (at + 12 > view.byteLength) return undefined
    if (view.getUint16(at, little) !== orientationTag) continue
    const value = view.getUint16(at + 8, little)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}

/** The picture as it was seen: mirrored from left to right, turned, or both. */
export function uprighted(raster: Raster, orientation: number): Raster {
  if (orientation === 1) return raster
  const { width, height, channels, pixels } = raster
  const turned = orientation >= 5
  const [wide, high] = turned ? [height, width] : [width, height]
  const out = new Uint8Array(pixels.length)
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const [row, column] = turned ? [x, y] : [y, x]
      // From where each corner came: 2 and 3 mirror columns, 3 and 4 rows; 6 and 7 rows, 7 and 8 columns.
      const fromRow = [3, 4, 6, 7].includes(orientation) ? height - 1 - row : row
      const fromColumn = [2, 3, 7, 8].includes(orientation) ? width - 1 - column : column
      for (let channel = 0; channel < channels; channel++)
        out[(y * wide + x) * channels + channel] = pixels[(fromRow * width + fromColumn) * channels + channel]!
    }
  return { width: wide, height: high, channels, pixels: out }
}
