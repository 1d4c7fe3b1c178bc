import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hash, PipelineDocument } from '#contract'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '#run/engine'

let folder = ''
let engine: OpenEngine
let run = ''
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-wires-'))
  const lines = Array.from({ length: 120 }, (_, row) => {
    const group = row % 3 === 0 ? 'old' : 'young'
    const debt = group === 'old' && row % 2 === 0 ? 900 : row
    return `p${row},${debt},${group},${row % 5 === 0 ? 'yes' : 'no'}`
  })
  writeFileSync(path.join(folder, 'people.csv'), `person,debt,age_group,approved\n${lines.join('\n')}\n`)
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  engine = await createEngine({ project: folder, catalogue, catalogueUrl })
  run = (await engine.run({ document, file: 'p.plumb.json' })).id
  expect((await engine.idle(run)).status).toBe('done')
}, 120_000)
afterAll(async () => {
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
})

const node = (type: string, params: PipelineDocument['nodes'][string]['params'] = {}) => ({ type, version: 1, params })
const document: PipelineDocument = {
  format: 1,
  name: 'People',
  description: '',
  seed: 1,
  nodes: {
    read: node('data/read-file', { path: 'people.csv' }),
    schema: node('data/infer-schema', {
      target: 'approved',
      protected: ['age_group'],
      id: 'person',
      overrides: [{ column: 'debt', max: 500 }],
    }),
    validate: node('data/validate-schema'),
    split: node('data/split'),
    prepare: node('prepare/prepare'),
  },
  edges: [
    { from: 'read.table', to: 'schema.table' },
    { from: 'read.table', to: 'validate.table' },
    { from: 'schema.schema', to: 'validate.schema' },
    { from: 'validate.table', to: 'split.table' },
    { from: 'split.table', to: 'prepare.table' },
  ],
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
}

test('a wire tells what its step did to the table, and who was lost', async () => {
  const { rows, before } = await engine.wireFacts({ run, node: 'validate', port: 'table', groups: ['approved'] })
  expect(rows).toBe(100)
  expect(before).toMatchObject({
    node: 'read',
    title: 'Read file',
    rows: 120,
    match: { how: 'by-id', by: ['person'], lost: 20, added: 0, share: { value: 20 / 120, n: 120 } },
  })
  expect(before!.changes).toContainEqual({ name: 'age_group', change: 'role', from: 'feature', to: 'protected' })
  const [age, approved] = before!.groups
  expect(age).toMatchObject({
    column: 'age_group',
    protected: true,
    groups: [
      { group: 'young', before: 80, lost: 0, against: 'less' },
      { group: 'old', before: 40, lost: 20, against: 'more', share: { value: 0.5 } },
    ],
  })
  expect(approved).toMatchObject({ column: 'approved', protected: false })
  const split = await engine.wireFacts({ run, node: 'split', port: 'table' })
  expect(split.before).toMatchObject({
    changes: [{ name: 'split', change: 'added', to: 'text' }],
    match: { how: 'in-place', lost: 0 },
  })
  expect((await engine.wireFacts({ run, node: 'read', port: 'table' })).before).toBeUndefined()
  await expect(engine.wireFacts({ run, node: 'nobody', port: 'table' })).rejects.toMatchObject({ code: 'not-found' })
})

test('a row of the last table leads back to its line in the file, with what each step changed', async () => {
  const detail = await engine.runDetail({ run })
  const tableOf = (id: string) => detail.steps.find((step) => step.node === id)!.outputs.table!.hash as Hash
  const { steps } = await engine.traceRow({ table: tableOf('prepare'), row: 57 })
  expect(steps.map((step) => [step.node, step.match?.how, step.match?.among, step.end])).toEqual([
    ['prepare', 'in-place', 1, undefined],
    ['split', 'in-place', 1, undefined],
    ['validate', 'by-id', 1, undefined],
    ['read', undefined, undefined, 'source'],
  ])
  const [prepare, split, validate, read] = steps
  expect(prepare!.cells.find(({ column }) => column.name === 'debt')).toMatchObject({
    change: 'changed',
    was: expect.any(Number),
  })
  expect(split!.cells.find(({ column }) => column.name === 'split')).toMatchObject({ change: 'added' })
  const cell = (step: typeof read, name: string) => step!.cells.find(({ column }) => column.name === name)!.value
  expect(cell(read, 'person')).toBe(cell(validate, 'person'))
  expect(cell(read, 'person')).toBe(`p${read!.row}`)
  expect(read!.files).toEqual(['people.csv'])
  await expect(engine.traceRow({ table: tableOf('split'), row: 100 })).rejects.toMatchObject({ code: 'not-found' })
})
