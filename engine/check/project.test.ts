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

/** Rooms whose files other rooms' tests run too: the store in the engine, kernels and learners in compute and nodes. */
const testers: Readonly<Record<string, readonly string[]>> = {
  'engine/contract': ['engine/host'],
  'engine/graph': [],
  'engine/ml': ['engine/compute', 'nodes', 'bench'],
  'engine/report': [],
  'engine/compute': ['engine/run', 'nodes'],
  'engine/store': ['engine/run'],
  'engine/run': [],
  'engine/host': ['tests'],
  'engine/cli': [],
  'engine/check': ['scripts', 'engine/cli'],
  electron: ['tests'],
  scripts: ['tests'],
  renderer: [],
}

/** What the window tests open in a browser. */
const windowRoots = ['renderer/main.tsx']

/** Files that tests run without importing them, each with the reason. */
const ranElsewhere: Readonly<Record<string, string>> = {
  'engine/run/custom/custom-catalogue.ts':
    'imported by the processes that engine/run/custom/custom-nodes.test.ts starts',
  'engine/run/custom/fence.ts': 'as custom-catalogue.ts',
  'engine/run/custom/no-natives.ts': 'as custom-catalogue.ts',
  'scripts/after-pack.mjs': 'run by electron-builder in tests/packaging.test.ts',
  'scripts/build-kernels.mjs': 'compiles the kernels that engine/compute commits and tests',
  'scripts/node-forms.mjs': 'started by build.mjs in tests/program.test.ts',
  'scripts/open.mjs': 'started by start.mjs in tests/setup.test.ts',
  'scripts/start.mjs': 'started by tests/setup.test.ts',
  'scripts/test-steps.mjs': 'runs these tests',
  'scripts/test.mjs': 'runs these tests',
  'scripts/tool.mjs': 'runs these tests',
  'scripts/tour.ts': 'runs tests/window/loan-example.spec.ts once more',
}

test.each(Object.entries(testers))('tests reach every source file of %s', (room, others) => {
  const untested = untestedFiles(tree, room, others, windowRoots)
  const compiled = (file: string) => /\/assembly\//.test(file)
  expect(untested.filter((file) => !ranElsewhere[file] && !compiled(file))).toEqual([])
})

test('files that are said to run elsewhere exist', () => {
  expect(Object.keys(ranElsewhere).filter((file) => !tree.files.includes(file))).toEqual([])
})

test('every node has its test, its example and its golden file', () => {
  const folders = tree.files
    .filter((file) => /^nodes\/[^/]+\/[^/]+\/node\.ts$/.test(file))
    .map((file) => path.posix.dirname(file))
  const parts = ['node.test.ts', 'example.plumb.json', 'golden.json']
  const missing = folders.flatMap((folder) => parts.map((part) => `${folder}/${part}`))
  expect(missing.filter((file) => !existsSync(path.join(root, file)))).toEqual([])
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
  expect(untestedFiles(sample, 'engine/ml')).toEqual(['engine/ml/c.ts'])
  expect(importsOf(sample, 'engine/ml/a.ts')).toEqual(['engine/ml/b.ts'])
})
