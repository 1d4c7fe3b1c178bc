import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SweepDetail } from '#contract'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

const document = {
  format: 1,
  name: 'Loans',
  nodes: {
    rows: { type: 'data/example', version: 1, params: { rows: 400 } },
    split: { type: 'data/split', version: 1, params: {} },
    model: { type: 'train/linear', version: 1, params: {} },
    judge: { type: 'assess/evaluate', version: 1, params: {} },
  },
  edges: [
    { from: 'rows.table', to: 'split.table' },
    { from: 'split.table', to: 'model.table' },
    { from: 'split.table', to: 'judge.table' },
    { from: 'model.model', to: 'judge.model' },
  ],
}

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-sweep-test-')))
  writeFileSync(path.join(folder, 'loans.plumb.json'), JSON.stringify(document))
  writeFileSync(path.join(folder, 'plumbline.json'), '{"name":"Loans"}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}

test('a grid over a real pipeline: a table with the best first, JSON on request, listed and shown again', async () => {
  const words = ['--set', 'model.penalty=0.001..10:log:points=3', '--metric', 'judge.roc_auc']
  const { code, out, error } = await plumbline('sweep', 'loans.plumb.json', ...words)
  expect(error).toMatch(/judged by the test rows.*--set judge\.rows=validation/)
  expect(out).toMatch(/Best: trial \d/)
  expect(code).toBe(0)
  const again = await plumbline('sweep', 'loans.plumb.json', ...words, '--set', 'judge.rows=validation', '--json')
  expect(again.error).toBe('')
  const detail = JSON.parse(again.out) as SweepDetail
  expect(detail.trials.map(({ settings }) => settings['model.penalty'])).toEqual([0.001, 0.1, 10])
  const values = detail.trials.map(({ estimate }) => estimate!.value!)
  expect(new Set(values).size).toBeGreaterThan(1)
  expect(detail.best!.estimate!.value).toBe(Math.max(...values))
  expect((await plumbline('sweep')).out).toContain(detail.id)
  expect((await plumbline('sweep', '--show', detail.id)).out).toContain(`Sweep ${detail.id}: done, 3 of 3 trials.`)
})

test('a parameter inside a group that it does not show is searched by group/node.parameter', async () => {
  const { groups, nodes, edges } = {
    groups: {
      learner: {
        title: 'Learner',
        version: 1,
        nodes: {
          table: { type: 'input/table', version: 1, params: {} },
          linear: { type: 'train/linear', version: 1, params: {} },
          model: { type: 'output/model', version: 1, params: {} },
        },
        edges: [
          { from: 'table.value', to: 'linear.table' },
          { from: 'linear.model', to: 'model.value' },
        ],
      },
    },
    nodes: { ...document.nodes, model: { type: 'group/learner', version: 1, params: {} } },
    edges: document.edges,
  }
  writeFileSync(path.join(folder, 'grouped.plumb.json'), JSON.stringify({ ...document, groups, nodes, edges }))
  const words = [
    '--set',
    'model/linear.penalty=0.001,10',
    '--set',
    'judge.rows=validation',
    '--metric',
    'judge.roc_auc',
  ]
  const { code, out, error } = await plumbline('sweep', 'grouped.plumb.json', ...words, '--json')
  expect([code, error]).toEqual([0, ''])
  const { trials } = JSON.parse(out) as SweepDetail
  expect(trials.map(({ settings }) => settings['model--linear.penalty'])).toEqual([0.001, 10])
  const plain = ['--set', 'model.penalty=0.001,10', '--set', 'judge.rows=validation', '--metric', 'judge.roc_auc']
  const { trials: same } = JSON.parse(
    (await plumbline('sweep', 'loans.plumb.json', ...plain, '--json')).out,
  ) as SweepDetail
  expect(trials.map(({ estimate }) => estimate)).toEqual(same.map(({ estimate }) => estimate))
})

test('what is missing or unknown is said with its cure', async () => {
  const ask = (...words: string[]) => plumbline('sweep', 'loans.plumb.json', ...words)
  expect(await ask('--set', 'model.penalty=1,2')).toMatchObject({
    code: 2,
    error: expect.stringMatching(/needs a figure/),
  })
  expect((await ask('--metric', 'judge.auc', '--set', 'model.penaltx=1,2')).error).toMatch(/"model.penalty"/)
  expect((await ask('--metric', 'judge.auc', '--strategy', 'luck')).error).toMatch(/no strategy "luck"/)
  expect((await plumbline('sweep', '--show', 'gone')).error).toMatch(/no sweep "gone"/)
})
