import { describe, expect, it } from 'vitest'
import type { NodeCheck, StepSummary } from '#contract'
import { nodeFace } from './node-face.ts'
import type { RunProgress, RunState } from './run-store.ts'

const idle: RunState = { runs: {}, current: null, starting: false }
const step = (more: Partial<StepSummary> = {}): StepSummary => ({
  run: 'r1',
  node: 'a',
  nodeType: 'data/x',
  status: 'done',
  ms: 230,
  problems: [],
  outputs: {},
  card: { text: '**1** row' },
  ...more,
})
const check = (more: Partial<NodeCheck> = {}): NodeCheck => ({
  state: 'ready',
  problems: [],
  inputs: {},
  outputs: {},
  ...more,
})
function during(steps: Readonly<Record<string, StepSummary>>, more: Partial<RunProgress> = {}): RunState {
  const run: RunProgress = {
    id: 'r1',
    pipeline: 'x',
    status: 'running',
    startedAt: 0,
    steps,
    order: Object.keys(steps),
    progress: {},
    live: {},
    times: {},
    logs: [],
    ...more,
  }
  return { runs: { r1: run }, current: 'r1', starting: false }
}

describe('face of a node', () => {
  it('names what is missing', () => {
    const problem = { code: 'port-missing', message: 'no wire', path: ['inputs', 'table'] } as const
    expect(nodeFace('a', check({ state: 'not-configured', problems: [problem] }), idle)).toMatchObject({
      state: 'not-configured',
      word: 'needs table',
    })
  })

  it('shows the last result of an opened file, and keeps it readable when it is stale', () => {
    expect(nodeFace('a', check({ state: 'cached', last: step() }), idle)).toMatchObject({
      state: 'done',
      word: '0.2\u00a0s',
    })
    const stale = nodeFace('a', check({ state: 'stale', why: ['trees 100 → 300'], last: step() }), idle)
    expect(stale).toMatchObject({
      state: 'stale',
      word: 'stale',
      why: ['trees 100 → 300'],
      card: { text: '**1** row' },
    })
  })

  it('is ready, not stale, while there is no result to be old', () => {
    expect(nodeFace('a', check({ state: 'stale', last: step({ status: 'failed' }) }), idle).state).toBe('ready')
  })

  it('lets a run under way speak first, an edit after it last', () => {
    const running = during({ a: step({ status: 'running' }) }, { progress: { a: { fraction: 0.62 } } })
    expect(nodeFace('a', check({ state: 'stale', last: step() }), running)).toMatchObject({
      state: 'running',
      word: '62\u00a0%',
    })
    const over = during({ a: step() }, { status: 'done' })
    expect(nodeFace('a', check({ state: 'stale', last: step() }), over).state).toBe('stale')
    expect(nodeFace('a', check({ state: 'cached', last: step({ status: 'cached' }) }), over).state).toBe('done')
  })

  it('counts the line, tells gates and reviews from failures', () => {
    const queue = during({ b: step({ node: 'b', status: 'queued' }), a: step({ status: 'queued' }) })
    expect(nodeFace('a', check(), queue).word).toBe('second in line')
    expect(nodeFace('a', check({ last: step({ verdict: 'fail' }) }), idle).state).toBe('gate')
    expect(nodeFace('a', check({ last: step({ verdict: 'wait' }) }), idle).state).toBe('waiting')
    expect(nodeFace('a', check({ last: step({ verdict: 'pass' }) }), idle).state).toBe('done')
  })

  it('shows what a failed step said', () => {
    const problem = { code: 'data-bad', message: '14 values are not numbers' } as const
    const failed = nodeFace('a', check({ last: step({ status: 'failed', problems: [problem] }) }), idle)
    expect(failed).toMatchObject({ state: 'failed', problems: [problem] })
  })
})

describe('a result that is there already', () => {
  const known = check({ state: 'cached', last: step({ key: 'k' as never }) })
  const skipped = { a: step({ status: 'skipped' }) }

  it('comes back when an edit is undone, but not where an assertion holds it back', () => {
    expect(nodeFace('a', known, during(skipped, { status: 'failed' })).state).toBe('done')
    expect(nodeFace('a', known, during(skipped, { status: 'gate-failed' })).state).toBe('skipped')
  })
})
