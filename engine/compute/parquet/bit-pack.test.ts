import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitWidth, decodeHybrid, encodePacked, encodeRun } from './bit-pack.ts'
import { decodeStruct, encodeStruct, flag, i32, i64, list, struct, text, textOf } from './thrift.ts'

test('packed values and runs come back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 17 }), fc.array(fc.nat(2 ** 17 - 1), { maxLength: 100 }), (width, list) => {
      const values = list.map((value) => value % 2 ** width)
      expect(Array.from(decodeHybrid(encodePacked(values, width), 0, width, values.length))).toEqual(values)
      const run = encodeRun(300, 2 ** width - 1, width)
      expect(new Set(decodeHybrid(run, 0, width, 300))).toEqual(new Set([2 ** width - 1]))
    }),
  )
  expect([bitWidth(0), bitWidth(1), bitWidth(255), bitWidth(256)]).toEqual([0, 1, 8, 9])
})

test('bytes of the example in the Parquet format description', () => {
  // The numbers 1 through 7 packed in three bits: 10001000 11000110 11111010.
  expect(Array.from(encodePacked([0, 1, 2, 3, 4, 5, 6, 7], 3))).toEqual([3, 0b10001000, 0b11000110, 0b11111010])
})

test('thrift structs come back, large numbers and far fields too', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), fc.array(fc.integer(), { maxLength: 20 }), (large, word, numbers) => {
      const safe = Math.trunc(large / 2) + 0 // never −0
      const bytes = encodeStruct({
        1: i64(safe),
        2: text(word),
        5: flag(true),
        40: list(
          'i32',
          numbers.map((value) => i32(value)),
        ),
        41: struct({ 3: flag(false) }),
      })
      const { value, end } = decodeStruct(bytes)
      expect(end).toBe(bytes.length)
      expect([value.get(1), textOf(value.get(2)), value.get(5), value.get(40)]).toEqual([
        safe,
        word.toWellFormed(),
        true,
        numbers,
      ])
      expect(value.get(41)).toEqual(new Map([[3, false]]))
    }),
  )
})
