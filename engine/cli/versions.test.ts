import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-versions-')))
  write('base.plumb.json', document(1, 0))
  write('ours.plumb.json', document(2, 0))
  write('theirs.plumb.json', document(1, 5))
  write('other.plumb.json', document(3, 5))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}
const document = (penalty: number, folds: number): PipelineDocument => ({
  format: 1,
  name: 'Loans',
  description: '',
  seed: 1,
  nodes: {
    rows: { type: 'data/example', version: 1, params: { rows: 200 } },
    model: { type: 'train/linear', version: 1, params: { penalty, folds } },
  },
  edges: [{ from: 'rows.table', to: 'model.table' }],
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
})
const write = (name: string, of: PipelineDocument) => writeFileSync(path.join(folder, name), printDocument(of))
const read = (name: string) => parseDocument(readFileSync(path.join(folder, name), 'utf8')).document

describe('diff', () => {
  test('names the parameter that changed, and the figures of the runs of both', async () => {
    expect((await plumbline('diff', 'base.plumb.json', 'base.plumb.json')).code).toBe(0)
    const before = await plumbline('diff', 'base.plumb.json', 'ours.plumb.json')
    expect(before.code).toBe(1)
    expect(before.out).toMatch(/model\.penalty\s+1\s+→\s+2/)
    expect(before.out).not.toMatch(/Figures/)
    for (const file of ['base.plumb.json', 'ours.plumb.json']) await plumbline('run', file)
    const after = await plumbline('diff', 'base.plumb.json', 'ours.plumb.json')
    expect(after.out).toMatch(/Figures of the newest runs/)
    expect(after.out).toMatch(/Log loss on the training rows/)
  })
})

describe('merge', () => {
  test('takes what each side changed', async () => {
    const { code } = await plumbline(
      'merge',
      'base.plumb.json',
      'ours.plumb.json',
      'theirs.plumb.json',
      '--output',
      'merged.plumb.json',
    )
    expect(code).toBe(0)
    expect(read('merged.plumb.json')).toEqual(document(2, 5))
  })

  test('keeps ours where both changed the same, lists it and exits with 1', async () => {
    const words = ['merge', 'base.plumb.json', 'ours.plumb.json', 'other.plumb.json', '--output', 'merged.plumb.json']
    const { code, error } = await plumbline(...words)
    expect(code).toBe(1)
    expect(error).toMatch(/nodes\/model\/params\/penalty\s+ours 2, theirs 3/)
    expect(read('merged.plumb.json')).toEqual(document(2, 5))
  })

  test('works as git’s merge driver', { timeout: 60_000 }, () => {
    const repository = mkdtempSync(path.join(os.tmpdir(), 'plumbline-git-'))
    const bin = path.resolve(import.meta.dirname, '..', '..', 'bin', 'plumbline.mjs')
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words], {
        cwd: repository,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    const commit = (of: PipelineDocument, message: string) => {
      writeFileSync(path.join(repository, 'loans.plumb.json'), printDocument(of))
      git('add', '-A')
      git('commit', '-qm', message)
    }
    try {
      git('init', '-q', '-b', 'main')
      git('config', 'merge.plumbline.driver', `"${process.execPath}" "${bin}" merge %O %A %B`)
      writeFileSync(path.join(repository, '.gitattributes'), '*.plumb.json merge=plumbline\n')
      commit(document(1, 0), 'base')
      git('checkout', '-qb', 'theirs')
      commit(document(1, 5), 'theirs')
      git('checkout', '-q', 'main')
      commit(document(2, 0), 'ours')
      git('merge', '-q', '--no-edit', 'theirs')
      const merged = readFileSync(path.join(repository, 'loans.plumb.json'), 'utf8')
      expect(merged).toBe(printDocument(document(2, 5)))
    } finally {
      rmSync(repository, { recursive: true, force: true })
    }
  })
})

test('a workflow of Orange becomes a pipeline file beside it, once', async () => {
  const workflow = `<scheme version="2.0" title="Iris"><nodes>
    <node id="0" title="File" qualified_name="Orange.widgets.data.owfile.OWFile" position="(0, 0)"/>
    <node id="1" title="Tree" qualified_name="Orange.widgets.model.owtree.OWTreeLearner" position="(100, 0)"/></nodes>
    <links><link source_node_id="0" sink_node_id="1" source_channel="Data" sink_channel="Data" enabled="true"/></links></scheme>`
  writeFileSync(path.join(folder, 'iris.ows'), workflow)
  const made = await plumbline('import', 'iris.ows')
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/Tree +train\/tree/) })
  const { document: read } = parseDocument(readFileSync(path.join(folder, 'iris.plumb.json'), 'utf8'))
  expect(read?.edges).toEqual([{ from: 'file.table', to: 'tree.table' }])
  expect(await plumbline('import', 'iris.ows')).toMatchObject({ code: 2, error: expect.stringContaining('--output') })
  const refused = await plumbline('import', 'base.plumb.json', '--output', 'new.plumb.json')
  expect(refused).toMatchObject({ code: 2, error: expect.stringContaining('not a workflow of Orange') })
})
