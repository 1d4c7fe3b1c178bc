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
