import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenEngine } from './engine.ts'
import { runToEnd, type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
beforeEach(async () => {
  project = testingProject()
  engine = await project.open({ bytes: 512 << 20 })
})
afterEach(() => project.close())

/** read → bad → follower, and beside it read → good. */
function documentOf(how: string) {
  return testingDocument(
    {
      read: { type: 'read', params: { folder: project.folder } },
      bad: { type: 'misbehave', title: 'Bad', params: { how } },
      follower: { type: 'change' },
      last: { type: 'change' },
      good: { type: 'change', params: { pauseMs: 100, suffix: '!' } },
    },
    ['read.table bad.table', 'bad.table follower.table', 'follower.table last.table', 'read.table good.table'],
  )
}

test.each([
  ['kill', 'worker-died', 'SIGKILL'],
  ['exit', 'worker-died', 'exit code 7'],
  ['heap', 'out-of-memory', 'ran out of memory'],
  ['refuse', 'data-bad', 'These lines can not be used.'],
  ['crash', 'internal', 'a plain error'],
  ['nonsense', 'internal', 'gave "model" at its output "table"'],
])('a step that ends by %s has failed with the reason; the rest goes on', async (how, code, words) => {
  const { summary, statuses } = await runToEnd(engine, { document: documentOf(how) })
  expect(summary.status).toBe('failed')
  expect(statuses).toEqual({ read: 'done', bad: 'failed', follower: 'skipped', last: 'skipped', good: 'done' })
  const { steps } = await engine.runDetail({ run: summary.id })
  const problems = Object.fromEntries(steps.map((step) => [step.node, step.problems]))
  expect(problems.bad).toMatchObject([{ code, node: 'bad', message: expect.stringContaining(words) }])
  expect(problems.follower).toMatchObject([{ message: 'Skipped, because "Bad" failed.' }])
  expect(project.leftOver()).toEqual([])
  expect((await engine.verify({ run: summary.id })).ok).toBe(true)
  expect(project.stored()).toHaveLength(5)
})

test('a busy loop is cancelled, and leaves nothing behind', async () => {
  const document = documentOf('loop')
  const looping = new Promise<void>((resolve) => {
    engine.subscribe((event) => {
      if (event.type === 'progress' && event.node === 'bad') resolve()
    })
  })
  const { id } = await engine.run({ document })
  await looping
  await engine.cancel({ run: id })
  expect(await engine.idle(id)).toMatchObject({ status: 'cancelled' })
  const { steps } = await engine.runDetail({ run: id })
  expect(steps.find((step) => step.node === 'bad')).toMatchObject({ status: 'cancelled', outputs: {} })
  expect(steps.find((step) => step.node === 'last')).toMatchObject({ status: 'cancelled' })
  expect(project.leftOver()).toEqual([])
  expect((await engine.verify({ run: id })).ok).toBe(true)
})

test('a failed step runs again the next time', async () => {
  const first = await runToEnd(engine, { document: documentOf('refuse') })
  const second = await runToEnd(engine, { document: documentOf('refuse') })
  expect(first.statuses.bad).toBe('failed')
  expect(second.statuses).toMatchObject({ read: 'cached', good: 'cached', bad: 'failed' })
})
