import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import { createEngine } from '#run/engine'
import { catalogue } from './testing-search-catalogue.ts'

const catalogueUrl = new URL('./testing-search-catalogue.ts', import.meta.url).href
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function project(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-killed-'))
  folders.push(folder)
  return folder
}

const document: PipelineDocument = {
  format: 1,
  name: 'A search',
  description: '',
  seed: 3,
  nodes: {
    loans: { type: 'data/example', version: 1, params: { set: 'loans', rows: 600 } },
    split: { type: 'data/split', version: 1, params: {} },
    tune: { type: 'train/tune', version: 1, params: { trials: 24, judgeBy: 'folds', folds: 3 } },
  },
  edges: [
    { from: 'loans.table', to: 'split.table' },
    { from: 'split.table', to: 'tune.table' },
  ],
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
}

/** Runs it in a process of its own, which is killed once so many trials are done. */
async function killAfter(trials: number, folder: string): Promise<void> {
  const file = path.join(folder, 'search.plumb.json')
  writeFileSync(file, JSON.stringify(document))
  const module = fileURLToPath(new URL('./testing-search-process.ts', import.meta.url))
  const child = fork(module, [folder, file, catalogueUrl], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  child.on('message', (note) => {
    if (trialOf(String(note)) >= trials) child.kill('SIGKILL')
  })
  await ended
}

const trialOf = (note: string): number => Number(/^trial (\d+)/.exec(note)?.[1] ?? 0)

async function finish(folder: string) {
  const engine = await createEngine({ project: folder, catalogue, catalogueUrl, threads: 2 })
  const trials: number[] = []
  engine.subscribe((event) => {
    if (event.type === 'progress' && event.note && trialOf(event.note) > 0) trials.push(trialOf(event.note))
  })
  const { id } = await engine.run({ document })
  const { status } = await engine.idle(id)
  const { steps } = await engine.runDetail({ run: id })
  await engine.close()
  const outputs = steps.find(({ node }) => node === 'tune')!.outputs
  const problems = steps.flatMap((step) => step.problems)
  return { status, problems, trials, hashes: [outputs.model?.hash, outputs.trials?.hash] }
}

test('a search whose process is killed in the middle goes on where it was, and ends as it would have', {
  timeout: 120_000,
}, async () => {
  const undisturbed = await finish(project())
  expect(undisturbed).toMatchObject({ status: 'done', problems: [] })
  const folder = project()
  await killAfter(7, folder)
  const { status, problems, trials, hashes } = await finish(folder)
  expect({ status, problems }).toEqual({ status: 'done', problems: [] })
  expect(trials[0]).toBeGreaterThan(7)
  expect(hashes).toEqual(undisturbed.hashes)
})
