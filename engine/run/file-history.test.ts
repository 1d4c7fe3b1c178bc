import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileHistory } from './file-history.ts'
import { testingDocument } from './testing-project.ts'

let project = ''
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'plumbline-history-'))
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

const name = 'deep/lines.plumb.json'
const document = testingDocument({ read: { type: 'read' } })
const historyOf = (folder: string) => fileHistory(folder, path.join(folder, '.plumbline'))
const renamed = (to: string) => ({ label: 'Rename', at: 1, changes: [{ path: ['name'], from: 'Lines', to }] })

test('edits and named states are kept beside the file and come along when the project is moved', async () => {
  const history = historyOf(project)
  expect(await history.history({ path: name })).toEqual({ edits: null, states: [] })
  const edits = { document, past: [renamed('A')], future: [renamed('B')] }
  await history.keepEdits({ path: name, edits })
  const first = await history.nameState({ path: name, name: 'First', document })
  const second = await history.nameState({ path: name, name: 'Second', document })
  const moved = mkdtempSync(path.join(tmpdir(), 'plumbline-moved-'))
  cpSync(project, moved, { recursive: true })
  const there = await historyOf(moved).history({ path: path.join(moved, name) })
  rmSync(moved, { recursive: true })
  expect(there.edits).toEqual(edits)
  expect(new Set(there.states)).toEqual(new Set([first, second]))
  await history.forgetState({ path: name, id: first.id })
  expect((await history.history({ path: name })).states).toEqual([second])
  expect((await history.history({ path: 'other.plumb.json' })).states).toEqual([])
})

test('what has no room is forgotten from the oldest on; what is damaged counts as nothing', async () => {
  const history = historyOf(project)
  const past = Array.from({ length: 12 }, (_, at) => renamed(String(at).padEnd(500_000, 'x')))
  await history.keepEdits({ path: name, edits: { document, past, future: [] } })
  const { edits } = await history.history({ path: name })
  expect(edits!.past.length).toBeGreaterThan(4)
  expect(edits!.past).toEqual(past.slice(-edits!.past.length))
  const [folder] = readdirSync(path.join(project, '.plumbline/history'))
  writeFileSync(path.join(project, '.plumbline/history', folder!, 'edits.json'), '{"document":')
  expect((await history.history({ path: name })).edits).toBeNull()
})

test('a named state is asked for by its own id only', async () => {
  await expect(historyOf(project).forgetState({ path: name, id: '../../edits' })).rejects.toMatchObject({
    code: 'not-found',
  })
})
