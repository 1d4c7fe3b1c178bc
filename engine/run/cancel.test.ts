import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
})
afterEach(() => project.close())

function started(node: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = engine.subscribe((event) => {
      if (event.type !== 'step' || event.node !== node || event.status !== 'running') return
      stop()
      resolve()
    })
  })
}

test('a cancelled step leaves no artifact, whenever it is cancelled', async () => {
  const document = testingDocument(
    {
      read: { type: 'read', params: { folder: project.folder } },
      slow: { type: 'change', params: { suffix: '!', copies: 5, pauseMs: 120 } },
    },
    ['read.table slow.table'],
  )
  await runToEnd(engine, { document, targets: ['read'] })
  const before = project.stored()
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 80 }), async (afterMs) => {
      const running = started('slow')
      const { id } = await engine.run({ document })
      await running
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await engine.cancel({ run: id })
      const { status, counts } = await engine.idle(id)
      expect({ status, counts }).toEqual({ status: 'cancelled', counts: { cached: 1, cancelled: 1 } })
      expect(project.stored()).toEqual(before)
      expect(project.leftOver()).toEqual([])
    }),
    { numRuns: 6 },
  )
  expect((await runToEnd(engine, { document })).summary.status).toBe('done')
})

test('cancelling one node skips its followers and lets the others end', async () => {
  const running = started('right')
  const { id } = await engine.run({ document: fullDocument(project.folder, { pauseMs: 300 }) })
  await running
  await engine.cancel({ run: id, node: 'right' })
  expect((await engine.idle(id)).status).toBe('cancelled')
  const { steps } = await engine.runDetail({ run: id })
  expect(Object.fromEntries(steps.map((step) => [step.node, step.status]))).toEqual({
    read: 'done',
    left: 'done',
    right: 'cancelled',
    count: 'skipped',
    judge: 'skipped',
    act: 'skipped',
    report: 'skipped',
  })
})

test('a node that waits can be cancelled before its turn', async () => {
  const running = started('left')
  const { id } = await engine.run({ document: fullDocument(project.folder, { pauseMs: 100 }) })
  await running
  await engine.cancel({ run: id, node: 'judge' })
  await engine.idle(id)
  const { steps } = await engine.runDetail({ run: id })
  expect(Object.fromEntries(steps.map((step) => [step.node, step.status]))).toMatchObject({
    count: 'done',
    judge: 'cancelled',
    act: 'skipped',
    report: 'done',
  })
})

test('what another run waits for goes on when one of them is cancelled', async () => {
  const document = fullDocument(project.folder, { pauseMs: 300 })
  const running = started('left')
  const first = await engine.run({ document })
  await running
  const second = await engine.run({ document })
  await new Promise((resolve) => setTimeout(resolve, 50))
  await engine.cancel({ run: first.id })
  expect((await engine.idle(first.id)).status).toBe('cancelled')
  expect((await engine.idle(second.id)).status).toBe('done')
  expect(project.executed().filter((name) => name === 'change left')).toHaveLength(1)
})

test('closing the engine cancels what runs', async () => {
  const running = started('left')
  const { id } = await engine.run({ document: fullDocument(project.folder, { pauseMs: 5_000 }) })
  await running
  await engine.close()
  const next = await project.open()
  expect((await next.runDetail({ run: id })).status).toBe('cancelled')
  expect((await next.verify({ run: id })).ok).toBe(true)
})

test('a run that has ended, or never was', async () => {
  const { summary } = await runToEnd(engine, { document: fullDocument(project.folder) })
  await engine.cancel({ run: summary.id })
  expect((await engine.idle(summary.id)).status).toBe('done')
  await expect(engine.cancel({ run: 'absent' })).rejects.toMatchObject({ code: 'not-found' })
})
