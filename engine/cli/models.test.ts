import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '#nodes'
import { type TestingRegistry, testingRegistry } from '#serve/testing-registry'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let registry: TestingRegistry
beforeAll(async () => {
  registry = await testingRegistry(catalogue)
  await registry.deploy(1, { rule: 'debt_ratio <= 0.3' })
  await registry.deploy(2)
}, 60_000)
afterAll(() => registry?.close())

async function plumbline(...words: string[]) {
  const io = testingIo(registry.project)
  const code = await main(words, io)
  return { code, ...io.written }
}

test('models lists, shows, promotes and says what there is not', async () => {
  expect(await plumbline('models')).toMatchObject({
    code: 0,
    out: 'loans  2 versions  version 2 in production  not served now\n',
  })
  expect((await plumbline('models', 'list')).out).toContain('version 2 in production')
  const shown = await plumbline('models', 'show', 'loans')
  expect(shown.out).toMatch(/^v2 {2}production {4,}run /m)
  expect(shown.out).toContain('Version 2 deployed by run')
  expect(JSON.parse((await plumbline('models', 'show', 'loans', '--json')).out)).toMatchObject({ rollbackTo: 1 })
  expect(await plumbline('models', 'show', 'lones')).toMatchObject({ code: 2 })
  expect((await plumbline('models', 'show', 'lones')).error).toContain('Name one of loans')
  expect(await plumbline('models', 'promote', 'loans', '1', '--stage', 'acceptance')).toMatchObject({
    code: 0,
    out: 'loans version 1 is in acceptance.\n',
  })
  expect(await plumbline('models', 'promote', 'loans', '7')).toMatchObject({ code: 2 })
  expect(await plumbline('models', 'promote', 'loans', 'one')).toMatchObject({ code: 2 })
  expect(await plumbline('models', 'promote', 'loans', '1', '--stage', 'nowhere')).toMatchObject({ code: 2 })
})

test('the model card of a version is saved as one page; a place that is not there is told', async () => {
  const file = path.join(registry.project, 'card.html')
  expect(await plumbline('models', 'card', 'loans@1', '--html', file)).toMatchObject({
    code: 0,
    out: `Saved ${file}\n`,
  })
  const page = readFileSync(file, 'utf8')
  for (const words of ['Model card: loans', 'Where it comes from', 'default-src']) expect(page).toContain(words)
  expect(page).not.toContain('<script')
  expect((await plumbline('models', 'card', 'loans')).out).toContain('model-card-loans-v2.html')
  expect((await plumbline('models', 'card', 'lones')).error).toContain('It has loans')
  const nowhere = await plumbline('models', 'card', 'loans', '--html', path.join(registry.project, 'no', 'card.html'))
  expect(nowhere).toMatchObject({ code: 2, error: expect.stringContaining('Name a file in a folder that exists') })
})

test('a project without a run is told', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-none-'))
  writeFileSync(path.join(folder, 'plumbline.json'), '{"format":1,"name":"None"}')
  const io = testingIo(folder)
  expect(await main(['models'], io)).toBe(2)
  expect(io.written.error).toContain('Nothing has run in this project yet')
  rmSync(folder, { recursive: true, force: true })
})

test('serve answers until it is interrupted, and follows a rollback', { timeout: 30_000 }, async () => {
  const io = testingIo(registry.project)
  const ended = main(['serve', 'loans', '--port', '0'], io)
  while (!io.written.out.includes('answers at')) await pause(20)
  const [, address] = /loans version 2 answers at (\S+)/.exec(io.written.out)!
  expect((await plumbline('models')).out).toContain(`version 2 at ${address}`)
  expect(await plumbline('models', 'rollback', 'loans')).toMatchObject({
    code: 0,
    out: `loans version 1 is in production again, version 2 is not.\nIt answers at ${address}\n`,
  })
  const metadata = await fetch(`${address}/v2/models/loans`)
  expect(await metadata.json()).toMatchObject({ versions: ['1'] })
  expect(await plumbline('models', 'rollback', 'loans')).toMatchObject({ code: 2 })
  io.interrupt()
  expect(await ended).toBe(0)
  expect(io.written.out).toMatch(/Version 1 answers now\.\nStopped; no request was cut off\.\n$/)
})

test('serve refuses a port that is none and a model that is not there', async () => {
  expect(await plumbline('serve', 'loans', '--port', 'x')).toMatchObject({ code: 2 })
  expect((await plumbline('serve', 'loans@champion')).error).toContain('No version of loans is "champion"')
})

test('rollouts are started, shown, steered and ended; outcomes are imported', { timeout: 30_000 }, async () => {
  expect((await plumbline('rollout')).out).toContain('No version was rolled out yet')
  expect((await plumbline('rollout', 'show', 'loans')).error).toContain('was rolled out')
  const start = ['rollout', 'start', 'loans', '2', '--strategy']
  expect(await plumbline(...start, 'a-b', '--set', 'challengerShare=30', '--set', 'key=person')).toMatchObject({
    code: 0,
    out: 'loans version 2 is rolled out: a-b.\n',
  })
  expect((await plumbline('rollout', 'list')).out).toMatch(/^loans {2}a-b {2}v2 beside v1 {2}running, 30 %/)
  for (const [words, said] of [
    [[...start, 'sideways'], 'There is no strategy "sideways"'],
    [[...start, 'canary', '--set', 'stepz=1'], '"stepz=1" is no setting'],
    [[...start, 'canary', '--set', 'alpha=7'], 'The setting alpha has a value that is not allowed'],
    [['rollout', 'start', 'loans', 'two'], '"two" is no version'],
    [['rollout', 'promote', 'loans', '--version', 'two'], '"two" is no version'],
    [[...start, 'canary'], 'A rollout of loans is under way: a-b of version 2'],
    [['rollout', 'abort', 'homes'], 'No rollout of homes is under way'],
  ] as const) {
    const { code, error } = await plumbline(...words)
    expect([code, error]).toEqual([2, expect.stringContaining(said)])
  }
  const io = testingIo(registry.project)
  const ended = main(['serve', 'loans', '--port', '0'], io)
  while (!io.written.out.includes('answers at')) await pause(20)
  const [, address] = /answers at (\S+)/.exec(io.written.out)!
  const answer = await fetch(`${address}/v1/predict`, {
    method: 'POST',
    body: JSON.stringify({ rows: [await exampleRow()] }),
  })
  const { request } = (await answer.json()) as { request: string }
  io.interrupt()
  await ended
  const file = path.join(registry.project, 'outcomes.jsonl')
  writeFileSync(file, `{"request": "${request}", "outcome": "yes"}\n{"request": "none", "row": 2, "outcome": "no"}\n`)
  const imported = await plumbline('outcomes', 'import', 'outcomes.jsonl')
  expect(imported.out).toBe('1 kept, 0 known before, 1 of requests that the log does not have.\n')
  writeFileSync(file, JSON.stringify({ outcomes: [{ request, row: 0, outcome: 'no' }] }))
  expect((await plumbline('outcomes', 'import', 'outcomes.jsonl')).out).toMatch(/^0 kept, 1 known/)
  writeFileSync(file, 'yes')
  expect(await plumbline('outcomes', 'import', 'outcomes.jsonl')).toMatchObject({ code: 2 })
  expect(await plumbline('outcomes', 'import', 'nowhere.json')).toMatchObject({ code: 2 })

  const shown = (await plumbline('rollout', 'show', 'loans')).out
  expect(shown).toMatch(/^loans: a-b, running\nThere is nothing to compare yet/)
  expect(shown).toContain('Rollout of version 2 beside version 1 began: a-b')
  expect(JSON.parse((await plumbline('rollout', 'show', 'loans', '--json')).out).arms).toHaveLength(2)
  expect(JSON.parse((await plumbline('rollout', '--json')).out)).toHaveLength(1)
  expect((await plumbline('rollout', 'pause', 'loans')).out).toBe('The rollout of loans is paused.\n')
  expect((await plumbline('rollout', 'resume', 'loans')).out).toBe('The rollout of loans goes on.\n')
  expect((await plumbline('rollout', 'promote', 'loans')).out).toBe('loans version 2 is in production.\n')
  await plumbline('rollout', 'start', 'loans', '1', '--set', 'steps=5,50')
  expect((await plumbline('rollout', 'show', 'loans')).out).toMatch(/^Steps: 5\u00a0% \(now\), 50\u00a0%, 100\u00a0%$/m)
  expect((await plumbline('rollout', 'abort', 'loans')).out).toBe('The rollout of loans is aborted.\n')
})

async function exampleRow(): Promise<Record<string, unknown>> {
  const [run] = await registry.engine.runs({ limit: 1 })
  const { steps } = await registry.engine.runDetail({ run: run!.id })
  const { hash } = steps.find(({ node }) => node === 'split')!.outputs.table!
  const { rows, columns } = await registry.engine.rows({ table: hash, offset: 0, limit: 1 })
  return Object.fromEntries(rows[0]!.map((cell, at) => [columns[at]!.name, cell]))
}
