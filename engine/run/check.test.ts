import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
const file = 'lines.plumb.json'
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
})
afterEach(() => project.close())

async function states(document: PipelineDocument) {
  const { nodes } = await engine.check({ document, file })
  return Object.fromEntries(Object.entries(nodes).map(([id, { state, why }]) => [id, why ? [state, ...why] : state]))
}

test('before any run nodes are ready, or not configured', async () => {
  const document = fullDocument(project.folder)
  expect(new Set(Object.values(await states(document)))).toEqual(new Set(['ready']))
  const broken = { ...document, edges: document.edges.filter((edge) => edge.to !== 'left.table') }
  expect(await states(broken)).toMatchObject({ read: 'ready', left: 'not-configured', right: 'ready' })
})

test('after a run they are cached, with their last result; an effect is always ready', async () => {
  const document = fullDocument(project.folder)
  const { summary } = await runToEnd(engine, { document, file })
  const { act, ...rest } = await states(document)
  expect(act).toBe('ready')
  expect(new Set(Object.values(rest))).toEqual(new Set(['cached']))
  const { nodes } = await engine.check({ document, file })
  expect(nodes.read!.last).toMatchObject({ run: summary.id, status: 'done', card: { text: '**3** lines' } })
  expect((await engine.check({ document })).nodes.read!.last).toBeUndefined()
})

test('a change makes a node stale and names itself; what hangs on it waits', async () => {
  await runToEnd(engine, { document: fullDocument(project.folder), file })
  expect(await states(fullDocument(project.folder, { suffix: ' other' }))).toMatchObject({
    left: 'cached',
    right: ['stale', 'suffix  right →  other'],
    count: ['stale', 'waits for Change'],
    judge: ['stale', 'waits for Count'],
  })
  expect(await states({ ...fullDocument(project.folder), seed: 2 })).toMatchObject({ read: ['stale', 'seed 1 → 2'] })
})

test('a changed file is named; a missing one is a problem of the run', async () => {
  const document = fullDocument(project.folder)
  await runToEnd(engine, { document, file })
  writeFileSync(path.join(project.folder, 'lines.txt'), 'other\n')
  expect(await states(document)).toMatchObject({
    read: ['stale', 'file changed: lines.txt'],
    left: ['stale', 'waits for Read'],
  })
  rmSync(path.join(project.folder, 'lines.txt'))
  expect((await engine.check({ document })).nodes.read).toMatchObject({
    state: 'not-configured',
    problems: [{ code: 'file-unreadable', node: 'read' }],
  })
  const { statuses } = await runToEnd(engine, { document, file })
  expect(statuses).toMatchObject({ read: 'failed', left: 'skipped' })
})

test('a result that is gone is said to be', async () => {
  const document = testingDocument({ read: { type: 'read', params: { folder: project.folder } } })
  await runToEnd(engine, { document, file })
  rmSync(path.join(project.folder, '.plumbline', 'artifacts'), { recursive: true })
  expect(await states(document)).toEqual({ read: ['stale', 'the stored result is missing or damaged'] })
})

test('what a file holds is looked at once, by content, also over engines', async () => {
  const rows = path.join(project.folder, 'rows.csv')
  writeFileSync(rows, 'a,b\n1,x\n2,y\n')
  const document = testingDocument({ rows: { type: 'csv' } })
  const columns = async () =>
    (await engine.check({ document })).nodes.rows!.outputs.table!.columns!.map(({ name }) => name)
  expect(await columns()).toEqual(['a', 'b'])
  writeFileSync(rows, 'a,b,c\n1,x,2\n2,y,3\n')
  expect(await columns()).toEqual(['a', 'b', 'c'])
  const { summary } = await runToEnd(engine, { document })
  expect(summary.status).toBe('done')
  await engine.close()
  engine = await project.open()
  expect(await columns()).toEqual(['a', 'b', 'c'])
  const { steps } = await engine.runDetail({ run: summary.id })
  const table = steps[0]!.outputs.table!.hash
  const page = await engine.rows({ table, offset: 1, limit: 5 })
  expect(page).toMatchObject({ total: 2, rows: [[2, 'y', 3]] })
  expect((await engine.summarize({ table })).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
})

test('what would run again has a forecast from this project’s own history; what is cached has none', async () => {
  const document = fullDocument(project.folder, { pauseMs: 60 })
  expect((await engine.check({ document, file })).forecast).toBeUndefined()
  await runToEnd(engine, { document, file })
  expect((await engine.check({ document, file })).nodes.read!.forecast).toBeUndefined()
  const changed = fullDocument(project.folder, { pauseMs: 60, suffix: '?' })
  const { nodes, forecast } = await engine.check({ document: changed, file })
  const stale = Object.entries(nodes).filter(([, node]) => node.state === 'stale')
  expect(stale.length).toBeGreaterThan(0)
  for (const [, node] of stale) expect(node.forecast!.ms).toBeGreaterThan(0)
  expect(forecast!.ms).toBeGreaterThanOrEqual(60)
  expect(forecast!.chain.length).toBeGreaterThan(0)
})
