import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fullDocument, runToEnd, type TestingProject, testingProject } from './testing-project.ts'

let project: TestingProject
beforeEach(() => {
  project = testingProject()
})
afterEach(() => project.close())

test('two engines work on one project at once; each sees what the other made', async () => {
  const [a, b] = await Promise.all([project.open(), project.open()])
  const document = fullDocument(project.folder, { pauseMs: 60 })
  const runs = await Promise.all([runToEnd(a, { document }), runToEnd(b, { document: { ...document, seed: 2 } })])
  for (const { summary } of runs) expect(summary.status).toBe('done')
  expect((await a.runs({})).map((run) => run.id)).toEqual((await b.runs({})).map((run) => run.id))
  expect((await runToEnd(a, { document: { ...document, seed: 2 } })).summary.counts).toEqual({ cached: 6, done: 1 })
  for (const { summary } of runs) expect(await b.verify({ run: summary.id })).toMatchObject({ ok: true })
})

test('an engine that opens leaves the running work of another alone', async () => {
  const a = await project.open()
  const { id } = await a.run({ document: fullDocument(project.folder, { pauseMs: 400 }) })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const b = await project.open()
  expect((await b.runDetail({ run: id })).status).toBe('running')
  expect((await a.idle(id)).status).toBe('done')
  expect((await b.runDetail({ run: id })).status).toBe('done')
  await a.close()
  expect(readdirSync(path.join(project.folder, '.plumbline', 'temporary'))).toHaveLength(1)
})
