import { expect, test } from 'vitest'
import { cutText, differentRows, textTable, textWidth } from './text-table.ts'

test('columns line up, also behind wide letters, without trailing spaces', () => {
  expect(
    textTable(
      [
        ['a', '年齢', 'x'],
        ['long', 'b', ''],
        ['✓', '', 'y'],
      ],
      '> ',
    ),
  ).toBe('> a     年齢  x\n> long  b\n> ✓           y')
})

test('nothing is nothing', () => {
  expect(textTable([])).toBe('')
})

test('what is said twice is shown once, in the order of the first', () => {
  const rows = [
    ['audit', 'ratio', '0.58'],
    ['audit', 'gap', '0.35'],
    ['audit', 'ratio', '0.58'],
  ]
  expect(differentRows(rows)).toEqual(rows.slice(0, 2))
})

test.each([
  ['short', 10, 'short'],
  ['exactly', 7, 'exactly'],
  ['too long', 5, 'too …'],
  ['年齢年齢', 6, '年齢…'],
])('%s cut to %i is %s', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut)
  expect(textWidth(cut)).toBeLessThanOrEqual(width)
})
