import { checkSize, PictureError, type Raster } from './raster.ts'

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, at) => bytes[at] === byte)

interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly color: number
  readonly interlaced: boolean
}

/** Samples a pixel by color type: grey, -, RGB, palette, grey and opacity, -, RGB and opacity. */
const samplesOf = [1, 0, 3, 1, 2, 0, 4]
const depthsOf = [[1, 2, 4, 8, 16], [], [8, 16], [1, 2, 4, 8], [8, 16], [], [8, 16]]

/** Adam7: first column, first row, and the steps of each pass. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/**
 * PNG (ISO/IEC 15948): all color types, depths and interlacing; 16 bits become 8. `inflate` unpacks zlib data. Throws
 * PictureError.
 */
export function decodePng(bytes: Uint8Array, inflate: (packed: Uint8Array) => Uint8Array): Raster {
  const { header, palette, opacities, packed } = readChunks(bytes)
  let data: Uint8Array
  try {
    data = inflate(packed)
  } catch {
    throw new PictureError('its data is damaged')
  }
  const samples = unpackSamples(header, data)
  return toRaster(header, samples, palette, opacities)
}

function readChunks(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let header: Header | undefined
  let palette = new Uint8Array(0)
  let opacities = new Uint8Array(0)
  const parts: Uint8Array[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (at + 12 + length > bytes.length) break
    const body = bytes.subarray(at + 8, at + 8 + length)
    if (kind === 'IHDR') header = readHeader(body)
    if (kind === 'PLTE') palette = body.slice()
    if (kind === 'tRNS') opacities = body.slice()
    if (kind === 'IDAT') parts.push(body)
    if (kind === 'IEND') break
    at += 12 + length
  }
  if (!header || parts.length === 0) throw new PictureError('it ends too early')
  return { header, palette, opacities, packed: joined(parts) }
}

function readHeader(body: Uint8Array): Header {
  if (body.length < 13) throw new PictureError('it ends too early')
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, color] = [body[8]!, body[9]!]
  checkSize(width, height)
  if (!depthsOf[color]?.includes(depth)) throw new PictureError('it has a kind of pixels that PNG does not know')
  return { width, height, depth, color, interlaced: body[12] === 1 }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Samples as 16-bit numbers of their depth, pixel by pixel. */
function unpackSamples(header: Header, data: Uint8Array): Uint16Array {
  const each = samplesOf[header.color]!
  const samples = new Uint16Array(header.width * header.height * each)
  let from = 0
  for (const [left, top, acrossStep, downStep] of header.interlaced ? passes : [[0, 0, 1, 1] as const]) {
    const width = Math.ceil((header.width - left) / acrossStep)
    const height = Math.ceil((header.height - top) / downStep)
    if (width < 1 || height < 1) continue
    const stride = Math.ceil((width * each * header.depth) / 8)
    if (from + height * (stride + 1) > data.length) throw new PictureError('it ends too early')
    let before = new Uint8Array(stride)
    for (let y = 0; y < height; y++) {
      const line = data.slice(from + 1, from + 1 + stride)
      restoreLine(line, before, data[from]!, Math.max(1, (each * header.depth) >> 3))
      for (let index = 0; index < width * each; index++) {
        const x = left + Math.floor(index / each) * acrossStep
        samples[((top + y * downStep) * header.width + x) * each + (index % each)] = sampleAt(line, index, header.depth)
      }
      before = line
      from += stride + 1
    }
  }
  return samples
}

function sampleAt(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index]!
  if (depth === 16) return (line[2 * index]! << 8) | line[2 * index + 1]!
  const bit = index * depth
  return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
}

/** Undoes a line's filter; `step` bytes lie between a byte and the same byte of the pixel before. */
function restoreLine(line: Uint8Array, before: Uint8Array, filter: number, step: number): void {
  if (filter > 4) throw new PictureError('its data is damaged')
  for (let at = 0; at < line.length; at++) {
    const left = at >= step ? line[at - step]! : 0
    const up = before[at]!
    const corner = at >= step ? before[at - step]! : 0
    const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter]!
    line[at] = line[at]! + guess
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function toRaster(
  { width, height, depth, color }: Header,
  samples: Uint16Array,
  palette: Uint8Array,
  opacities: Uint8Array,
): Raster {
  const scale = depth === 16 ? 1 / 257 : 255 / ((1 << depth) - 1)
  const count = width * height
  if (color === 3) return fromPalette(width, height, samples, palette, opacities)
  const each = samplesOf[color]!
  const channels = color === 0 ? 1 : color === 2 ? 3 : 4
  const pixels = new Uint8Array(count * channels)
  for (let pixel = 0; pixel < count; pixel++)
    for (let channel = 0; channel < channels; channel++) {
      const sample = color === 4 ? (channel === 3 ? 1 : 0) : channel
      pixels[pixel * channels + channel] = Math.floor(samples[pixel * each + sample]! * scale + 0.5)
    }
  return { width, height, channels, pixels }
}

function fromPalette(
  width: number,
  height: number,
  samples: Uint16Array,
  palette: Uint8Array,
  opacities: Uint8Array,
): Raster {
  const channels = opacities.length > 0 ? 4 : 3
  const pixels = new Uint8Array(width * height * channels)
  samples.forEach((entry, pixel) => {
    if (3 * entry + 2 >= palette.length) throw new PictureError('its data is damaged')
    for (let channel = 0; channel < 3; channel++) pixels[pixel * channels + channel] = palette[3 * entry + channel]!
    if (channels === 4) pixels[pixel * 4 + 3] = opacities[entry] ?? 255
  })
  return { width, height, channels, pixels }
}
