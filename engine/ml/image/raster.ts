/** A decoded picture: `pixels` row by row, channels side by side, 1 (grey), 3 (red, green, blue) or 4 (and opacity). */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly pixels: Uint8Array
}

/** A file that is no picture, or one that this program can not decode; the message says why in a few words. */
export class PictureError extends Error {
  override readonly name = 'PictureError'
}

/** Largest picture that is decoded, in pixels. */
export const mostPixels = 100_000_000

/** A size a picture may have. */
export function checkSize(width: number, height: number): void {
  if (width < 1 || height < 1) throw new PictureError('it has no pixels')
  if (width * height > mostPixels) throw new PictureError(`${width} × ${height} pixels are too many`)
}
