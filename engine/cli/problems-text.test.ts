import { expect, test } from 'vitest'
import { problemsText } from './problems-text.ts'

test('what and where, the cure, the code last', () => {
  expect(
    problemsText([
      {
        code: 'column-unknown',
        message: 'There is no column x.',
        node: 'split',
        path: ['params', 'by', 0],
        fix: 'Choose y',
      },
      { code: 'node-unknown', message: 'No such type.', node: 'a', path: ['nodes', 'a', 'type'] },
      { code: 'data-bad', message: 'Odd values.', level: 'warning' },
    ]),
  ).toBe(
    '✕ There is no column x.\n  Choose y.\n  [column-unknown at split: params.by.0]\n\n✕ No such type.\n  [node-unknown at nodes.a.type]\n\n◷ Odd values.\n  [data-bad]',
  )
})
