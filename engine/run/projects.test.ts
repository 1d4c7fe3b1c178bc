import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { projectPath } from './project-paths.ts'
import { findProject } from './projects.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-project-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(path.join(folder, 'project', 'deep', 'er'), { recursive: true })
writeFileSync(path.join(folder, 'project', 'plumbline.json'), '{}')
const file = path.join(folder, 'project', 'deep', 'er', 'a.plumb.json')

test('a file belongs to the nearest folder above it with a plumbline.json', () => {
  expect(findProject(file)).toBe(path.join(folder, 'project'))
  expect(findProject(path.join(folder, 'project', 'a.plumb.json'))).toBe(path.join(folder, 'project'))
  writeFileSync(path.join(folder, 'project', 'deep', 'plumbline.json'), '{}')
  expect(findProject(file)).toBe(path.join(folder, 'project', 'deep'))
})

test('a file without a project belongs to its own folder', () => {
  expect(findProject(path.join(folder, 'a.plumb.json'))).toBe(folder)
})

test('a file inside the project is named with forward slashes, one outside in full', () => {
  expect(projectPath(path.join(folder, 'project'), file)).toBe('deep/er/a.plumb.json')
  expect(projectPath(path.join(folder, 'project'), path.join(folder, 'a.plumb.json'))).toBe(
    path.join(folder, 'a.plumb.json'),
  )
})
