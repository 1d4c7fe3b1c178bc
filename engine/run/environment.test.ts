import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEnvironment, gitCommit } from './environment.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
let folder: string
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), text)
}
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the commit of a branch, packed or loose, and of a detached head', () => {
  write('.git/HEAD', 'ref: refs/heads/main\n')
  expect(gitCommit(folder)).toBeUndefined()
  write('.git/packed-refs', `# pack-refs\n${commit.replace('0', 'f')} refs/heads/other\n${commit} refs/heads/main\n`)
  expect(gitCommit(path.join(folder))).toBe(commit)
  write('.git/refs/heads/main', `${commit.replace('0', 'a')}\n`)
  expect(gitCommit(folder)).toBe(commit.replace('0', 'a'))
  write('.git/HEAD', `${commit}\n`)
  mkdirSync(path.join(folder, 'deep'))
  expect(gitCommit(path.join(folder, 'deep'))).toBe(commit)
})

test('the commit of a linked working tree', () => {
  write('main/.git/worktrees/side/HEAD', 'ref: refs/heads/side\n')
  write('main/.git/worktrees/side/commondir', '../..\n')
  write('main/.git/refs/heads/side', commit)
  write('side/.git', `gitdir: ${path.join(folder, 'main/.git/worktrees/side')}\n`)
  expect(gitCommit(path.join(folder, 'side'))).toBe(commit)
})

test('the environment names versions and machine, outside a repository no commit', () => {
  const described = describeEnvironment(folder)
  expect(described).toMatchObject({
    node: process.versions.node,
    commit: null,
    engine: expect.stringMatching(/^\d+\./),
  })
  expect(JSON.stringify(described)).not.toContain(folder)
})
