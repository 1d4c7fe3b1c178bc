import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { staleFiles } from '../../scripts/generate.ts'
import { deadLinks, importsOf, readSourceTree, type SourceTree, untestedFiles } from './source-tree.ts'

const root = path.resolve(import.meta.dirname, '../..')
const tree = readSourceTree(root)
const code = tree.files.filter((file) => /\.(ts|tsx|mjs|css)$/.test(file))

test('generated files are fresh', async () => {
  const { stale, left } = await staleFiles()
  expect([...stale.keys(), ...left]).toEqual([])
})

test('no file is over 600 lines', () => {
  expect(code.filter((file) => tree.text(file).split('\n').length > 601)).toEqual([])
})

test('no any, nothing left for later', () => {
  const mark = new RegExp(
    `\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|X{3})\\b|[:<] ${['an', 'y'].join('')}\\b[\\])>,;]|\\bas ${['an', 'y'].join('')}\\b`,
  )
  expect(code.filter((file) => mark.test(tree.text(file)))).toEqual([])
})

test('links in the docs lead somewhere', () => {
  const pages = tree.files.filter((file) => file.endsWith('.md') && !file.startsWith('bench/'))
  const dead = pages.flatMap((page) =>
    deadLinks(tree, page, (target) => existsSync(path.join(root, target))).map((link) => `${page}: ${link}`),
  )
  expect(dead).toEqual([])
})

/** Files no test of their room imports, with the test that runs them all the same. */
const ranElsewhere: Readonly<Record<string, string>> = {}

test('every source file is reached by a test of its room', () => {
  const rooms = [
    'engine/contract',
    'engine/graph',
    'engine/ml',
    'engine/report',
    'engine/compute',
    'engine/store',
    'engine/run',
    'engine/host',
    'engine/cli',
    'engine/check',
    'electron',
    'scripts',
    'renderer',
  ]
  const untested = untestedFiles(tree, rooms).filter((file) => !ranElsewhere[file])
  expect(untested).toEqual([])
  for (const [file, by] of Object.entries(ranElsewhere))
    expect([existsSync(path.join(root, file)), existsSync(path.join(root, by))], file).toEqual([true, true])
})

const sample: SourceTree = {
  files: [
    'docs/a.md',
    'docs/b.md',
    'engine/ml/a.test.ts',
    'engine/ml/a.ts',
    'engine/ml/b.ts',
    'engine/ml/c.ts',
    'engine/ml/types.ts',
  ],
  text: (file) =>
    ({
      'docs/a.md': '[b](b.md#one-two) [here](#top) [dead](c.md) [gone](b.md#three) [out](https://example.org)\n# Top!',
      'docs/b.md': '## One two',
      'engine/ml/a.test.ts': "import { a } from './a.ts'",
      'engine/ml/a.ts': "import { b } from '#ml/b'\nexport const a = b",
      'engine/ml/b.ts': 'export function b() {}',
      'engine/ml/c.ts': 'export class C {}',
      'engine/ml/types.ts': 'export interface T {}\nexport type U = T',
    })[file]!,
}

test('these checks see what they look for', () => {
  expect(deadLinks(sample, 'docs/a.md', (target) => sample.files.includes(target))).toEqual(['c.md', 'b.md#three'])
  expect(untestedFiles(sample, ['engine/ml'])).toEqual(['engine/ml/c.ts'])
  expect(importsOf(sample, 'engine/ml/a.ts')).toEqual(['engine/ml/b.ts'])
})
