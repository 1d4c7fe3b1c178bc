import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '#contract'
import { countRepeatedRows } from './repeated-rows.ts'

test('counts what a set of row texts counts', () => {
  const cell = fc.tuple(fc.constantFrom(0, 1, Number.NaN), fc.constantFrom(-1, 0, 1))
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 30 }), (rows) => {
      const frame: Frame = {
        rows: rows.length,
        columns: [
          {
            name: 'a',
            type: 'number',
            nullable: true,
            cells: { kind: 'number', values: Float64Array.from(rows, ([value]) => value) },
          },
          {
            name: 'b',
            type: 'text',
            nullable: true,
            cells: { kind: 'text', codes: Int32Array.from(rows, ([, code]) => code), levels: ['x', 'y'] },
          },
        ],
      }
      const distinct = new Set(rows.map((row) => row.join('|'))).size
      expect(countRepeatedRows(frame)).toBe(rows.length - distinct)
    }),
  )
})
