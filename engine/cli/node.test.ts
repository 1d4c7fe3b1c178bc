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

const document = (params: object = {}) => ({
  format: 1,
  name: 'Own',
  nodes: {
    rows: { type: 'data/example', version: 1, params: {} },
    late: { type: 'custom/late-payers', version: 1, params },
  },
  edges: [{ from: 'rows.table', to: 'late.table' }],
})

test('validate, lint, merge and nodes know a trusted node by its ports and parameters', async () => {
  writeFileSync(path.join(folder, 'own.plumb.json'), JSON.stringify(document()))
  expect(await plumbline('validate', 'own.plumb.json')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/2 nodes/),
  })
  const bad = await plumbline('validate', 'own.plumb.json', '--set', 'late.rows=0')
  expect([bad.code, bad.out]).toEqual([2, expect.stringMatching(/rows/)])
  expect((await plumbline('lint', 'own.plumb.json')).code).toBe(0)
  expect((await plumbline('nodes', 'custom/late-payers')).out).toMatch(/rows +integer +100 +How many rows/)
  expect((await plumbline('nodes')).out).toMatch(/custom\/late-payers +Late payers +table → table/)
  const rows = { ...document().nodes, more: { type: 'data/example', version: 1, params: {} } }
  const second = { from: 'more.table', to: 'late.table' }
  const theirs = { ...document(), nodes: rows, edges: [second] }
  writeFileSync(path.join(folder, 'base.plumb.json'), JSON.stringify({ ...document(), edges: [] }))
  writeFileSync(path.join(folder, 'theirs.plumb.json'), JSON.stringify(theirs))
  const merged = await plumbline(
    'merge',
    'base.plumb.json',
    'own.plumb.json',
    'theirs.plumb.json',
    '--output',
    'm.json',
  )
  expect([merged.code, merged.error]).toEqual([1, expect.stringMatching(/a second wire into an input for one/)])
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
  expect(asked.out).toMatch(/custom-nodes\/late-payers\/node\.ts, line \d+: Type 'number' is not assignable/)
  expect(asked.code).toBe(4)
  const untrusted = await plumbline('validate', 'own.plumb.json')
  expect([untrusted.code, untrusted.out]).toEqual([
    2,
    expect.stringMatching(/not trusted[\s\S]*Trust the custom nodes/),
  ])
  expect((await plumbline('nodes')).out).toMatch(/custom\/late-payers +not trusted/)
  expect((await plumbline('nodes', 'custom/late-payers')).error).toMatch(/not trusted/)
  expect((await plumbline('node', 'trust', '--yes')).code).toBe(0)
  const broken = await plumbline('validate', 'own.plumb.json')
  expect([broken.code, broken.out]).toEqual([2, expect.stringMatching(/does not run: .*line \d+[\s\S]*Change line/)])
  const { out, code } = await plumbline('node', 'check', 'late-payers')
  expect(out).toMatch(/✕ has types that fit\n.*node\.ts.*not assignable to type 'string'/)
  expect(out).toMatch(/✕ gives what it announced.*\n.*progress ends at 0.5/)
  expect(code).toBe(1)
  expect((await plumbline('node', 'check', 'gone')).error).toMatch(/late-payers/)
}, 60_000)
