import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Assertion, PipelineDocument } from '#contract'
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

/** The document with these assertions on the wire into `to`. */
function asserting(document: PipelineDocument, to: string, ...assertions: Assertion[]): PipelineDocument {
  return { ...document, edges: document.edges.map((edge) => (edge.to === to ? { ...edge, assertions } : edge)) }
}
const atLeast = (metric: string, limit: number, column?: string): Assertion => ({
  metric,
  operator: '>=',
  limit,
  ...(column === undefined ? {} : { column }),
})

test('an assertion that fails keeps the steps behind its wire from running, and the run ends like a failed gate', async () => {
  const document = asserting(fullDocument(project.folder), 'left.table', atLeast('rows', 4))
  const { summary, statuses } = await runToEnd(engine, { document, file })
  expect(summary).toMatchObject({ status: 'gate-failed', verdict: 'fail' })
  expect(statuses).toEqual({
    read: 'done',
    left: 'skipped',
    right: 'done',
    count: 'skipped',
    judge: 'skipped',
    act: 'skipped',
    report: 'skipped',
  })
  const { steps } = await engine.runDetail({ run: summary.id })
  const [read, left] = ['read', 'left'].map((node) => steps.find((step) => step.node === node))
  expect(read!.wires).toEqual([
    {
      from: 'read.table',
      to: 'left.table',
      verdict: 'fail',
      checks: [
        { ...atLeast('rows', 4), value: 3, verdict: 'fail', reason: 'Number of rows is 3 but should be at least 4.' },
      ],
    },
  ])
  expect(left!.problems[0]).toMatchObject({
    code: 'assertion-failed',
    node: 'left',
    message: expect.stringContaining('3 but should be at least 4'),
    fix: expect.stringContaining('change the assertion'),
  })
  expect(project.executed()).toEqual(['change right', 'read'])
  expect(await engine.verify({ run: summary.id })).toMatchObject({ ok: true })
})

test('a changed assertion runs no step again; its wire is judged without a run as well', async () => {
  const plain = fullDocument(project.folder)
  const { summary } = await runToEnd(engine, { document: plain, file })
  expect(summary.status).toBe('done')
  project.forgetExecuted()
  const figure = (limit: number) => asserting(plain, 'judge.evaluation', atLeast('lines', limit))
  const { wires } = await engine.check({ document: figure(6), file })
  expect(wires).toMatchObject([{ from: 'count.evaluation', verdict: 'pass', checks: [{ value: 6, n: 6 }] }])
  expect((await runToEnd(engine, { document: figure(6), file })).summary.status).toBe('done')
  const refused = await runToEnd(engine, { document: figure(7), file })
  expect(refused.statuses).toMatchObject({ count: 'cached', judge: 'skipped', act: 'skipped', report: 'cached' })
  expect(refused.events).toContainEqual(
    expect.objectContaining({ type: 'step', node: 'count', wires: [expect.objectContaining({ verdict: 'fail' })] }),
  )
  expect(project.executed()).toEqual(['act'])
  expect((await engine.check({ document: figure(7), file })).wires).toMatchObject([{ verdict: 'fail' }])
})

test('figures of columns; a figure that is not there fails and names the near one', async () => {
  writeFileSync(path.join(project.folder, 'rows.csv'), 'age,name\n10,a\n20,b\n,a\n30,\n')
  const document = testingDocument({ rows: { type: 'csv' }, count: { type: 'count', params: { marks: '' } } }, [
    'rows.table count.tables',
  ])
  const about = async (...assertions: Assertion[]) => {
    const { wires } = await engine.check({ document: asserting(document, 'count.tables', ...assertions), file })
    return wires![0]!.checks.map(({ metric, column, value }) => [metric, column, value])
  }
  await runToEnd(engine, { document, file })
  expect(
    await about(
      atLeast('columns', 1),
      ...['missing', 'distinct', 'min', 'max', 'mean'].map((metric) => atLeast(metric, 0, 'age')),
      atLeast('distinct', 0, 'name'),
    ),
  ).toEqual([
    ['columns', undefined, 2],
    ['missing', 'age', 0.25],
    ['distinct', 'age', 3],
    ['min', 'age', 10],
    ['max', 'age', 30],
    ['mean', 'age', 20],
    ['distinct', 'name', 2],
  ])
  const ran = await runToEnd(engine, { document: fullDocument(project.folder), file: 'other.plumb.json' })
  expect(ran.summary.status).toBe('done')
  const odd = asserting(fullDocument(project.folder), 'judge.evaluation', atLeast('line', 1))
  const { wires } = await engine.check({ document: odd, file: 'other.plumb.json' })
  expect(wires![0]!.checks[0]).toMatchObject({
    value: null,
    verdict: 'fail',
    reason: 'The evaluation has no figure "line"; it has lines.',
  })
})

test('run to a node checks what it gives as well', async () => {
  const document = asserting(fullDocument(project.folder), 'left.table', atLeast('rows', 4))
  const { summary, statuses } = await runToEnd(engine, { document, file, targets: ['read'] })
  expect(statuses).toEqual({ read: 'done' })
  expect(summary.status).toBe('gate-failed')
})
