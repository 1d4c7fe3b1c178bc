import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { printDocument } from '#graph/print'
import { createJournal } from './journal.ts'
import { openPipeline, savePipeline } from './pipeline-files.ts'
import { type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
beforeEach(() => {
  project = testingProject()
})
afterEach(() => project.close())

const name = 'lines.plumb.json'
const before = testingDocument({ read: { type: 'read' } })
const after = { ...before, name: 'After' }
const childModule = fileURLToPath(new URL('./testing-kill-process.ts', import.meta.url))

/** Whether the child came to its end before it was killed at this call. */
function killedAt(call: number, act: 'save' | 'journal'): 'killed' | 'ended' {
  const { signal, status } = spawnSync(
    process.execPath,
    [childModule, project.folder, act, String(call), JSON.stringify(after)],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  expect(signal === 'SIGKILL' || status === 7).toBe(true)
  return signal === 'SIGKILL' ? 'killed' : 'ended'
}

test('killed at each call to the disk, a save leaves the old file or the new', () => {
  const file = path.join(project.folder, name)
  const seen: string[] = []
  for (let call = 1; ; call++) {
    savePipeline(project.folder, { path: name, document: before })
    if (killedAt(call, 'save') === 'ended') break
    const text = readFileSync(file, 'utf8')
    expect([printDocument(before), printDocument(after)]).toContain(text)
    expect(openPipeline(project.folder, [], name).problems).toEqual([])
    seen.push(text === printDocument(after) ? 'new' : 'old')
  }
  // made the folder, opened, wrote, synced, closed, renamed; then the folder: opened, synced, closed
  expect(seen).toEqual(['old', 'old', 'old', 'old', 'old', 'old', 'new', 'new', 'new'])
})

// the journal goes the same way: half the text written, all of it but not renamed, renamed
test.each([
  [3, 'Earlier'],
  [6, 'Earlier'],
  [7, 'After'],
])('killed at call %i, the journal holds the edits of "%s"', (call, expected) => {
  savePipeline(project.folder, { path: name, document: before })
  const journal = createJournal(project.folder, path.join(project.folder, '.plumbline'))
  journal.keep(name, { ...before, name: 'Earlier' }, before)
  expect(killedAt(call, 'journal')).toBe('killed')
  expect(journal.recover(name)!.document.name).toBe(expected)
})
