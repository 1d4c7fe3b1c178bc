import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assertion } from '#contract'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-assertions-test-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}

function write(...assertions: Assertion[]): string {
  const document = {
    format: 1,
    name: 'Test',
    nodes: {
      rows: { type: 'data/example', version: 1, params: { rows: 200 } },
      split: { type: 'data/split', version: 1, params: {} },
    },
    edges: [{ from: 'rows.table', to: 'split.table', ...(assertions.length > 0 && { assertions }) }],
  }
  writeFileSync(path.join(folder, 'p.plumb.json'), JSON.stringify(document))
  return 'p.plumb.json'
}

test('a run with an assertion that fails is exit code 3, says what was found, and runs nothing behind it', async () => {
  const failed = await plumbline('run', write({ metric: 'rows', operator: '>=', limit: 1_000 }))
  expect(failed.code).toBe(3)
  expect(failed.out).toContain('✕ rows.table → split.table: Number of rows is 200 but should be at least 1\u202f000.')
  expect(failed.out).toMatch(/split .*skipped/)
  const held = await plumbline('run', write({ metric: 'rows', operator: '>=', limit: 100 }))
  expect(held).toMatchObject({ code: 0, out: expect.stringContaining('✓ rows.table → split.table') })
  expect(held.out).toMatch(/1 node ran, 1 came from the cache/)
  expect((await plumbline('runs', 'show', 'last')).out).toMatch(/Assertions\n +✓ +rows\.table → split\.table/)
})

test('assertions about what is not there: validate refuses them, lint cures them', async () => {
  const file = write(
    { metric: 'row', operator: '>=', limit: 1 },
    { metric: 'mean', column: 'no such thing', operator: '>=', limit: 1 },
  )
  const refused = await plumbline('validate', file)
  expect(refused).toMatchObject({ code: 2, out: expect.stringContaining('a table has no figure "row"') })
  expect((await plumbline('run', file)).code).toBe(2)
  expect((await plumbline('lint', file)).out).toContain('assertion-unknown')
  const cured = await plumbline('lint', file, '--fix')
  expect(cured.out).toContain('Done: Use the figure "rows".')
  expect((await plumbline('validate', file)).code).toBe(0)
})
