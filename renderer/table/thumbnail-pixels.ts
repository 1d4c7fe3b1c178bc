import type { ImageSize } from '#contract'

/** The red, green, blue and opacity of a picture's cell as a canvas takes them; undefined for a cell that is no such picture. */
export function thumbnailPixels(cell: string, { width, height, channels }: ImageSize): Uint8ClampedArray | undefined {
  let bytes: string
  try {
    bytes = atob(cell)
  } catch {
    return undefined
  }
  if (bytes.length !== width * height * channels) return undefined
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      pixels[4 * pixel + channel] = bytes.charCodeAt(pixel * channels + (channels === 1 ? 0 : channel))
    pixels[4 * pixel + 3] = 255
  }
  return pixels
}
