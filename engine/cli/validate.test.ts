import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogue } from '#nodes'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-validate-test-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function plumbline(...words: string[]) {
  const io = testingIo(folder)
  return { code: await main(words, io), ...io.written }
}
function write(name: string, document: object): string {
  writeFileSync(path.join(folder, name), JSON.stringify({ format: 1, name: 'Test', ...document }))
  return name
}
const example = { type: 'data/example', version: 1, params: {} }

describe('validate', () => {
  test('names every problem at once, of the schema and of the graph, and exits with 2', async () => {
    const file = write('bad.plumb.json', {
      colour: 'red',
      nodes: {
        rows: { type: 'data/exampel', version: 1 },
        model: { type: 'train/linear', version: 1, params: { penalty: -1, folds: 4 } },
      },
      edges: [
        { from: 'rows.table', to: 'model.tabel' },
        { from: 'rows', to: 'model.table' },
      ],
    })
    const { code, out } = await plumbline('validate', file)
    expect(code).toBe(2)
    for (const part of [
      '"colour"',
      '"data/example"',
      'node-unknown',
      'model.table',
      'port-unknown',
      'port-missing',
      '"Penalty"',
      '"Cross-validation folds"',
      'edges.1.from',
    ])
      expect(out).toContain(part)
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^bad\.plumb\.json: \d+ problems\.$/)
  })

  test('names an unknown column before any run', async () => {
    const file = write('column.plumb.json', {
      nodes: { rows: example, model: { type: 'train/linear', version: 1, params: { target: 'aproved' } } },
      edges: [{ from: 'rows.table', to: 'model.table' }],
      inputs: { target: 'model.target' },
    })
    const { code, out } = await plumbline('validate', file, '--json')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      problems: [
        { code: 'column-unknown', node: 'model', path: ['params', 'target'], fix: 'Choose the column "approved".' },
      ],
    })
    expect(await plumbline('validate', file, '--set', 'target=approved')).toMatchObject({
      code: 0,
      out: 'column.plumb.json: no problems. 2 nodes, 1 wire.\n',
    })
  })

  test('writes nothing beside the file', async () => {
    const before = readdirSync(folder)
    await plumbline('validate', write('column.plumb.json', { nodes: { rows: example } }))
    expect(readdirSync(folder)).toEqual(before)
  })
})

describe('init', () => {
  test('makes a project whose pipeline has no problems, and changes nothing the second time', async () => {
    expect(await plumbline('init', 'my project')).toMatchObject({
      code: 0,
      out: expect.stringContaining('plumbline.json'),
    })
    expect(readdirSync(path.join(folder, 'my project')).sort()).toEqual([
      '.gitignore',
      'first.plumb.json',
      'plumbline.json',
    ])
    expect(await plumbline('validate', path.join('my project', 'first.plumb.json'))).toMatchObject({ code: 0 })
    expect((await plumbline('init', 'my project')).out).toContain('nothing was changed')
    expect((await plumbline('init', 'my project')).out).toContain('Next: plumbline open "my project')
    writeFileSync(path.join(folder, 'taken'), '')
    expect(await plumbline('init', 'taken')).toMatchObject({ code: 2, error: expect.stringContaining('in the way') })
  })
})

describe('nodes', () => {
  test('lists every type, a family, and describes one', async () => {
    const list = (await plumbline('nodes')).out
    for (const node of catalogue) expect(list).toContain(node.type)
    expect((await plumbline('nodes', 'train')).out).not.toContain('data/example')
    expect((await plumbline('nodes', 'train/linear')).out).toContain('Penalty'.toLowerCase())
    expect(JSON.parse((await plumbline('nodes', 'train/linear', '--json')).out)).toMatchObject({
      type: 'train/linear',
      inputs: { table: { type: 'table' } },
    })
  })
  test('an unknown one suggests', async () => {
    expect(await plumbline('nodes', 'train/liner')).toMatchObject({
      code: 2,
      error: expect.stringContaining('See "plumbline nodes train/linear".'),
    })
  })
})
