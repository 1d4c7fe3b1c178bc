import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
let run: string
const file = 'lines.plumb.json'
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
  run = (await runToEnd(engine, { document: fullDocument(project.folder), file })).summary.id
})
afterEach(() => project.close())

function tamper(sql: string): void {
  const db = new Sqlite(path.join(project.folder, '.plumbline', 'lineage.sqlite'))
  db.exec('DROP TRIGGER audit_is_kept; DROP TRIGGER audit_is_fixed')
  db.exec(sql)
  db.close()
}

test('a run is recorded with document, steps, environment and log', async () => {
  const detail = await engine.runDetail({ run })
  expect(detail.document).toEqual(fullDocument(project.folder))
  expect(detail.steps.map((step) => step.node)).toEqual(['read', 'left', 'right', 'count', 'judge', 'act', 'report'])
  expect(detail.steps[0]).toMatchObject({
    nodeType: 'test/read',
    title: 'Read',
    status: 'done',
    card: { text: '**3** lines' },
    outputs: { table: { kind: 'table', rows: 3, columns: 1 } },
  })
  expect(detail.steps[0]!.peakBytes).toBeGreaterThan(1_000_000)
  expect(detail.logs).toMatchObject([{ node: 'count', level: 'info', message: 'counting' }])
  expect(detail.environment).toMatchObject({
    engine: '0.1.0',
    cores: expect.any(Number),
    lock: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(await engine.report({ run, node: 'read' })).toEqual([{ block: 'text', text: '3 lines' }])
  expect(await engine.report({ run, node: 'left' })).toEqual([])
  await expect(engine.report({ run, node: 'absent' })).rejects.toMatchObject({ code: 'not-found' })
})

test('a run is found by the beginning of its id', async () => {
  expect((await engine.runDetail({ run: run.slice(0, -1) })).id).toBe(run)
  await expect(engine.runDetail({ run: 'nothing' })).rejects.toMatchObject({ code: 'not-found' })
})

test('two runs are compared by parameters, inputs, figures and artifacts', async () => {
  const other = fullDocument(project.folder, { suffix: ' other', verdict: 'fail' })
  other.nodes.read!.params = { ...other.nodes.read!.params, path: 'more.txt' }
  const { writeFileSync } = await import('node:fs')
  writeFileSync(path.join(project.folder, 'more.txt'), 'one\ntwo\nthree\nfour\n')
  const second = await runToEnd(engine, { document: { ...other, seed: 7 }, file })
  const compared = await engine.compareRuns({ a: run, b: second.summary.id })
  expect(compared).toMatchObject({ a: { id: run }, b: { id: second.summary.id } })
  expect(compared.parameters).toEqual([
    { node: '', path: 'seed', a: 1, b: 7 },
    { node: 'read', path: 'path', a: 'lines.txt', b: 'more.txt' },
    { node: 'right', path: 'suffix', a: ' right', b: ' other' },
    { node: 'judge', path: 'verdict', a: 'pass', b: 'fail' },
  ])
  expect(compared.inputs).toMatchObject([
    { path: 'lines.txt', a: expect.any(String), b: null },
    { path: 'more.txt', a: null, b: expect.any(String) },
  ])
  expect(compared.metrics).toEqual([{ node: 'count', name: 'lines', label: 'Lines', a: 6, b: 8 }])
  expect(compared.artifacts.map(({ node, port }) => `${node}.${port}`)).toContain('read.table')
})

test('the lineage of an artifact holds what it stands on and what came of it, and nothing else', async () => {
  const whole = await engine.lineage({ of: run })
  expect(whole.vertices.filter(({ kind }) => kind === 'step')).toHaveLength(7)
  expect(whole.vertices.filter(({ kind }) => kind === 'source')).toMatchObject([{ label: 'lines.txt' }])
  const { steps } = await engine.runDetail({ run })
  const left = steps.find((step) => step.node === 'left')!.outputs.table!.hash
  const part = await engine.lineage({ of: left.slice(0, 12) })
  const names = part.vertices.filter(({ kind }) => kind === 'step').map(({ id }) => id.split('/')[1])
  expect(names.sort()).toEqual(['act', 'count', 'judge', 'left', 'read', 'report'])
  expect(part.arrows).toContainEqual({ from: `step:${run}/left`, to: `artifact:${left}`, port: 'table' })
  expect(part.arrows).toContainEqual({ from: `artifact:${left}`, to: `step:${run}/count`, port: 'tables' })
  await expect(engine.lineage({ of: 'absent' })).rejects.toMatchObject({ code: 'not-found' })
})

test('an untouched run is verified', async () => {
  expect(await engine.verify({ run })).toEqual({ ok: true, artifacts: project.stored().length, findings: [] })
})

test.each([
  ["UPDATE metrics SET value = 7 WHERE name = 'lines'", 'step "count"'],
  ["UPDATE parameters SET value = '\"pass!\"' WHERE path = 'verdict'", 'step "judge"'],
  ["DELETE FROM step_outputs WHERE port = 'report'", 'step "report"'],
  ["UPDATE runs SET status = 'failed'", 'status of the run was done'],
  ["UPDATE pipeline_versions SET document = replace(document, 'pass', 'fail')", 'stored pipeline'],
  ["UPDATE audit SET body = replace(body, 'done', 'gate') WHERE number = 2", 'Entry 2'],
  ['DELETE FROM audit WHERE number = 2', 'end of the run'],
])('a change of the lineage is found and named: %s', async (sql, words) => {
  tamper(sql)
  const { ok, findings } = await engine.verify({ run })
  expect(ok).toBe(false)
  expect(findings.map(({ what }) => what).join('\n')).toContain(words)
})

test('an unknown hash, and one that is no table', async () => {
  const { steps } = await engine.runDetail({ run })
  const evaluation = steps.find((step) => step.node === 'count')!.outputs.evaluation!.hash
  expect(await engine.value({ hash: evaluation })).toMatchObject({ kind: 'evaluation', rows: 6 })
  await expect(engine.summarize({ table: evaluation })).rejects.toMatchObject({ code: 'not-found' })
})
