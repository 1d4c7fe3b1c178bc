import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { conformance } from '#check/conformance'
import type { AnyNode } from '#contract'
import { catalogue } from '#nodes'
import { newNodeFiles } from './new-node.ts'

const root = path.resolve(import.meta.dirname, '..')
const type = 'prepare/first-rows'

/** A copy of the rooms a node may import, with the new node in it. */
const copy = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-new-node-')))
const files = [
  'package.json',
  'biome.json',
  'tsconfig.base.json',
  'nodes/tsconfig.json',
  'engine/contract',
  'engine/ml/frame.ts',
  'engine/ml/tsconfig.json',
  'engine/report/tsconfig.json',
  'engine/report/escape.ts',
]
for (const file of files) cpSync(path.join(root, file), path.join(copy, file), { recursive: true })
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction')
const folder = path.join(copy, 'nodes', type)
mkdirSync(folder, { recursive: true })
for (const [name, source] of newNodeFiles(type)) writeFileSync(path.join(folder, name), source)
const golden = process.env.PLUMBLINE_UPDATE_GOLDEN
process.env.PLUMBLINE_UPDATE_GOLDEN = '1'
afterAll(() => {
  rmSync(copy, { recursive: true, force: true })
  if (golden === undefined) delete process.env.PLUMBLINE_UPDATE_GOLDEN
})

const tool = (...words: string[]) => {
  const result = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' })
  return result.status === 0 ? '' : result.stdout + result.stderr
}

test('a new node passes types and lint as it is', () => {
  expect(tool(path.join(root, 'node_modules/typescript/bin/tsc'), '-b', 'nodes', '--pretty', 'false')).toBe('')
  expect(tool(path.join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--vcs-enabled=false', 'nodes')).toBe(
    '',
  )
})

const { default: node } = (await import(pathToFileURL(path.join(folder, 'node.ts')).href)) as {
  readonly default: AnyNode
}
conformance([node], [...catalogue, node], copy)
