import { type ImageSize, ProblemError } from '#contract'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const digitValue = new Uint8Array(128).fill(255)
for (let value = 0; value < 64; value++) digitValue[alphabet.charCodeAt(value)] = value

/** Bytes of a picture as the text of its cell: Base64 (RFC 4648, section 4). */
export function cellOfPixels(pixels: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < pixels.length; at += 3) {
    const left = pixels.length - at
    const bits = (pixels[at]! << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0)
    parts.push(
      alphabet[bits >> 18]! +
        alphabet[(bits >> 12) & 63]! +
        (left > 1 ? alphabet[(bits >> 6) & 63]! : '=') +
        (left > 2 ? alphabet[bits & 63]! : '='),
    )
  }
  return parts.join('')
}

/** Number of bytes in a picture. */
export const byteCount = ({ width, height, channels }: ImageSize): number => width * height * channels

/** The bytes of a cell, height × width × channels; a text that is no such picture is a problem. */
export function pixelsOfCell(text: string, size: ImageSize, column: string): Uint8Array {
  const count = byteCount(size)
  const padding = (3 - (count % 3)) % 3
  const digits = 4 * Math.ceil(count / 3) - padding
  const pixels = new Uint8Array(digits + padding === text.length && text.endsWith('='.repeat(padding)) ? count : 0)
  let [bits, held, at] = [0, 0, 0]
  for (let index = 0; index < digits && pixels.length > 0; index++) {
    const value = digitValue[text.charCodeAt(index)] ?? 255
    if (value === 255) throw notPicture(column, size)
    bits = ((bits << 6) | value) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      pixels[at++] = (bits >> held) & 255
    }
  }
  if (pixels.length !== count) throw notPicture(column, size)
  return pixels
}

const notPicture = (column: string, { width, height, channels }: ImageSize) =>
  new ProblemError({
    code: 'data-bad',
    message: `A cell of ${column} holds no picture of ${width} × ${height} pixels with ${channels === 1 ? '1 channel' : `${channels} channels`}.`,
    fix: `Read the pictures of ${column} again, all in one size`,
    columns: [column],
  })
