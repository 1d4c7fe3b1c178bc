import { expect, test } from 'vitest'
import type { Assertion, JudgedAssertion, StepSummary, WireVerdict } from '#contract'
import { wireMiddle, wirePath } from '../canvas/wire-path.ts'
import { type RunProgress, type RunState, reduceRun } from '../state/run-store.ts'
import { assertionText, foundText } from './assertion-text.ts'
import { focusedWire } from './focused-wire.ts'
import { shareText } from './share-text.ts'
import { knownMetrics } from './use-known-metrics.ts'
import { failingWires, judgedAssertions, wireVerdict } from './wire-verdict.ts'

const rows: Assertion = { metric: 'rows', operator: '>=', limit: 1_000 }
const wire = { from: 'a.table', to: 'b.table', assertions: [rows] }
const judged = (verdict: 'pass' | 'fail', assertion = rows): JudgedAssertion => ({
  ...assertion,
  value: 7,
  verdict,
  reason: '',
})
const found = (...checks: JudgedAssertion[]): WireVerdict => ({
  from: 'a.table',
  to: 'b.table',
  verdict: 'pass',
  checks,
})

function runs(status: 'running' | 'gate-failed', wires: readonly WireVerdict[]): RunState {
  const step: StepSummary = { run: 'r', node: 'a', nodeType: 'x/a', status: 'done', problems: [], outputs: {}, wires }
  const empty = { id: 'r', steps: {}, order: [], times: {} } as unknown as RunProgress
  const run = reduceRun(
    reduceRun(empty, { type: 'step', ...step }, 0),
    { type: 'run', id: 'r', status, pipeline: '' },
    0,
  )
  return { runs: { r: run }, current: 'r', starting: false }
}
const idle: RunState = { runs: {}, current: null, starting: false }

test('nothing asserted, not known, holds, fails', () => {
  expect(wireVerdict({ from: 'a.table', to: 'b.table' }, null, idle)).toBeUndefined()
  expect(wireVerdict(wire, null, idle)).toBe('unknown')
  expect(wireVerdict(wire, { wires: [found(judged('pass'))] }, idle)).toBe('pass')
  expect(wireVerdict(wire, { wires: [found(judged('fail'))] }, idle)).toBe('fail')
})

test('what was found for another limit says nothing', () => {
  const older = { wires: [found(judged('pass', { ...rows, limit: 5 }))] }
  expect(judgedAssertions(wire, older, idle)).toEqual([undefined])
  const two = { ...wire, assertions: [rows, { ...rows, limit: 5 }] }
  expect(wireVerdict(two, older, idle)).toBe('unknown')
})

test('a run under way speaks before the check, a check before a run that ended', () => {
  const check = { wires: [found(judged('pass'))] }
  expect(wireVerdict(wire, check, runs('running', [found(judged('fail'))]))).toBe('fail')
  expect(wireVerdict(wire, check, runs('gate-failed', [found(judged('fail'))]))).toBe('pass')
  expect(wireVerdict(wire, null, runs('gate-failed', [found(judged('fail'))]))).toBe('fail')
  const document = { edges: [wire, { from: 'a.table', to: 'c.table' }] } as never
  expect(failingWires(document, null, runs('gate-failed', [found(judged('fail'))]))).toEqual([wire])
})

test('assertions read like sentences', () => {
  expect(assertionText(rows)).toBe('number of rows ≥ 1\u202f000')
  expect(assertionText({ metric: 'mean', column: 'income', operator: '<=', limit: 0.5 })).toBe('mean of income ≤ 0.50')
  expect(assertionText({ metric: 'roc_auc', operator: '>=', limit: 0.8 })).toBe('roc_auc ≥ 0.80')
  expect(foundText(judged('pass'))).toBe('7')
  expect(foundText({ ...judged('pass'), metric: 'roc_auc', value: 0.7996, limit: 0.8 })).toBe('0.7996')
  expect(foundText({ ...judged('pass'), value: null })).toBe('–')
})

test('figures that were found have labels and stand first; announced beginnings are not offered', () => {
  const known = knownMetrics([{ name: 'roc_auc', label: 'ROC AUC' }], ['fairness.', 'accuracy', 'roc_auc'])
  expect([...known]).toEqual([
    ['roc_auc', 'ROC AUC'],
    ['accuracy', 'accuracy'],
  ])
})

test('shares keep the digits that say something', () => {
  expect([0, 0.0004, 0.0162, 0.4321, 1, null].map((value) => shareText({ value }))).toEqual([
    '0\u00a0%',
    '0.04\u00a0%',
    '1.6\u00a0%',
    '43\u00a0%',
    '100\u00a0%',
    '–',
  ])
})

test('a mark stands on its wire, also where the wire goes back', () => {
  expect(wireMiddle(0, 0, 200, 100)).toEqual([100, 50])
  const [x, y] = wireMiddle(300, 0, 0, 10)
  expect(wirePath(300, 0, 0, 10)).toContain(` ${y}H`)
  expect(x).toBe(150)
})

test('one selected wire has the focus', () => {
  expect(focusedWire(new Set(['a.table→b.table']))).toEqual({ node: 'a', port: 'table' })
  expect(focusedWire(new Set(['a', 'a.table→b.table']))).toBeNull()
  expect(focusedWire(new Set(['a']))).toBeNull()
})
