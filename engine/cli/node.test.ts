import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
const settings = process.env.PLUMBLINE_SETTINGS
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-node-test-')))
  process.env.PLUMBLINE_SETTINGS = path.join(folder, 'settings')
  writeFileSync(path.join(folder, 'plumbline.json'), JSON.stringify({ name: 'Own nodes' }))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  if (settings === undefined) delete process.env.PLUMBLINE_SETTINGS
  else process.env.PLUMBLINE_SETTINGS = settings
})

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}
const file = (...names: string[]) => path.join(folder, 'custom-nodes', ...names)

test('a new node passes its types and the conformance suite, and runs', async () => {
  expect(await plumbline('node', 'new', 'Late Payers')).toMatchObject({ code: 2 })
  expect((await plumbline('node', 'new', 'late-payers')).out).toMatch(/Wrote custom-nodes\/late-payers/)
  expect(await plumbline('node', 'new', 'late-payers')).toMatchObject({ code: 2 })
  const checked = await plumbline('node', 'check', 'late-payers')
  expect(checked.out).toMatch(/✓ has types that fit/)
  expect(checked.out).toMatch(/✓ answers the table "ten thousand columns"/)
  expect(checked.out).toMatch(/custom\/late-payers keeps every promise/)
  expect(checked.code).toBe(0)
  const ran = await plumbline('run', path.join('custom-nodes', 'late-payers', 'example.plumb.json'))
  expect(ran.out).toMatch(/late-payers .* 100 rows/)
  expect(ran.code).toBe(0)
}, 60_000)

test('a changed node has to be trusted again; what breaks is named', async () => {
  const source = readFileSync(file('late-payers', 'node.ts'), 'utf8')
  writeFileSync(
    file('late-payers', 'node.ts'),
    source
      .replace('context.progress(1)', 'const rows: string = params.rows')
      .replace('params.rows, frame.rows', '3, 3'),
  )
  const asked = await plumbline('node', 'trust')
  expect(asked.out).toMatch(/nothing but its inputs[\s\S]*Not trusted/)
  expect(asked.code).toBe(4)
  expect((await plumbline('node', 'trust', '--yes')).code).toBe(0)
  const { out, code } = await plumbline('node', 'check', 'late-payers')
  expect(out).toMatch(/✕ has types that fit\n.*node\.ts.*not assignable to type 'string'/)
  expect(out).toMatch(/✕ gives what it announced.*\n.*progress ends at 0.5/)
  expect(code).toBe(1)
  expect((await plumbline('node', 'check', 'gone')).error).toMatch(/late-payers/)
}, 60_000)
