import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-lint-test-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}

/** Loans with the postcode among the features, judged on the rows the model has learned from, beside nothing. */
function write(name: string): string {
  const document = {
    format: 1,
    name: 'Test',
    nodes: {
      rows: { type: 'data/example', version: 1, params: { rows: 200 } },
      model: { type: 'train/linear', version: 1, params: {} },
      judge: { type: 'assess/evaluate', version: 1, params: {} },
    },
    edges: [
      { from: 'rows.table', to: 'model.table' },
      { from: 'rows.table', to: 'judge.table' },
      { from: 'model.model', to: 'judge.model' },
    ],
  }
  writeFileSync(path.join(folder, name), JSON.stringify(document))
  return name
}

test('names each mistake with its reason and cure, and exits with 1', async () => {
  const { code, out } = await plumbline('lint', write('found.plumb.json'), '--json')
  expect(code).toBe(1)
  const { findings } = JSON.parse(out) as { findings: { rule: string; why: string }[] }
  expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['no-split', 'no-baseline', 'proxy-input']))
  expect((await plumbline('lint', 'found.plumb.json')).out).toMatch(/Cure: Add Split in front/)
})

test('--fix cures all of them, saves a file without problems, and finds nothing more', async () => {
  const file = write('cured.plumb.json')
  const { code, out } = await plumbline('lint', file, '--fix')
  expect(out).toMatch(/Done: Add Split in front/)
  expect(code).toBe(0)
  expect((await plumbline('validate', file)).code).toBe(0)
  const before = readFileSync(path.join(folder, file), 'utf8')
  expect(await plumbline('lint', file, '--fix')).toMatchObject({ code: 0 })
  expect(readFileSync(path.join(folder, file), 'utf8')).toBe(before)
})
