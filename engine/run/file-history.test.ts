import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { fileHistory } from './file-history.ts'
import { createJournal } from './journal.ts'
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

describe('a file that was moved outside', () => {
  const file = (at: string) => path.join(project, at)
  const write = (at: string, text: string) => {
    mkdirSync(path.dirname(file(at)), { recursive: true })
    writeFileSync(file(at), text)
  }
  const edits = (to: string) => ({ document, past: [renamed(to)], future: [] })
  const keptOf = async (at: string) => (await historyOf(project).history({ path: at })).edits?.past[0]?.changes[0]?.to

  it('keeps its undo, its named states and what was not saved, also when it was changed on the way', async () => {
    const history = historyOf(project)
    write('a.plumb.json', 'one')
    await history.keepEdits({ path: 'a.plumb.json', edits: edits('A') })
    const state = await history.nameState({ path: 'a.plumb.json', name: 'First', document })
    createJournal(project, file('.plumbline')).keep('a.plumb.json', { ...document, name: 'Unsaved' })
    mkdirSync(file('other'))
    renameSync(file('a.plumb.json'), file('other/b.plumb.json'))
    write('other/b.plumb.json', 'changed by an editor')
    expect(createJournal(project, file('.plumbline')).recover('other/b.plumb.json')!.document.name).toBe('Unsaved')
    expect(await keptOf('other/b.plumb.json')).toBe('A')
    expect((await historyOf(project).history({ path: file('other/b.plumb.json') })).states).toEqual([state])
    renameSync(file('other/b.plumb.json'), file('a.plumb.json'))
    expect(await keptOf('a.plumb.json')).toBe('A')
  })

  it('is known by its text where it came as a copy, if no other that is gone had the same', async () => {
    const history = historyOf(project)
    write('a.plumb.json', 'one')
    await history.keepEdits({ path: 'a.plumb.json', edits: edits('A') })
    write('copy.plumb.json', 'one')
    expect(await keptOf('copy.plumb.json')).toBeUndefined()
    rmSync(file('a.plumb.json'))
    write('else.plumb.json', 'two')
    expect(await keptOf('else.plumb.json')).toBeUndefined()
    expect(await keptOf('copy.plumb.json')).toBe('A')
    expect(await keptOf('a.plumb.json')).toBeUndefined()
  })

  it('never takes what belongs to another of equal text', async () => {
    const history = historyOf(project)
    for (const name of ['A', 'B']) {
      write(`${name}.plumb.json`, 'same')
      await history.keepEdits({ path: `${name}.plumb.json`, edits: edits(name) })
    }
    renameSync(file('B.plumb.json'), file('moved-b.plumb.json'))
    expect(await keptOf('moved-b.plumb.json')).toBe('B')
    expect(await keptOf('A.plumb.json')).toBe('A')
    renameSync(file('moved-b.plumb.json'), file('second.plumb.json'))
    renameSync(file('A.plumb.json'), file('first.plumb.json'))
    expect(await keptOf('second.plumb.json')).toBe('B')
    expect(await keptOf('first.plumb.json')).toBe('A')
    for (const at of ['first', 'second']) rmSync(file(`${at}.plumb.json`))
    write('third.plumb.json', 'same')
    const { edits: guessed } = await history.history({ path: 'third.plumb.json' })
    expect(guessed).toBeNull()
  })
})
