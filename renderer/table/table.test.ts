import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Column } from '#contract'
import { cellForCopy, cellText } from './cell-text.ts'
import { columnLayout, columnsInView } from './column-layout.ts'
import { blockColumns, maximalPages, PageCache, pageRows, pagesFor } from './page-cache.ts'
import { rowsForCopy } from './page-loader.ts'
import { isCompressed, rowHeight, scrollRange, scrollTopOf, topRow, topToShow } from './scroll-range.ts'
import { areaOf, contains, moved, nextSort } from './selection.ts'
import { thumbnailPixels } from './thumbnail-pixels.ts'

const column = (type: Column['type'], role?: Column['role']): Column => ({
  name: 'c',
  type,
  nullable: true,
  ...(role ? { role } : {}),
})

test('keeps a few pages, the ones used last', () => {
  const cache = new PageCache()
  for (let page = 0; page < maximalPages; page++) cache.add(page, 0, [[page]])
  cache.touch(0)
  cache.add(99, 0, [[99]])
  expect(cache.size).toBe(maximalPages)
  expect(cache.row(0)).toEqual([0])
  expect(cache.row(pageRows)).toBeUndefined()
  expect(cache.row(99 * pageRows)).toEqual([99])
})

test('columns come in block by block, and rows are never more than a thousand', () => {
  const cache = new PageCache()
  cache.add(1, 2, [['c'], ['d']])
  cache.add(1, 0, [['a'], ['b']], false)
  expect(cache.row(pageRows)![0]).toBe('a')
  expect(cache.row(pageRows)![2 * blockColumns]).toBe('c')
  expect(cache.row(pageRows + 1)![1]).toBeUndefined()
  expect([cache.has(1, 2), cache.has(1, 0), cache.has(1, 1), cache.has(0, 0)]).toEqual([true, false, false, false])
  expect(maximalPages * pageRows + rowsForCopy).toBeLessThanOrEqual(1_000)
})

test('pages cover what is in view', () => {
  expect(pagesFor(0, 0)).toEqual([0])
  expect(pagesFor(pageRows - 1, pageRows)).toEqual([0, 1])
  expect(pagesFor(-5, -3)).toEqual([0])
})

test('every row can be reached and the bar leads back to it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000_000 }),
      fc.integer({ min: 60, max: 900 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, viewport, share) => {
        const range = scrollRange(rows, viewport)
        expect(range.height).toBeLessThanOrEqual(12_000_000)
        const last = Math.max(0, rows - viewport / rowHeight)
        const row = share * last
        expect(topRow(range, scrollTopOf(range, row))).toBeCloseTo(row, 3)
        expect(topRow(range, range.height)).toBeCloseTo(last, 6)
        expect(topToShow(range, Math.floor(row), Math.floor(row))).toBe(Math.floor(row))
      },
    ),
  )
  expect(isCompressed(scrollRange(1_000, 300))).toBe(false)
  expect(isCompressed(scrollRange(5_000_000, 300))).toBe(true)
})

test('a row below the view comes to its lower edge', () => {
  const range = scrollRange(1_000, rowHeight * 10)
  expect(topToShow(range, 30, 0)).toBe(21)
  expect(topToShow(range, 5, 0)).toBe(0)
  expect(topToShow(range, 3, 10)).toBe(3)
})

test('only columns in view are drawn, of any number', () => {
  const layout = columnLayout(Array.from({ length: 10_000 }, (_, i) => ({ ...column('integer'), name: `c${i}` })))
  const [first, last] = columnsInView(layout, 500_000, 1_200)
  expect(layout.edges[first]!).toBeLessThanOrEqual(500_000)
  expect(layout.edges[first + 1]!).toBeGreaterThan(500_000)
  expect(last - first).toBeLessThan(14)
  expect(columnsInView(columnLayout([]), 0, 100)).toEqual([0, -1])
})

test('cells read well', () => {
  expect(cellText(41200, column('integer'))).toBe('41\u202f200')
  expect(cellText(2109, column('integer'))).toBe('2109')
  expect(cellText(123456, column('integer', 'id'))).toBe('123456')
  expect(cellText(-1200, column('integer'))).toBe('\u22121200')
  expect(cellText(0.31, column('number'))).toBe('0.31')
  expect(cellText(1 / 3, column('number'))).toBe('0.333333')
  expect(cellText(true, column('boolean'))).toBe('yes')
  expect(cellText('2026-11-24T00:00:00.000Z', column('date'))).toBe('2026-11-24')
  expect(cellText(null, column('text'))).toBeNull()
  expect(cellText('', column('text'))).toBe('')
})

test('a copied cell keeps its line breaks and quotes', () => {
  expect(cellForCopy('a\t"b"')).toBe('"a\t""b"""')
  expect(cellForCopy(0.1)).toBe('0.1')
  expect(cellForCopy(null)).toBe('')
})

const size = { rows: 100, columns: 5, page: 10 }
const at = (row: number, col: number) => ({ active: { row, column: col }, anchor: { row, column: col } })

test('keys move inside the table, shift grows the selection', () => {
  expect(moved(at(0, 0), { key: 'ArrowUp', shift: false, far: false }, size)!.active.row).toBe(-1)
  expect(moved(at(99, 4), { key: 'ArrowDown', shift: false, far: false }, size)!.active).toEqual({ row: 99, column: 4 })
  expect(moved(at(3, 2), { key: 'End', shift: false, far: true }, size)!.active).toEqual({ row: 99, column: 4 })
  const grown = moved(at(3, 2), { key: 'PageDown', shift: true, far: false }, size)!
  expect(areaOf(grown)).toEqual({ top: 3, bottom: 13, left: 2, right: 2 })
  expect(contains(areaOf(grown), 8, 2)).toBe(true)
  expect(contains(areaOf(grown), 8, 3)).toBe(false)
  expect(moved(at(0, 0), { key: 'a', shift: false, far: false }, size)).toBeUndefined()
})

test('a head sorts up, down, and back to the stored order', () => {
  const up = nextSort(undefined, 'a')
  expect(up).toEqual({ column: 'a', descending: false })
  const down = nextSort(up, 'a')
  expect(down).toEqual({ column: 'a', descending: true })
  expect(nextSort(down, 'a')).toBeUndefined()
  expect(nextSort(down, 'b')).toEqual({ column: 'b', descending: false })
})

test('a picture in a cell: grey three times, color as it is, others not at all', () => {
  const size = { width: 2, height: 1, channels: 1 }
  expect([...thumbnailPixels('AP8=', size)!]).toEqual([0, 0, 0, 255, 255, 255, 255, 255])
  expect([...thumbnailPixels('AQID', { width: 1, height: 1, channels: 3 })!]).toEqual([1, 2, 3, 255])
  expect(thumbnailPixels('AP8=', { ...size, width: 3 })).toBeUndefined()
  expect(thumbnailPixels('?', size)).toBeUndefined()
})
