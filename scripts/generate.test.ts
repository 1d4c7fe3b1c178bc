import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineNode } from '#contract'
import { describeNode } from '#graph/describe-node'
import { catalogueSource, documentJsonSchema } from './generate.ts'
import { nodeIndex, nodePage, typeWords } from './node-page.ts'

const root = path.resolve(import.meta.dirname, '..')
const schema = JSON.parse(documentJsonSchema())
const validate = new Ajv2020({ strict: false }).compile(schema)

describe('the published schema', () => {
  test.each(globSync(['examples/*.plumb.json', 'nodes/*/*/example.plumb.json'], { cwd: root }))('takes %s', (file) => {
    const document = JSON.parse(readFileSync(path.join(root, file), 'utf8'))
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  })

  test.each([
    [{ format: 1 }],
    [{ format: 1, name: 'x', nodes: { 'Bad Id': { type: 'a/b', version: 1 } } }],
    [{ format: 1, name: 'x', nodes: { a: { type: 'b', version: 1 } } }],
    [{ format: 1, name: 'x', edges: [{ from: 'a', to: 'b.c' }] }],
    [{ format: 1, name: 'x', colour: 'red' }],
  ])('refuses %j', (document) => {
    expect(validate(document)).toBe(false)
  })
})

test('the catalogue names each node after its type', () => {
  expect(catalogueSource(['a/b-c', 'd/e'])).toContain(
    "import aBC from './a/b-c/node.ts'\nimport dE from './d/e/node.ts'",
  )
  expect(catalogueSource(['a/b-c', 'd/e'])).toContain('[\n  aBC,\n  dE,\n]')
})

const card = describeNode(
  defineNode({
    type: 'train/odd',
    version: 2,
    title: 'Odd | one',
    doc: 'First sentence: with more. Second one.',
    inputs: { table: { type: 'table', doc: 'Rows | more' }, models: { type: 'model', doc: 'Models', many: true } },
    outputs: { model: { type: 'model', doc: 'The model' } },
    params: z.object({
      trees: z.int().min(1).max(9).default(3).meta({ title: 'Trees', description: 'How many', unit: 'trees' }),
      by: z.string().meta({ title: 'By', description: 'A column', widget: 'column' }),
    }),
    infer: async () => ({ model: {} }),
    run: async () => {
      throw new Error('never run')
    },
  }) as never,
)

test('a page holds ports and parameters, escaped for its tables', () => {
  const page = nodePage(card, true)
  expect(page).toContain('| `table` | table | Rows \\| more |')
  expect(page).toContain('| `models` | model, any number | Models |')
  expect(page).toContain('| `trees` | Trees | whole number, 1 to 9 | `3` | How many. In trees. |')
  expect(page).toContain('| `by` | By | column | needed | A column. |')
  expect(page).toContain('npx plumbline run nodes/train/odd/example.plumb.json')
  expect(nodePage(card, false)).not.toContain('## Example')
  expect(nodeIndex([card])).toContain('| [train/odd](train-odd.md) | Odd \\| one | First sentence. |')
})

test.each([
  [z.enum(['a', 'b']), '`a` or `b`'],
  [z.array(z.boolean()), 'list of yes or no'],
  [z.number().gt(0).lt(1), 'number, above 0, below 1'],
  [z.number().min(0), 'number, at least 0'],
  [z.string().nullable(), 'text or nothing'],
  [z.object({ a: z.string(), b: z.string() }), '{ a, b }'],
])('types in words', (type, words) => {
  expect(typeWords(z.toJSONSchema(type))).toBe(words)
})
