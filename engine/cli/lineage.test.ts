import { expect, test } from 'vitest'
import { lineageDot, lineageText } from './lineage.ts'

const graph = {
  vertices: [
    { id: 'f', kind: 'source', label: 'a "b".csv', detail: '' },
    { id: 's', kind: 'step', label: 'read', detail: 'data/read-file' },
    { id: 't', kind: 'artifact', label: 'table 12ab', detail: '3 rows' },
    { id: 'u', kind: 'step', label: 'split', detail: '' },
    { id: 'v', kind: 'step', label: 'profile', detail: '' },
    { id: 'w', kind: 'step', label: 'both', detail: '' },
  ],
  arrows: [
    { from: 'f', to: 's', port: 'file' },
    { from: 's', to: 't', port: 'table' },
    { from: 't', to: 'u', port: 'table' },
    { from: 't', to: 'v', port: 'table' },
    { from: 'u', to: 'w', port: 'left' },
    { from: 'v', to: 'w', port: 'right' },
  ],
} as const

test('as text: what was made stands below what it was made from, once', () => {
  expect(lineageText(graph)).toBe(
    [
      '○ a "b".csv',
      '  ▸ file: read  data/read-file',
      '    ■ table: table 12ab  3 rows',
      '      ▸ table: split',
      '        ▸ left: both',
      '      ▸ table: profile',
      '        ▸ right: both  (above)',
    ].join('\n'),
  )
})

test('as DOT: quotes and line ends are escaped', () => {
  const dot = lineageDot(graph)
  expect(dot).toContain('"f" [shape=cylinder, label="a \\"b\\".csv"]')
  expect(dot).toContain('"s" [shape=box, label="read\\ndata/read-file"]')
  expect(dot).toContain('"s" -> "t" [label="table"]')
  expect(dot.startsWith('digraph lineage {')).toBe(true)
})
