import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a folder is made with those above it, and may be there already', () => {
  const deep = path.join(folder, 'a', 'b ü')
  makeFolder(deep)
  makeFolder(deep)
  expect(existsSync(deep)).toBe(true)
})

test.each(['taken', path.join('taken', 'below')])('a file in the way is said (%s)', (name) => {
  writeFileSync(path.join(folder, 'taken'), '')
  expect(() => makeFolder(path.join(folder, name))).toThrow(/taken.* is in the way\.$/)
})
