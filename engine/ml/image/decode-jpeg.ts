import { exifOrientation, uprighted } from './exif-orientation.ts'
import { type HuffmanTable, huffmanTable, type JpegComponent, readScan, type Scan, zigzag } from './jpeg-scan.ts'
import { checkSize, PictureError, type Raster } from './raster.ts'

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

interface Jpeg {
  readonly quantizers: Map<number, Float64Array>
  readonly dc: Map<number, HuffmanTable>
  readonly ac: Map<number, HuffmanTable>
  width: number
  height: number
  progressive: boolean
  components: readonly JpegComponent[]
  unitsWide: number
  unitsHigh: number
  restart: number
  orientation: number
  /** What Adobe's marker says of the colors. */
  transform: number | undefined
}

/**
 * JPEG (ITU-T T.81): Huffman-coded baseline, extended and progressive pictures of 8 bits, grey or in color (JFIF:
 * Y'CbCr; RGB where Adobe's marker says so). Turned as the camera's Exif note says. Throws PictureError.
 */
export function decodeJpeg(bytes: Uint8Array): Raster {
  const jpeg: Jpeg = {
    quantizers: new Map(),
    dc: new Map(),
    ac: new Map(),
    width: 0,
    height: 0,
    progressive: false,
    components: [],
    unitsWide: 0,
    unitsHigh: 0,
    restart: 0,
    orientation: 1,
    transform: undefined,
  }
  let at = 2
  let scans = 0
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) {
      at++
      continue
    }
    const marker = bytes[at + 1]!
    if (marker === 0xd9) break
    if (marker === 0xff || marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2
      continue
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    const body = bytes.subarray(at + 4, at + 2 + length)
    at += 2 + length
    if (marker === 0xda) {
      at = readScan(bytes, at, scanOf(jpeg, body))
      scans++
    } else readSegment(jpeg, marker, body)
  }
  if (scans === 0) throw new PictureError('it ends too early')
  return uprighted(toRaster(jpeg), jpeg.orientation)
}

function readSegment(jpeg: Jpeg, marker: number, body: Uint8Array): void {
  if (marker === 0xdb) readQuantizers(jpeg, body)
  else if (marker === 0xc4) readTables(jpeg, body)
  else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) readFrame(jpeg, marker === 0xc2, body)
  else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc)
    throw new PictureError('it is a kind of JPEG that is hardly used (lossless or arithmetic)')
  else if (marker === 0xdd) jpeg.restart = (body[0]! << 8) | body[1]!
  else if (marker === 0xe1) jpeg.orientation = exifOrientation(body) ?? jpeg.orientation
  else if (marker === 0xee && String.fromCharCode(...body.subarray(0, 5)) === 'Adobe') jpeg.transform = body[11]
}

function readQuantizers({ quantizers }: Jpeg, body: Uint8Array): void {
  for (let at = 0; at < body.length; ) {
    const wide = body[at]! >> 4 === 1
    const table = new Float64Array(64)
    for (let k = 0; k < 64; k++) {
      const place = at + 1 + (wide ? 2 * k : k)
      table[zigzag[k]!] = wide ? (body[place]! << 8) | body[place + 1]! : body[place]!
    }
    quantizers.set(body[at]! & 15, table)
    at += wide ? 129 : 65
  }
}

function readTables({ dc, ac }: Jpeg, body: Uint8Array): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const counts = body.slice(at + 1, at + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const table = huffmanTable(counts, body.slice(at + 17, at + 17 + total))
    const tables = body[at]! >> 4 === 0 ? dc : ac
    tables.set(body[at]! & 15, table)
    at += 17 + total
  }
}

function readFrame(jpeg: Jpeg, progressive: boolean, body: Uint8Array): void {
  if (body[0] !== 8) throw new PictureError(`it has ${body[0]} bits a color, not 8`)
  jpeg.height = (body[1]! << 8) | body[2]!
  jpeg.width = (body[3]! << 8) | body[4]!
  jpeg.progressive = progressive
  checkSize(jpeg.width, jpeg.height)
  const count = body[5]!
  if (count !== 1 && count !== 3) throw new PictureError(`it has ${count} colors; 1 and 3 can be read`)
  const facts = Array.from({ length: count }, (_, index) => {
    const [id, sampling, quantizer] = body.subarray(6 + 3 * index, 9 + 3 * index) as unknown as [number, number, number]
    return { id, across: sampling >> 4, down: sampling & 15, quantizer }
  })
  const most = (of: (fact: (typeof facts)[number]) => number) => Math.max(...facts.map(of))
  const [across, down] = [most((fact) => fact.across), most((fact) => fact.down)]
  if (facts.some((fact) => !(fact.across >= 1 && fact.across <= 4 && fact.down >= 1 && fact.down <= 4)))
    throw new PictureError('its data is damaged')
  jpeg.unitsWide = Math.ceil(jpeg.width / (8 * across))
  jpeg.unitsHigh = Math.ceil(jpeg.height / (8 * down))
  jpeg.components = facts.map((fact) => {
    const stride = jpeg.unitsWide * fact.across
    return {
      ...fact,
      blocksWide: Math.ceil((jpeg.width * fact.across) / (8 * across)),
      blocksHigh: Math.ceil((jpeg.height * fact.down) / (8 * down)),
      stride,
      coefficients: new Int16Array(64 * stride * jpeg.unitsHigh * fact.down),
    }
  })
}

function scanOf(jpeg: Jpeg, body: Uint8Array): Scan {
  const count = body[0] ?? 0
  const components = Array.from({ length: count }, (_, index) => {
    const [id, tables] = [body[1 + 2 * index]!, body[2 + 2 * index]!]
    const component = jpeg.components.find((one) => one.id === id)
    if (!component) throw new PictureError('its data is damaged')
    return { component, dc: jpeg.dc.get(tables >> 4), ac: jpeg.ac.get(tables & 15) }
  })
  const { progressive, restart, unitsWide, unitsHigh } = jpeg
  const [from, to, bits] = progressive ? body.subarray(1 + 2 * count, 4 + 2 * count) : [0, 63, 0]
  return {
    components,
    from: from ?? 0,
    to: Math.min(63, to ?? 63),
    high: (bits ?? 0) >> 4,
    low: (bits ?? 0) & 15,
    progressive,
    restart,
    unitsWide,
    unitsHigh,
  }
}

/** cos((2 x + 1) u π / 16) / 2, the first row by √½. */
const waves = Float64Array.from({ length: 64 }, (_, at) => {
  const [x, u] = [at >> 3, at & 7]
  return (Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1)) / 2
})

/** The samples of a component: blocks through the inverse cosine transform, rounded to bytes. */
function planeOf({ coefficients, stride, blocksHigh }: JpegComponent, quantizer: Float64Array): Uint8Array {
  const plane = new Uint8Array(stride * 8 * blocksHigh * 8)
  const half = new Float64Array(64)
  for (let block = 0; block < stride * blocksHigh; block++) {
    const from = block * 64
    for (let v = 0; v < 8; v++)
      for (let x = 0; x < 8; x++) {
        let sum = 0
        for (let u = 0; u < 8; u++) {
          const at = 8 * v + u
          sum += coefficients[from + at]! * quantizer[at]! * waves[8 * x + u]!
        }
        half[8 * v + x] = sum
      }
    const corner = Math.floor(block / stride) * 64 * stride + (block % stride) * 8
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) {
        let sum = 128.5
        for (let v = 0; v < 8; v++) sum += half[8 * v + x]! * waves[8 * y + v]!
        plane[corner + y * stride * 8 + x] = Math.max(0, Math.min(255, Math.floor(sum)))
      }
  }
  return plane
}

function toRaster({ width, height, components, quantizers, transform }: Jpeg): Raster {
  const most = (of: (component: JpegComponent) => number) => Math.max(...components.map(of))
  const [across, down] = [most((one) => one.across), most((one) => one.down)]
  const channels = components.length === 1 ? 1 : 3
  const pixels = new Uint8Array(width * height * channels)
  components.forEach((component, channel) => {
    const quantizer = quantizers.get(component.quantizer)
    if (!quantizer) throw new PictureError('it lacks a table of steps')
    const plane = planeOf(component, quantizer)
    const size = {
      stride: component.stride * 8,
      width: Math.ceil((width * component.across) / across),
      height: Math.ceil((height * component.down) / down),
    }
    spread(plane, size, pixels, { width, height, channels, channel }, across / component.across, down / component.down)
  })
  if (channels === 3 && transform !== 0) toRed(pixels)
  return { width, height, channels, pixels }
}

/** Writes a plane into its channel; one with fewer samples is spread linearly between their middles. */
function spread(
  plane: Uint8Array,
  from: { readonly stride: number; readonly width: number; readonly height: number },
  pixels: Uint8Array,
  to: { readonly width: number; readonly height: number; readonly channels: number; readonly channel: number },
  wide: number,
  high: number,
): void {
  const sample = (y: number, x: number) =>
    plane[Math.max(0, Math.min(from.height - 1, y)) * from.stride + Math.max(0, Math.min(from.width - 1, x))]!
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++) {
      const at = (y * to.width + x) * to.channels + to.channel
      if (wide === 1 && high === 1) {
        pixels[at] = plane[y * from.stride + x]!
        continue
      }
      const [v, u] = [(y + 0.5) / high - 0.5, (x + 0.5) / wide - 0.5]
      const [top, left] = [Math.floor(v), Math.floor(u)]
      const [b, r] = [v - top, u - left]
      const upper = sample(top, left) * (1 - r) + sample(top, left + 1) * r
      const lower = sample(top + 1, left) * (1 - r) + sample(top + 1, left + 1) * r
      pixels[at] = Math.floor(upper * (1 - b) + lower * b + 0.5)
    }
}

/** Y'CbCr to red, green and blue in place (JFIF 1.02; ITU-R BT.601). */
function toRed(pixels: Uint8Array): void {
  const byte = (value: number) => Math.max(0, Math.min(255, Math.floor(value + 0.5)))
  for (let at = 0; at < pixels.length; at += 3) {
    const [y, cb, cr] = [pixels[at]!, pixels[at + 1]! - 128, pixels[at + 2]! - 128]
    pixels[at] = byte(y + 1.402 * cr)
    pixels[at + 1] = byte(y - 0.344136286 * cb - 0.714136286 * cr)
    pixels[at + 2] = byte(y + 1.772 * cb)
  }
}
