import { expect, test } from 'vitest'
import { z } from 'zod'
import { columnReferences, isShown } from './column-references.ts'

const schema = JSON.parse(
  JSON.stringify(
    z.toJSONSchema(
      z.object({
        target: z.string().default('').meta({ title: 'Target', widget: 'column', of: 'train' }),
        group: z.string().nullable().meta({ title: 'Group', widget: 'column' }),
        by: z.array(z.string()).meta({ title: 'By', widget: 'columns', types: ['text'] }),
        pairs: z
          .array(z.object({ left: z.string().meta({ widget: 'column' }), note: z.string() }))
          .meta({ widget: 'rows' }),
        overrides: z.record(z.string(), z.object({ source: z.string().meta({ widget: 'column', title: 'Source' }) })),
        either: z.union([
          z.string().meta({ widget: 'column', title: 'One' }),
          z.array(z.string()).meta({ widget: 'columns', title: 'Many' }),
        ]),
      }),
      { io: 'input' },
    ),
  ),
)

test('finds every column name with its place', () => {
  const params = {
    target: 'y',
    group: 'g',
    by: ['a', 'b'],
    pairs: [{ left: 'l', note: 'not a column' }],
    overrides: { x: { source: 's' } },
    either: 'e',
  }
  expect(
    columnReferences(schema, params)
      .map(({ name, path, of, title }) => `${path.join('.')} ${name} of ${of}: ${title}`)
      .sort(),
  ).toEqual([
    'by.0 a of table: By',
    'by.1 b of table: By',
    'either e of table: One',
    'group g of table: Group',
    'overrides.x.source s of table: Source',
    'pairs.0.left l of table: left',
    'target y of train: Target',
  ])
})

test('empty and absent names are none', () => {
  expect(columnReferences(schema, { target: '', group: null, by: [] })).toEqual([])
})

test('a parameter is shown while its siblings, or their defaults, say so', () => {
  const property = { when: { mode: ['a', 'b'] } }
  expect(isShown(property, { mode: 'b' })).toBe(true)
  expect(isShown(property, { mode: 'c' })).toBe(false)
  expect(isShown(property, {}, { mode: { default: 'a' } })).toBe(true)
})
