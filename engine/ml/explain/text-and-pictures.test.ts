import { expect, test } from 'vitest'
import { halvingTree } from './halving-tree.ts'
import { cellNames, maskPicture, meanPicture, pictureGrid } from './picture-cells.ts'
import { textParts, wordPushes } from './text-parts.ts'

test('words and cells are halved down to single ones, each merged once', () => {
  expect(halvingTree(1, 5)).toEqual([
    [0, 1],
    [5, 2],
    [3, 4],
    [6, 7],
  ])
  expect([halvingTree(1, 1), halvingTree(1, 0)]).toEqual([[], []])
  const tree = halvingTree(3, 4)
  expect(tree).toHaveLength(11)
  expect(tree.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 22 }, (_, at) => at))
  expect(tree[0]).toEqual([0, 4])
})

test('a text in pieces is the text, with a push a word', () => {
  const parts = textParts('My CARD, my\tcard.', [0.1, -2, 0.3, 4])
  expect(parts.map(({ text }) => text).join('')).toBe('My CARD, my\tcard.')
  expect(parts.filter(({ contribution }) => contribution !== 0)).toEqual([
    { text: 'My', contribution: 0.1 },
    { text: 'CARD', contribution: -2 },
    { text: 'my', contribution: 0.3 },
    { text: 'card', contribution: 4 },
  ])
  expect(textParts('', [])).toEqual([])
})

test('what terms push is shared by their places and words, and nothing is lost', () => {
  const pushes = { card: 6, 'my card': 4, pay: 1 }
  const pushOf = (term: string) => pushes[term as keyof typeof pushes] ?? 0
  const found = wordPushes('My card! My card, pay', { unit: 'word', from: 1, to: 2 }, pushOf)
  expect([...found]).toEqual([1, 4, 1, 4, 1])
  expect(found.reduce((sum, push) => sum + push, 0)).toBe(11)
})

test('pictures are masked cell by cell, all channels together', () => {
  const size = { width: 3, height: 2, channels: 2 }
  const grid = pictureGrid(size, 2)
  expect([grid.rows, grid.columns, [...grid.of]]).toEqual([1, 2, [0, 0, 1, 0, 0, 1]])
  expect(cellNames(grid)).toEqual(['row 1, column 1', 'row 1, column 2'])
  const own = Uint8Array.from({ length: 12 }, (_, at) => at)
  const mean = meanPicture([own.map(() => 100), own.map(() => 201)])
  expect(mean[0]).toBe(151)
  expect([...maskPicture(own, mean, grid, 2, [1, 0])]).toEqual([0, 1, 2, 3, 151, 151, 6, 7, 8, 9, 151, 151])
  expect(pictureGrid({ width: 28, height: 28, channels: 1 }, 32)).toMatchObject({ rows: 28, columns: 28 })
})
