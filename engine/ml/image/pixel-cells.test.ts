import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellOfPixels, pixelsOfCell } from './pixel-cells.ts'

test('cells are Base64 as Node writes it, and give the bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (pixels) => {
      const cell = cellOfPixels(pixels)
      expect(cell).toBe(Buffer.from(pixels).toString('base64'))
      expect(pixelsOfCell(cell, { width: pixels.length, height: 1, channels: 1 }, 'x')).toEqual(pixels)
    }),
  )
})

test('a cell of another size, or with other letters, is a problem', () => {
  const size = { width: 2, height: 2, channels: 1 }
  for (const cell of ['', 'AAAA', 'AAAAAAAA', 'AAAA!A==', 'AAAAé===', 'AAAAAA=='.repeat(2)])
    expect(() => pixelsOfCell(cell, size, 'photo'), cell).toThrow('A cell of photo holds no picture of 2 × 2 pixels')
  expect([...pixelsOfCell('AAECAw==', size, 'photo')]).toEqual([0, 1, 2, 3])
})
