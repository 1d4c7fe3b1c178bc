import { describe, expect, it } from 'vitest'
import type { Hash, NodeCheck, StepStatus, StepSummary } from '#contract'
import { describeNode } from '../describe-node.ts'
import { pipeline, testingNodes } from '../testing-nodes.ts'
import { checkGroups, groupStep } from './check-groups.ts'
import { expandGroups } from './expand-groups.ts'
import { packNodes } from './pack-nodes.ts'

const cards = new Map(testingNodes.map((node) => [node.type as string, describeNode(node)]))
const answer = packNodes(
  pipeline({ load: { type: 'data/source' }, keep: { type: 'prepare/pick' }, learn: { type: 'train/learn' } }, [
    'load.table keep.table',
    'keep.table learn.table',
    'learn.model gate.models',
  ]),
  new Set(['keep', 'learn']),
  'Clean',
  cards,
)
if ('code' in answer) throw new Error(answer.message)
const expanded = expandGroups(answer.document)

const check = (state: NodeCheck['state'], more: Partial<NodeCheck> = {}): NodeCheck => ({
  state,
  problems: [],
  inputs: {},
  outputs: {},
  ...more,
})
const step = (node: string, status: StepStatus, more: Partial<StepSummary> = {}): StepSummary => ({
  run: 'r1',
  node,
  nodeType: 'x/y',
  status,
  problems: [],
  outputs: {},
  ...more,
})
const columns = [{ name: 'income', type: 'number', nullable: false }] as const
const groupOf = (keep: NodeCheck, learn: NodeCheck) =>
  checkGroups(expanded, { 'clean--keep': keep, 'clean--learn': learn }).clean!

describe('where a group stands', () => {
  it('is the least finished of its nodes', () => {
    expect(groupOf(check('cached'), check('cached')).state).toBe('cached')
    expect(groupOf(check('cached'), check('ready')).state).toBe('ready')
    expect(groupOf(check('not-configured'), check('stale')).state).toBe('not-configured')
    expect(groupOf(check('cached'), check('stale', { why: ['limit 1 → 2'] }))).toMatchObject({
      state: 'stale',
      why: ['learn: limit 1 → 2'],
    })
  })

  it('has the schemas of the ports inside, those of nodes for its settings, and all their problems', () => {
    const problem = { code: 'rows-missing', message: 'Too few.' } as const
    const keep = check('ready', { inputs: { table: { columns } }, outputs: { table: { rows: 3 } } })
    const learn = check('ready', { outputs: { model: { target: 'y' } }, problems: [problem] })
    const group = groupOf(keep, learn)
    expect(group.inputs).toEqual({ table: { columns }, 'keep.table': { columns } })
    expect(group.outputs).toEqual({ model: { target: 'y' } })
    expect(group.problems).toEqual([{ ...problem, node: 'clean--learn' }])
  })

  it('adds up what is forecast', () => {
    const forecast = (ms: number, bytes: number, from: number) => check('ready', { forecast: { ms, bytes, from } })
    expect(groupOf(forecast(100, 5, 4), forecast(50, 9, 2)).forecast).toEqual({ ms: 150, bytes: 9, from: 2 })
  })
})

describe('the steps of a group as one', () => {
  const status = (...steps: readonly StepStatus[]) => {
    const ids = ['clean--keep', 'clean--learn']
    return groupStep(
      expanded,
      'clean',
      steps.map((one, at) => [ids[at]!, step(ids[at]!, one)] as const),
    )?.status
  }

  it('are queued, running, failed or done', () => {
    expect(status('queued', 'queued')).toBe('queued')
    expect(status('cached', 'queued')).toBe('queued')
    expect(status('done', 'queued')).toBe('running')
    expect(status('done', 'running')).toBe('running')
    expect(status('failed', 'skipped')).toBe('failed')
    expect(status('cancelled', 'skipped')).toBe('cancelled')
    expect(status('done', 'cached')).toBe('done')
    expect(status('cached', 'cached')).toBe('cached')
    expect(status()).toBeUndefined()
  })

  it('stand for the last of them, with what the ports give and the worst verdict', () => {
    const made = { hash: 'h' as Hash, kind: 'model', bytes: 1 }
    const table = { hash: 't' as Hash, kind: 'table', bytes: 1 }
    const keep = step('keep', 'done', { ms: 2, peakBytes: 7, outputs: { table }, verdict: 'fail' })
    const learn = step('learn', 'done', { ms: 3, outputs: { model: made }, verdict: 'pass' })
    const whole = groupStep(expanded, 'clean', [
      ['clean--keep', keep],
      ['clean--learn', learn],
      ['load', step('load', 'failed')],
    ])
    expect(whole).toMatchObject({ node: 'learn', title: 'Clean', status: 'done', ms: 5, peakBytes: 7, verdict: 'fail' })
    expect(whole!.outputs).toEqual({ model: made })
  })
})
