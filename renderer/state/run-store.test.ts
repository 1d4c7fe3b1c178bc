import { describe, expect, it } from 'vitest'
import type { RunEvent, StepStatus } from '#contract'
import { createRunStore, currentRun, isRunning, runCounts } from './run-store.ts'

let time = 0
const stepEvent = (run: string, node: string, status: StepStatus): RunEvent => ({
  type: 'step',
  run,
  node,
  nodeType: 'data/x',
  status,
  problems: [],
  outputs: {},
})
const runEvent = (id: string, status: 'running' | 'done' | 'failed'): RunEvent => ({
  type: 'run',
  id,
  status,
  pipeline: 'Loans',
})

describe('run store', () => {
  it('follows a run from its events, also those that come before its id is known', () => {
    time = 100
    const store = createRunStore(() => time)
    store.starting()
    expect(isRunning(store.getState())).toBe(true)
    store.receive(runEvent('r1', 'running'))
    for (const node of ['a', 'b', 'c']) store.receive(stepEvent('r1', node, 'queued'))
    store.started('r1')
    store.receive(stepEvent('r1', 'a', 'cached'))
    store.receive(stepEvent('r1', 'b', 'running'))
    store.receive({ type: 'progress', run: 'r1', node: 'b', fraction: 0.5, note: 'half' })
    time = 300
    store.receive(stepEvent('r1', 'b', 'done'))
    store.receive({ type: 'log', run: 'r1', node: 'b', level: 'info', message: 'hello' })
    const run = currentRun(store.getState())!
    expect(run.order).toEqual(['a', 'b', 'c'])
    expect(run.progress.b).toEqual({ fraction: 0.5, note: 'half' })
    expect(run.times.b).toEqual({ start: 100, end: 300 })
    expect(run.logs).toMatchObject([{ node: 'b', message: 'hello' }])
    expect(runCounts(run)).toEqual({ total: 3, finished: 2, cached: 1 })
    store.receive(stepEvent('r1', 'c', 'failed'))
    store.receive(runEvent('r1', 'failed'))
    expect(isRunning(store.getState())).toBe(false)
    expect(runCounts(currentRun(store.getState())!).failed).toBe('c')
  })

  it('keeps runs apart and forgets the oldest, never the current one', () => {
    const store = createRunStore(() => 0)
    store.receive(runEvent('mine', 'done'))
    store.started('mine')
    for (let number = 0; number < 20; number++) store.receive(runEvent(`other-${number}`, 'done'))
    expect(Object.keys(store.getState().runs).length).toBeLessThan(10)
    expect(currentRun(store.getState())?.id).toBe('mine')
  })

  it('is not running after a start that failed', () => {
    const store = createRunStore()
    store.starting()
    store.started(null)
    expect(isRunning(store.getState())).toBe(false)
    expect(currentRun(store.getState())).toBeUndefined()
  })

  it('takes over a stored run after its events could not be heard', () => {
    const store = createRunStore(() => 0)
    store.receive(runEvent('r1', 'running'))
    store.receive(stepEvent('r1', 'a', 'running'))
    store.started('r1')
    const { type: _, ...a } = stepEvent('r1', 'a', 'done') as Extract<RunEvent, { type: 'step' }>
    store.adopt({
      id: 'r1',
      pipeline: 'Loans',
      status: 'done',
      startedAt: '2026-11-24T13:48:00.000Z',
      ms: 1000,
      counts: { done: 1 },
      metrics: [],
      document: {
        format: 1,
        name: 'x',
        description: '',
        seed: 1,
        nodes: {},
        edges: [],
        inputs: {},
        layout: {},
        frames: [],
        notes: [],
      },
      steps: [a],
      environment: {},
      logs: [],
      reviews: [],
    })
    expect(isRunning(store.getState())).toBe(false)
    expect(currentRun(store.getState())?.steps.a?.status).toBe('done')
  })
})
