import { expect, test } from 'vitest'
import { cutText, textTable, textWidth } from './text-table.ts'

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

test.each([
  ['short', 10, 'short'],
  ['exactly', 7, 'exactly'],
  ['too long', 5, 'too …'],
  ['年齢年齢', 6, '年齢…'],
])('%s cut to %i is %s', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut)
  expect(textWidth(cut)).toBeLessThanOrEqual(width)
})
