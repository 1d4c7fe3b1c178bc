import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunEvent, SweepPlan } from '#contract'
import type { OpenEngine } from '../engine.ts'
import { runToEnd, type TestingProject, testingDocument, testingProject } from '../testing-project.ts'

let project: TestingProject
beforeEach(() => {
  project = testingProject()
  writeFileSync(path.join(project.folder, 'two.txt'), 'one\ntwo\n')
  writeFileSync(path.join(project.folder, 'four.txt'), 'one\ntwo\nthree\nfour\n')
})
afterEach(() => project.close())

/** read → left → count ← right ← shared: only the first read is searched. */
function document(pauseMs = 0) {
  const marks = project.folder
  return testingDocument(
    {
      read: { type: 'read', params: { folder: project.folder, marks } },
      shared: { type: 'read', params: { folder: project.folder, marks } },
      left: { type: 'change', params: { suffix: ' left', marks, pauseMs } },
      right: { type: 'change', params: { suffix: ' right', marks, pauseMs } },
      count: { type: 'count', params: { marks } },
      report: { type: 'report' },
    },
    [
      'read.table left.table',
      'shared.table right.table',
      'left.table count.tables',
      'right.table count.tables',
      'count.evaluation report.evaluation',
    ],
  )
}
const metric = { node: 'count', name: 'lines' }
const paths: SweepPlan = {
  parameters: [{ setting: 'read.path', values: ['lines.txt', 'two.txt', 'four.txt'] }],
  strategy: 'grid',
  metric,
}

async function sweepToEnd(engine: OpenEngine, plan: SweepPlan, more: { file?: string } = {}) {
  const { id } = await engine.startSweep({ document: document(), plan, ...more })
  await engine.sweepIdle(id)
  return engine.sweep({ sweep: id })
}

test('a grid tries every combination; what trials share is computed once, what the figure does not need not at all', async () => {
  const engine = await project.open()
  const plan: SweepPlan = {
    ...paths,
    parameters: [...paths.parameters, { setting: 'left.suffix', values: [' a', ' b'] }],
  }
  const detail = await sweepToEnd(engine, plan)
  expect(detail).toMatchObject({ status: 'done', planned: 6, ended: 6, label: 'Lines' })
  expect(
    detail.trials.map(({ settings, estimate }) => [settings['read.path'], settings['left.suffix'], estimate?.value]),
  ).toEqual([
    ['lines.txt', ' a', 6],
    ['lines.txt', ' b', 6],
    ['two.txt', ' a', 5],
    ['two.txt', ' b', 5],
    ['four.txt', ' a', 7],
    ['four.txt', ' b', 7],
  ])
  expect(detail.best).toMatchObject({ number: 4, settings: { 'read.path': 'four.txt' }, estimate: { value: 7, n: 7 } })
  const executed = project.executed()
  expect(executed.filter((name) => name === 'change right')).toHaveLength(1)
  expect(executed.filter((name) => name === 'read')).toHaveLength(3)
  const { steps, document: tried } = await engine.runDetail({ run: detail.trials[2]!.run! })
  expect(steps.map(({ node }) => node)).not.toContain('report')
  expect(tried.nodes.read!.params.path).toBe('two.txt')
})

test('trials do not stand for what the pipeline has found last', async () => {
  const engine = await project.open()
  const file = 'lines.plumb.json'
  await runToEnd(engine, { document: document(), file })
  const before = (await engine.check({ document: document(), file })).nodes.count!.last
  await sweepToEnd(engine, paths, { file })
  expect((await engine.check({ document: document(), file })).nodes.count).toMatchObject({
    state: 'cached',
    last: before,
  })
  const runs = await engine.runs({ file })
  expect(runs.map(({ trial }) => trial?.number).sort()).toEqual([0, 1, 2, undefined])
  expect(await engine.sweeps({ file })).toMatchObject([{ status: 'done', ended: 3, file }])
})

test('low figures are sought where they are better; random draws are the same for the same seed', async () => {
  const engine = await project.open()
  const low = await sweepToEnd(engine, { ...paths, better: 'low' })
  expect(low.best).toMatchObject({ settings: { 'read.path': 'two.txt' } })
  const random: SweepPlan = {
    ...paths,
    strategy: 'random',
    trials: 4,
    seed: 7,
    parameters: [
      ...paths.parameters,
      { setting: 'left.pauseMs', range: { low: 1, high: 40, log: true, integer: true } },
    ],
  }
  const [first, second] = [await sweepToEnd(engine, random), await sweepToEnd(engine, random)]
  expect(first.trials).toHaveLength(4)
  expect(second.trials.map(({ settings }) => settings)).toEqual(first.trials.map(({ settings }) => settings))
  const pauses = first.trials.map(({ settings }) => settings['left.pauseMs'] as number)
  expect(pauses.every((pause) => Number.isInteger(pause) && pause >= 1 && pause <= 40)).toBe(true)
})

test('halving lets the best go on with a larger budget, which is the parameter that was named', async () => {
  const engine = await project.open()
  const detail = await sweepToEnd(engine, {
    ...paths,
    strategy: 'halving',
    trials: 6,
    budget: { setting: 'left.copies', least: 1, most: 9, factor: 3 },
  })
  expect(detail.trials.map(({ budget }) => budget)).toEqual([1, 1, 1, 1, 1, 1, 3, 3])
  expect(detail.planned).toBe(8)
  const first = detail.trials.slice(0, 6).map(({ estimate }) => estimate!.value!)
  for (const trial of detail.trials.slice(6)) {
    expect(trial.settings['left.copies']).toBe(3)
    expect(first[trial.from!]).toBeGreaterThanOrEqual(first.toSorted((a, b) => b - a)[1]!)
  }
  expect(detail.best?.budget).toBe(3)
})

test('a trial that can not start or fails is told with its reason, and the others go on', async () => {
  const engine = await project.open()
  const values = ['lines.txt', 'missing.txt', 'four.txt']
  const detail = await sweepToEnd(engine, { ...paths, parameters: [{ setting: 'read.path', values }] })
  expect(detail.trials.map(({ status }) => status)).toEqual(['done', 'failed', 'done'])
  expect(detail.trials[1]!.problem).toMatch(/missing\.txt/)
  const other = await sweepToEnd(engine, { ...paths, metric: { node: 'count', name: 'speed' } })
  expect(other.trials[0]).toMatchObject({ status: 'failed', problem: 'The node "count" gave no figure "speed".' })
  expect(other.best).toBeUndefined()
})

test('plans that can not be carried out are refused with a cure before anything runs', async () => {
  const engine = await project.open()
  const refused = (plan: SweepPlan) => engine.startSweep({ document: document(), plan })
  await expect(refused({ ...paths, metric: { node: 'gone', name: 'auc' } })).rejects.toThrow(/no node "gone"/)
  await expect(refused({ ...paths, parameters: [] })).rejects.toThrow(/no parameter/)
  await expect(refused({ ...paths, parameters: [...paths.parameters, ...paths.parameters] })).rejects.toThrow(/twice/)
  await expect(refused({ ...paths, strategy: 'halving' })).rejects.toThrow(/no budget/)
  await expect(refused({ ...paths, parameters: [{ setting: 'read.pth', values: ['two.txt'] }] })).rejects.toThrow(
    /no input or parameter "read.pth"/,
  )
  expect(await engine.sweeps({})).toEqual([])
})

test('a cancelled sweep stops its runs; it goes on with the trials that were not done, in another engine too', async () => {
  const engine = await project.open()
  const values = Array.from({ length: 5 }, (_, at) => ` ${at}`)
  const plan: SweepPlan = { ...paths, parameters: [{ setting: 'left.suffix', values }] }
  const { id } = await engine.startSweep({ document: document(400), plan })
  await new Promise<void>((resolve) => {
    const stop = engine.subscribe((event: RunEvent) => {
      if (event.type !== 'run' || event.status === 'running') return
      stop()
      resolve()
    })
  })
  await engine.cancelSweep({ sweep: id })
  await engine.sweepIdle(id)
  const cancelled = await engine.sweep({ sweep: id })
  expect(cancelled.status).toBe('cancelled')
  const done = cancelled.trials.filter(({ status }) => status === 'done')
  expect(done.length).toBeGreaterThan(0)
  expect(done.length).toBeLessThan(5)
  await engine.close()

  const other = await project.open()
  project.forgetExecuted()
  await other.resumeSweep({ sweep: id })
  await expect(other.resumeSweep({ sweep: id })).rejects.toThrow(/under way/)
  await other.sweepIdle(id)
  const detail = await other.sweep({ sweep: id })
  expect(detail).toMatchObject({ status: 'done', ended: 5 })
  expect(detail.trials.map(({ settings }) => settings['left.suffix'])).toEqual(values)
  expect(project.executed().filter((name) => name === 'count').length).toBeLessThanOrEqual(5 - done.length)
})

test('a sweep whose engine closes under it is interrupted', async () => {
  const engine = await project.open()
  const { id } = await engine.startSweep({ document: document(2_000), plan: paths })
  await engine.close()
  const other = await project.open()
  expect((await other.sweep({ sweep: id })).status).toBe('interrupted')
})

test('a sweep whose process is killed goes on with what was not done', async () => {
  const module = fileURLToPath(new URL('./testing-sweep-process.ts', import.meta.url))
  const plan: SweepPlan = { ...paths, parameters: [{ setting: 'left.suffix', values: [' a', ' b', ' c', ' d'] }] }
  const child = fork(module, [project.folder, JSON.stringify({ document: document(300), plan })], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [id] = (await once(child, 'message')) as [string]
  child.kill('SIGKILL')
  await ended
  const engine = await project.open()
  const killed = await engine.sweep({ sweep: id })
  expect(killed.status).toBe('interrupted')
  expect(killed.ended).toBeGreaterThan(0)
  expect(killed.ended).toBeLessThan(4)
  await engine.resumeSweep({ sweep: id })
  await engine.sweepIdle(id)
  const { status, trials } = await engine.sweep({ sweep: id })
  expect(status).toBe('done')
  expect(trials.map(({ estimate }) => estimate?.value)).toEqual([6, 6, 6, 6])
  const done = killed.trials.filter((trial) => trial.status === 'done')
  expect(trials.filter(({ run }) => done.some((trial) => trial.run === run))).toHaveLength(done.length)
  for (const { run } of trials) expect(await engine.verify({ run: run! })).toMatchObject({ ok: true })
})
