import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { decodeJpeg, isJpeg } from './decode-jpeg.ts'
import { decodePng, isPng } from './decode-png.ts'
import { brightness, fitPicture } from './fit-picture.ts'
import { PictureError, type Raster } from './raster.ts'

interface Golden {
  readonly cases: readonly { name: string; file: string; width: number; height: number; pixels: string }[]
  readonly source: string
  readonly grey: string
  readonly turned: Readonly<Record<string, { file: string; size: number[]; pixels: string }>>
  readonly resized: readonly { width: number; height: number; pixels: string }[]
}
const golden = readGolden<Golden>('ml-images')
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const inflate = (packed: Uint8Array) => new Uint8Array(inflateSync(packed))
const decode = (file: Uint8Array): Raster => (isPng(file) ? decodePng(file, inflate) : decodeJpeg(file))

function differences(actual: Uint8Array, expected: Uint8Array) {
  expect(actual.length).toBe(expected.length)
  const gaps = Array.from(actual, (value, at) => Math.abs(value - expected[at]!))
  return { most: Math.max(...gaps), mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length }
}

for (const { name, file, width, height, pixels } of golden.cases)
  test(`${name} has the pixels that Pillow finds`, () => {
    const bytes = bytesOf(file)
    expect([isPng(bytes), isJpeg(bytes)]).toEqual([name.startsWith('png'), name.startsWith('jpeg')])
    const raster = decode(bytes)
    expect([raster.width, raster.height]).toEqual([width, height])
    const { most, mean } = differences(raster.pixels, bytesOf(pixels))
    if (name.startsWith('png')) expect(most).toBe(0)
    else {
      // libjpeg computes the cosine transform and the colors in integers; chroma is spread in another order of rounding.
      expect(most).toBeLessThanOrEqual(name.includes('4:') || name.includes('progressive') ? 4 : 2)
      expect(mean).toBeLessThan(0.6)
    }
  })

for (const [orientation, { file, size, pixels }] of Object.entries(golden.turned))
  test(`a camera that was held in way ${orientation} gives an upright picture`, () => {
    const raster = decodeJpeg(bytesOf(file))
    expect([raster.width, raster.height]).toEqual(size)
    expect(differences(raster.pixels, bytesOf(pixels)).most).toBeLessThanOrEqual(2)
  })

test('resized pictures are Pillow’s', () => {
  const raster: Raster = { width: 37, height: 29, channels: 3, pixels: bytesOf(golden.source) }
  // Rounded between the two directions, in another order here.
  for (const { width, height, pixels } of golden.resized)
    expect(
      differences(fitPicture(raster, { width, height, channels: 3 }, 'stretch'), bytesOf(pixels)).most,
    ).toBeLessThan(2)
  expect(
    differences(fitPicture(raster, { width: 37, height: 29, channels: 1 }, 'crop'), bytesOf(golden.grey)).most,
  ).toBe(0)
})

test('cropped, padded and stretched: a wide picture in a square', () => {
  const wide: Raster = { width: 4, height: 2, channels: 1, pixels: Uint8Array.of(10, 20, 30, 40, 10, 20, 30, 40) }
  const size = { width: 2, height: 2, channels: 1 }
  expect([...fitPicture(wide, size, 'crop')]).toEqual([20, 30, 20, 30])
  const four = { width: 4, height: 4, channels: 1 }
  expect([...fitPicture(wide, four, 'pad')]).toEqual([0, 0, 0, 0, ...wide.pixels, 0, 0, 0, 0])
  expect(fitPicture(wide, four, 'stretch')).toHaveLength(16)
  const clear: Raster = { width: 1, height: 1, channels: 4, pixels: Uint8Array.of(0, 0, 0, 0) }
  expect([...fitPicture(clear, { width: 1, height: 1, channels: 3 }, 'crop')]).toEqual([255, 255, 255])
  expect(brightness(Uint8Array.of(0, 255))).toBe(0.5)
})

test('interlaced PNG: the same pixels in seven passes', () => {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const
  const [width, height] = [7, 5]
  const lines: number[] = []
  for (const [left, top, across, down] of passes)
    for (let y = top; y < height; y += down) {
      if (left >= width) continue
      lines.push(0)
      for (let x = left; x < width; x += across) lines.push(10 * y + x)
    }
  const chunk = (kind: string, body: Uint8Array) => {
    const out = Buffer.alloc(12 + body.length)
    out.writeUInt32BE(body.length)
    out.write(kind, 4, 'latin1')
    out.set(body, 8)
    return out
  }
  const header = Uint8Array.of(0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 1)
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Uint8Array.from(lines))),
    chunk('IEND', new Uint8Array()),
  ]
  const file = Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...parts])
  const expected = Array.from({ length: 35 }, (_, at) => 10 * Math.floor(at / 7) + (at % 7))
  expect([...decodePng(new Uint8Array(file), inflate).pixels]).toEqual(expected)
})

test('damaged files are told, and never end otherwise', () => {
  fc.assert(
    fc.property(fc.constantFrom(...golden.cases), fc.nat(), fc.nat(255), fc.boolean(), ({ file }, at, value, cut) => {
      const whole = bytesOf(file)
      const place = 3 + (at % (whole.length - 3))
      const bytes = cut ? whole.slice(0, place) : whole
      if (!cut) bytes[place] = value
      try {
        const { width, height, channels, pixels } = isPng(whole) ? decodePng(bytes, inflate) : decodeJpeg(bytes)
        expect(pixels.length).toBe(width * height * channels)
      } catch (error) {
        expect(error).toBeInstanceOf(PictureError)
      }
    }),
    { numRuns: 400, seed: 1 },
  )
}, 30_000)
