import { describe, expect, test } from 'vitest'
import type { NodeCheck } from '#contract'
import type { PastStep } from '#store/step-history'
import { forecastRun, forecastStep } from './forecast.ts'

const past = (ms: number, rows: number, node = 'other'): PastStep => ({
  node,
  pipeline: 'a.plumb.json',
  ms,
  bytes: 8,
  rows,
})
const here = { node: 'mine', pipeline: 'a.plumb.json', rows: 1_000 }

describe('of a step', () => {
  test('nothing is said without history', () => {
    expect(forecastStep([], here)).toBeUndefined()
  })

  test('steps of the same place count alone', () => {
    const history = [past(50, 1_000, 'mine'), past(900, 1_000), past(70, 1_000, 'mine')]
    expect(forecastStep(history, here)).toEqual({ ms: 60, bytes: 8, from: 2 })
  })

  test('time follows rows with the power that history shows', () => {
    const linear = [past(10, 100), past(20, 200), past(40, 400)]
    expect(forecastStep(linear, here)!.ms).toBeCloseTo(100, 6)
    const square = [past(1, 100), past(4, 200), past(16, 400)]
    expect(forecastStep(square, here)!.ms).toBeCloseTo(100, 6)
    const flat = [past(7, 100), past(7, 200), past(7, 400)]
    expect(forecastStep(flat, here)!.ms).toBeCloseTo(7, 6)
    expect(forecastStep([past(10, 100)], here)!.ms).toBe(100)
  })
})

describe('of a run', () => {
  const check = (state: NodeCheck['state'], ms?: number): NodeCheck => ({
    state,
    problems: [],
    inputs: {},
    outputs: {},
    ...(ms !== undefined && { forecast: { ms, bytes: ms, from: 1 } }),
  })
  const wire = (node: string) => ({ in: [{ node, port: 'out' }] })
  const plan = { order: ['a', 'b', 'c', 'd'], inputs: { a: {}, b: wire('a'), c: wire('a'), d: wire('c') } }

  test('it is the longest chain of what would run', () => {
    const nodes = { a: check('cached'), b: check('stale', 30), c: check('ready', 40), d: check('ready', 50) }
    expect(forecastRun(plan, nodes, 4)).toEqual({ ms: 90, bytes: 50, chain: ['c', 'd'], unknown: 0 })
  })

  test('on one thread it is all of it; steps without history are counted', () => {
    const nodes = { a: check('ready'), b: check('stale', 30), c: check('ready', 40), d: check('ready', 50) }
    expect(forecastRun(plan, nodes, 1)).toMatchObject({ ms: 120, unknown: 1 })
  })

  test('nothing is said when nothing runs, or nothing is known', () => {
    const cached = { a: check('cached'), b: check('cached'), c: check('cached'), d: check('cached') }
    expect(forecastRun(plan, cached, 2)).toBeUndefined()
    expect(forecastRun(plan, { ...cached, b: check('ready') }, 2)).toBeUndefined()
  })
})
