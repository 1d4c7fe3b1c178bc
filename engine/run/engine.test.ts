import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunEvent } from '#contract'
import { fullDocument, runToEnd, type TestingProject, testingDocument, testingProject } from './testing-project.ts'

let project: TestingProject
beforeEach(() => {
  project = testingProject()
})
afterEach(() => project.close())

const everything = ['act', 'change left', 'change right', 'count', 'read']

test('a first run executes every step, a second none but effects, and gives the same artifacts', async () => {
  const engine = await project.open()
  const document = fullDocument(project.folder)
  const first = await runToEnd(engine, { document, file: 'lines.plumb.json' })
  expect(first.summary).toMatchObject({
    status: 'done',
    verdict: 'pass',
    file: 'lines.plumb.json',
    counts: { done: 7 },
  })
  expect(first.summary.metrics).toEqual([
    { node: 'count', name: 'lines', label: 'Lines', better: 'neither', value: 6, n: 6 },
  ])
  expect(project.executed()).toEqual(everything)
  project.forgetExecuted()
  const second = await runToEnd(engine, { document, file: 'lines.plumb.json' })
  expect(second.summary.counts).toEqual({ cached: 6, done: 1 })
  expect(project.executed()).toEqual(['act'])
  expect((await engine.compareRuns({ a: first.summary.id, b: second.summary.id })).artifacts).toEqual([])
  expect(project.leftOver()).toEqual([])
})

test('a run that finds everything in the cache starts no process, in a new engine too', async () => {
  const { act: _, ...nodes } = fullDocument(project.folder).nodes
  const document = {
    ...fullDocument(project.folder),
    nodes,
    edges: fullDocument(project.folder).edges.filter((edge) => !edge.to.startsWith('act.')),
  }
  const first = await project.open()
  await runToEnd(first, { document })
  await first.close()
  const engine = await project.open({
    spawner: {
      spawn() {
        throw new Error('a process was started')
      },
    },
  })
  expect((await runToEnd(engine, { document })).summary).toMatchObject({ status: 'done', counts: { cached: 6 } })
  expect((await engine.check({ document })).nodes.count!.state).toBe('cached')
})

test('only what a change reaches runs again; a result that comes out the same wakes no follower', async () => {
  const engine = await project.open()
  await runToEnd(engine, { document: fullDocument(project.folder) })
  project.forgetExecuted()
  const changed = await runToEnd(engine, { document: fullDocument(project.folder, { suffix: ' other' }) })
  expect(project.executed()).toEqual(['act', 'change other', 'count'])
  expect(changed.statuses).toMatchObject({
    read: 'cached',
    left: 'cached',
    right: 'done',
    count: 'done',
    judge: 'cached',
  })
  project.forgetExecuted()
  writeFileSync(path.join(project.folder, 'lines.txt'), 'one\ntwo\nthree\n\n')
  const same = await runToEnd(engine, { document: fullDocument(project.folder) })
  expect(same.statuses).toMatchObject({ read: 'done', left: 'done', right: 'done', count: 'cached' })
})

test('titles, positions, names and ids do not belong to a step; its seed does', async () => {
  const engine = await project.open()
  const document = fullDocument(project.folder)
  await runToEnd(engine, { document })
  project.forgetExecuted()
  const renamed = JSON.parse(
    JSON.stringify(document).replaceAll('left.', 'first.').replace('"left":', '"first":'),
  ) as typeof document
  await runToEnd(engine, { document: { ...renamed, name: 'Other', layout: { read: [1, 2] }, notes: [] } })
  expect(project.executed()).toEqual(['act'])
  project.forgetExecuted()
  await runToEnd(engine, { document: { ...document, seed: 2 } })
  expect(project.executed()).toEqual(everything)
})

test('run to here runs a node with all that feeds it; settings change parameters', async () => {
  const engine = await project.open()
  const document = { ...fullDocument(project.folder), inputs: { ending: 'left.suffix' } }
  const { statuses } = await runToEnd(engine, { document, targets: ['left'], set: { ending: '!' } })
  expect(statuses).toEqual({ read: 'done', left: 'done' })
  expect(project.executed()).toEqual(['change!', 'read'])
})

test('without the cache every step runs', async () => {
  const engine = await project.open()
  const document = fullDocument(project.folder)
  await runToEnd(engine, { document })
  project.forgetExecuted()
  const again = await runToEnd(engine, { document, useCache: false })
  expect(again.summary.counts).toEqual({ done: 7 })
  expect(project.executed()).toEqual(everything)
})

test('two nodes with the same key, and two runs at once, execute it once', async () => {
  const engine = await project.open()
  const params = { marks: project.folder, pauseMs: 100, suffix: '!' }
  const document = testingDocument(
    {
      read: { type: 'read', params: { folder: project.folder } },
      a: { type: 'change', params },
      b: { type: 'change', params },
    },
    ['read.table a.table', 'read.table b.table'],
  )
  const runs = await Promise.all([runToEnd(engine, { document }), runToEnd(engine, { document })])
  expect(project.executed()).toEqual(['change!'])
  for (const { summary } of runs) expect(summary.status).toBe('done')
  expect(runs.flatMap(({ statuses }) => [statuses.a, statuses.b]).sort()).toEqual([
    'cached',
    'cached',
    'cached',
    'done',
  ])
})

test.each([
  ['fail', 'gate-failed'],
  ['wait', 'waiting'],
])('a verdict %s ends the run as %s, with effects skipped and all else done', async (verdict, status) => {
  const engine = await project.open()
  const { summary, statuses } = await runToEnd(engine, { document: fullDocument(project.folder, { verdict }) })
  expect(summary).toMatchObject({ status, verdict })
  expect(statuses).toMatchObject({ judge: 'done', act: 'skipped', report: 'done' })
  expect(project.executed()).not.toContain('act')
  const { steps } = await engine.runDetail({ run: summary.id })
  expect(steps.find((step) => step.node === 'act')!.problems[0]!.message).toContain('release')
})

test('every problem that stands in the way is said at once, and nothing runs', async () => {
  const engine = await project.open()
  const document = testingDocument({ a: { type: 'change', params: { copies: 'many' } }, b: { type: 'absent' } })
  await expect(engine.run({ document })).rejects.toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({ code: 'parameter-bad', node: 'a' }),
      expect.objectContaining({ code: 'port-missing', node: 'a' }),
      expect.objectContaining({ code: 'node-unknown', node: 'b' }),
    ]),
  })
  await expect(engine.run({ document, targets: ['absent'] })).rejects.toMatchObject({ code: 'not-found' })
  expect(await engine.runs({})).toEqual([])
})

test('a problem outside the way of the targets does not stop them', async () => {
  const engine = await project.open()
  const document = testingDocument({
    read: { type: 'read', params: { folder: project.folder } },
    loose: { type: 'change' },
  })
  expect((await runToEnd(engine, { document, targets: ['read'] })).summary.status).toBe('done')
  await expect(engine.run({ document })).rejects.toMatchObject({ code: 'port-missing' })
})

test('events come in the order things happen: queued, running, progress, ended, and the run last', async () => {
  const engine = await project.open()
  const { events, summary } = await runToEnd(engine, { document: fullDocument(project.folder, { pauseMs: 200 }) })
  expect(events[0]).toMatchObject({ type: 'run', status: 'running', id: summary.id })
  expect(events.at(-1)).toMatchObject({ type: 'run', status: 'done' })
  const of = (node: string) => events.filter((event) => 'node' in event && event.node === node)
  const words = (event: RunEvent) => (event.type === 'step' ? event.status : event.type)
  expect(of('read').map(words)).toEqual(['queued', 'running', 'progress', 'done'])
  expect(of('count').map(words)).toEqual(['queued', 'running', 'log', 'progress', 'done'])
  const fractions = of('left').flatMap((event) => (event.type === 'progress' ? [event.fraction] : []))
  expect(fractions.length).toBeGreaterThan(1)
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect(fractions.at(-1)).toBe(1)
})

test('while a run is under way its detail shows what waits and what works', async () => {
  const engine = await project.open()
  const working = new Promise<void>((resolve) => {
    engine.subscribe((event) => {
      if (event.type === 'step' && event.node === 'left' && event.status === 'running') resolve()
    })
  })
  const { id } = await engine.run({ document: fullDocument(project.folder, { pauseMs: 500 }) })
  await working
  const { steps, status } = await engine.runDetail({ run: id })
  expect(status).toBe('running')
  expect(steps).toHaveLength(7)
  expect(Object.fromEntries(steps.map((step) => [step.node, step.status]))).toMatchObject({
    read: 'done',
    left: 'running',
    count: 'queued',
  })
  expect((await engine.runs({}))[0]!.counts).toMatchObject({ done: 1, queued: 4 })
  await engine.idle(id)
})

test('any pipeline runs its steps behind their sources, and a second time none', async () => {
  const engine = await project.open()
  const rows = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(rows, fc.string({ maxLength: 4 }), async (sources, suffix) => {
      const id = (index: number) => (index === 0 ? 'read' : `n${index}`)
      const nodes = Object.fromEntries([
        ['read', { type: 'read', params: { folder: project.folder } }],
        ...sources.map((_, index) => [id(index + 1), { type: 'change', params: { suffix: `${suffix}${index % 2}` } }]),
      ])
      const wires = sources.map(([source], index) => `${id(source! % (index + 1))}.table ${id(index + 1)}.table`)
      const document = testingDocument(nodes, wires)
      const { events, summary } = await runToEnd(engine, { document })
      expect(summary.status).toBe('done')
      const ended: string[] = []
      for (const event of events) {
        if (event.type !== 'step') continue
        if (event.status === 'done' || event.status === 'cached') ended.push(event.node)
        if (event.status === 'running')
          for (const wire of wires)
            if (wire.endsWith(` ${event.node}.table`)) expect(ended).toContain(wire.split('.')[0])
      }
      expect(ended.length).toBe(sources.length + 1)
      expect((await runToEnd(engine, { document })).summary.counts).toEqual({ cached: sources.length + 1 })
    }),
    { numRuns: 12 },
  )
})
