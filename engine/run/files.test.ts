import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnyNode } from '#contract'
import { printDocument } from '#graph/print'
import type { OpenEngine } from './engine.ts'
import { openPipeline } from './pipeline-files.ts'
import { findProject, initProject, readProject } from './projects.ts'
import { catalogue } from './testing-nodes.ts'
import { fullDocument, runToEnd, type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
const at = (...names: string[]) => path.join(project.folder, ...names)
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
})
afterEach(() => project.close())

const document = testingDocument({ read: { type: 'read' } })
const name = 'deep/lines.plumb.json'

test('a document is saved as text and opened again', async () => {
  const { revision } = await engine.saveFile({ path: name, document })
  expect(readFileSync(at(name), 'utf8')).toBe(printDocument(document))
  expect(await engine.openFile({ path: name })).toEqual({
    path: name,
    document,
    revision,
    problems: [],
    migrated: false,
  })
  expect((await engine.openFile({ path: at(name) })).path).toBe(name)
})

test('a save over a file that has changed since is refused', async () => {
  const { revision } = await engine.saveFile({ path: name, document })
  const other = { ...document, name: 'Other' }
  const next = await engine.saveFile({ path: name, document: other, revision })
  await expect(engine.saveFile({ path: name, document, revision })).rejects.toThrow('changed by another program')
  expect((await engine.openFile({ path: name })).document.name).toBe('Other')
  await engine.saveFile({ path: name, document, revision: next.revision })
})

test.each([
  ['../outside.plumb.json', 'not-supported'],
  ['notes.txt', 'file-format'],
])('nothing is written to %s', async (target, code) => {
  await expect(engine.saveFile({ path: target, document })).rejects.toMatchObject({ code })
  expect(existsSync(at(target))).toBe(false)
})

test('what can not be opened says why', async () => {
  writeFileSync(at('broken.plumb.json'), '{')
  await expect(engine.openFile({ path: 'broken.plumb.json' })).rejects.toMatchObject({ code: 'document-format' })
  await expect(engine.openFile({ path: 'absent.plumb.json' })).rejects.toMatchObject({ code: 'file-unreadable' })
  await expect(engine.openFile({ path: '../../etc/passwd' })).rejects.toMatchObject({ code: 'not-supported' })
})

test('a node that the catalogue does not have is kept to the byte', async () => {
  const params = { z: [1, { b: null, a: 'ü' }], a: 1e-7 }
  const strange = testingDocument({ read: { type: 'read' }, odd: { type: 'vanished', params } }, [
    'read.table odd.what',
  ])
  const text = printDocument(strange)
  writeFileSync(at('odd.plumb.json'), text)
  const opened = await engine.openFile({ path: 'odd.plumb.json' })
  await engine.saveFile({ path: 'odd.plumb.json', document: opened.document, revision: opened.revision })
  expect(readFileSync(at('odd.plumb.json'), 'utf8')).toBe(text)
})

test('a file of a newer format is opened to be looked at', async () => {
  writeFileSync(at('newer.plumb.json'), JSON.stringify({ ...document, format: 99, stages: [] }))
  const opened = await engine.openFile({ path: 'newer.plumb.json' })
  expect(opened).toMatchObject({ readOnly: true, document: { nodes: document.nodes } })
  expect(opened.problems[0]?.code).toBe('document-newer')
})

test('nodes are brought up to date with a report, the file as it was beside it', () => {
  const read = catalogue.find(({ type }) => type === 'test/read')!
  const newer = { ...read, version: 2, migrate: { 1: (old: object) => ({ ...old, path: 'two.txt' }) } } as AnyNode
  writeFileSync(at('old.plumb.json'), printDocument(document))
  const opened = openPipeline(project.folder, [newer], 'old.plumb.json')
  expect(opened.original).toEqual(document)
  expect(opened.document.nodes.read).toMatchObject({ version: 2, params: { path: 'two.txt' } })
  expect(opened.migrations).toEqual([{ node: 'read', type: 'test/read', from: 1, to: 2 }])
})

test('a new file is only written where there is none', async () => {
  const fresh = { path: 'fresh.plumb.json', document, revision: null }
  const { revision } = await engine.saveFile(fresh)
  expect(await engine.fileRevision({ path: fresh.path })).toBe(revision)
  await expect(engine.saveFile(fresh)).rejects.toThrow('changed by another program')
  expect(await engine.fileRevision({ path: 'nowhere.plumb.json' })).toBeNull()
})

test('unsaved edits are offered again until they are saved or given up', async () => {
  await engine.saveFile({ path: name, document })
  expect(await engine.recover({ path: name })).toBeNull()
  const edited = { ...document, name: 'Edited' }
  await engine.journal({ path: name, document: edited })
  await engine.close()
  engine = await project.open()
  expect(await engine.recover({ path: name })).toMatchObject({ document: edited })
  await engine.saveFile({ path: name, document: edited })
  expect(await engine.recover({ path: name })).toBeNull()
  await engine.journal({ path: name, document })
  await engine.journal({ path: name, document: null })
  expect(await engine.recover({ path: name })).toBeNull()
})

test('pipelines of the project are listed with their last run', async () => {
  await engine.saveFile({ path: name, document: fullDocument(project.folder) })
  await engine.saveFile({ path: 'other.plumb.json', document })
  writeFileSync(at('broken.plumb.json'), '{')
  const { summary } = await runToEnd(engine, { document: fullDocument(project.folder), file: at(name) })
  const listed = await engine.pipelines()
  expect(listed.map((one) => one.path)).toEqual([name, 'other.plumb.json'])
  expect(listed[0]).toMatchObject({ name: 'Lines', last: { id: summary.id, file: name } })
  expect(listed[1]!.last).toBeUndefined()
  expect(await engine.runs({ file: name })).toHaveLength(1)
  expect(await engine.runs({ file: 'other.plumb.json' })).toEqual([])
})

test('the file browser shows folders first, the wanted endings, and nothing outside project and home', async () => {
  mkdirSync(at('zoo'))
  for (const file of ['b.csv', 'a.CSV', 'c.txt', '.hidden.csv']) writeFileSync(at(file), '1')
  const listing = await engine.files({ folder: '', extensions: ['csv'] })
  expect(listing).toMatchObject({ folder: '.', parent: null })
  expect(listing.entries.map((entry) => entry.name)).toEqual(['zoo', 'a.CSV', 'b.csv'])
  expect(await engine.files({ folder: 'zoo' })).toMatchObject({ folder: 'zoo', parent: '.', entries: [] })
  expect((await engine.files({ folder: '~' })).folder).toBe(homedir())
  for (const folder of ['/', '/etc', 'absent'])
    await expect(engine.files({ folder })).rejects.toMatchObject({ code: 'not-found' })
})

test('a dropped file is kept under its name, once for the same content, never over another', async () => {
  const drop = (file: string, text: string) => engine.upload({ name: file, bytes: Buffer.from(text) })
  expect(await drop('loans.csv', 'a')).toEqual({ path: 'data/loans.csv' })
  expect(await drop('loans.csv', 'a')).toEqual({ path: 'data/loans.csv' })
  expect(await drop('loans.csv', 'b')).toEqual({ path: 'data/loans-2.csv' })
  expect(await drop('../../etc/evil.csv', 'c')).toEqual({ path: 'data/evil.csv' })
  expect(await drop('..', 'd')).toEqual({ path: 'data/file' })
  expect(readFileSync(at('data/loans.csv'), 'utf8')).toBe('a')
})

test('a project is the nearest folder above with a project file, else the own folder', () => {
  expect(initProject(at('loans'))).toEqual(['plumbline.json', '.gitignore'])
  expect(initProject(at('loans'))).toEqual([])
  expect(readProject(at('loans'))).toEqual({ format: 1, name: 'loans', profiles: {}, reviewers: [] })
  expect(findProject(at('loans', 'deep', 'deeper', 'x.plumb.json'))).toBe(at('loans'))
  expect(findProject(at('loans'), true)).toBe(at('loans'))
  expect(findProject(at('else', 'x.plumb.json'))).toBe(at('else'))
  writeFileSync(at('loans', 'plumbline.json'), '{ "name": 3 }')
  expect(() => readProject(at('loans'))).toThrow('can not be read')
})

test('the engine says who it is', async () => {
  expect(await engine.info()).toMatchObject({
    version: '0.1.0',
    project: project.folder,
    threads: 2,
    projectName: path.basename(project.folder),
  })
  expect((await engine.catalogue()).map((card) => card.type)).toContain('test/read')
})
