import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import { describeNode } from '#graph/describe-node'
import { packNodes } from '#graph/groups/pack-nodes'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { catalogue } from '#nodes'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-groups-test-')))
  const plain = parseDocument(
    JSON.stringify({
      format: 1,
      name: 'Test',
      nodes: {
        rows: { type: 'data/example', version: 1, params: { rows: 200 } },
        split: { type: 'data/split', version: 1, params: {} },
        model: { type: 'train/linear', version: 1, params: {} },
      },
      edges: [
        { from: 'rows.table', to: 'split.table' },
        { from: 'split.table', to: 'model.table' },
      ],
      inputs: { penalty: 'model.penalty' },
    }),
  ).document!
  const cards = new Map(catalogue.map((node) => [node.type as string, describeNode(node)]))
  const answer = packNodes(plain, new Set(['split', 'model']), 'Learn', cards)
  if ('code' in answer) throw new Error(answer.message)
  write('plain', plain)
  write('packed', answer.document)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, document: PipelineDocument) =>
  writeFileSync(path.join(folder, `${name}.plumb.json`), printDocument(document))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}

test('a grouped pipeline is checked, and its nodes are named with their group', async () => {
  expect((await plumbline('validate', 'packed.plumb.json')).out).toContain('no problems')
  const wrong = await plumbline('validate', 'packed.plumb.json', '--set', 'penalty=-1')
  expect(wrong.out).toContain('Learn › ')
  expect(wrong.out).toContain('learn--model')
})

test('diff says that grouping changes nothing that is computed', async () => {
  const { code, out } = await plumbline('diff', 'plain.plumb.json', 'packed.plumb.json')
  expect(out).toContain('They compute the same')
  expect(code).toBe(0)
})

test('diff names the parameter of a node in a group', async () => {
  const { document } = parseDocument(readFileSync(path.join(folder, 'packed.plumb.json'), 'utf8'))
  document!.groups!.learn!.nodes.model!.params = { penalty: 4 }
  write('changed', document!)
  const { code, out } = await plumbline('diff', 'packed.plumb.json', 'changed.plumb.json')
  expect(out).toMatch(/model\.penalty\s+\S+\s+→\s+4/)
  expect(out).not.toContain('groups')
  expect(code).toBe(1)
})

test('runs to a group, takes settings of what it shows, and finds what ran ungrouped in the cache', async () => {
  await plumbline('run', 'plain.plumb.json')
  const { code, out } = await plumbline('run', 'packed.plumb.json', '--to', 'learn')
  expect(out).toMatch(/3 came from the cache/)
  expect(code).toBe(0)
  const set = await plumbline('run', 'packed.plumb.json', '--set', 'learn.penalty=2')
  expect(set.out).toMatch(/1 node ran, 2 came from the cache/)
  expect((await plumbline('why', 'packed.plumb.json', 'learn')).out).toContain('is up to date')
  const why = await plumbline('why', 'packed.plumb.json', 'learn--model', '--set', 'penalty=3')
  expect(why.out).toContain('penalty 2 → 3')
  expect((await plumbline('why', 'packed.plumb.json', 'learn--modle')).error).toContain('Name the node "learn--model"')
})
