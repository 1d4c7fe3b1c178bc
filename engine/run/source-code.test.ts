import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '#store/database'
import { createSourceCode } from './source-code.ts'

let folder: string
let db: Database
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), text)
}
const print = (type = 'family/one', root = folder) =>
  createSourceCode(db, pathToFileURL(path.join(root, 'nodes', 'catalogue.ts')).href).of(type)

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
  db = openDatabase(path.join(folder, 'lineage.sqlite'))
  write('package.json', '{ "imports": { "#far/*": "./far/*.ts" } }')
  write('nodes/catalogue.ts', '')
  write(
    'nodes/family/one/node.ts',
    "import { far } from '#far/away'\nimport type { T } from './types.ts'\nimport 'tool'",
  )
  write('nodes/family/one/types.ts', 'export type T = 1')
  write('nodes/family/two/node.ts', '')
  write('far/away.ts', "export * from './deeper.ts'")
  write('far/deeper.ts', 'export const deep = 1')
  write('node_modules/tool/package.json', '{ "version": "1.2.3" }')
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a change of any file a node reaches changes its print, and no other', () => {
  const [one, two] = [print(), print('family/two')]
  write('far/deeper.ts', 'export const deep = 2')
  expect(print().hash).not.toBe(one.hash)
  expect(print('family/two').hash).toBe(two.hash)
  write('far/deeper.ts', 'export const deep = 1')
  expect(print().hash).toBe(one.hash)
})

test('what only types come from does not count', () => {
  const before = print().hash
  write('nodes/family/one/types.ts', 'export type T = 2')
  expect(print().hash).toBe(before)
})

test('the print is the same in another folder, and knows the packages with their versions', () => {
  const other = path.join(folder, 'elsewhere')
  for (const part of ['package.json', 'nodes', 'far', 'node_modules'])
    cpSync(path.join(folder, part), path.join(other, part), { recursive: true })
  expect(print('family/one', other)).toEqual(print())
  expect(print().packages).toMatchObject({ tool: '1.2.3', 'onnxruntime-node': expect.stringMatching(/^\d/) })
})

test('what every step runs with belongs to every print', () => {
  const code = createSourceCode(db, pathToFileURL(path.join(folder, 'nodes', 'catalogue.ts')).href)
  expect(code.base.packages).toHaveProperty('@duckdb/node-api')
  expect(code.stamp(['family/one', 'family/two'])).not.toBe(code.stamp(['family/one']))
})
