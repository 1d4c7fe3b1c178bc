import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordScanner } from './scan-records.ts'

/** Scans a text cut into pieces, as a file comes. */
function scanPieces(text: string, cut: number, delimiter = ',') {
  const scanner = new RecordScanner(delimiter, '"')
  const records: { cells: string[]; line: number; fault: string }[] = []
  const take = (record: RecordScanner) => {
    const cells = Array.from({ length: record.fields }, (_, index) => record.field(index))
    records.push({ cells, line: record.line, fault: record.fault })
    return true
  }
  let rest = ''
  for (let at = 0; at < text.length; at += cut) {
    const held = rest + text.slice(at, at + cut)
    rest = held.slice(scanner.scan(held, false, take))
  }
  scanner.scan(rest, true, take)
  return records
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', '\r', ';'), maxLength: 6 })
const row = fc.array(cell, { minLength: 2, maxLength: 4 })

test('quoted records come back whole wherever the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      (rows, cut, end) => {
        const text = rows.map((cells) => cells.map(quoted).join(',')).join(end) + end
        const records = scanPieces(text, cut)
        expect(records.map(({ cells }) => cells)).toEqual(rows)
        expect(records.every(({ fault }) => fault === '')).toBe(true)
      },
    ),
  )
})

test('any text at all is cut the same way whatever the pieces', () => {
  const wild = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r'), maxLength: 40 })
  fc.assert(
    fc.property(wild, fc.integer({ min: 1, max: 7 }), (text, cut) => {
      expect(scanPieces(text, cut)).toEqual(scanPieces(text, 1_000))
    }),
    { numRuns: 1_000 },
  )
})

test('line numbers count every line end, also those inside quotes', () => {
  const records = scanPieces('a,b\n"x\ny\r\nz",1\r\n2,3\rlast,4', 3)
  expect(records.map(({ line, cells }) => [line, cells[1]])).toEqual([
    [1, 'b'],
    [2, '1'],
    [5, '3'],
    [6, '4'],
  ])
})
