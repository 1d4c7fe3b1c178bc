import { expect, test } from 'vitest'
import type { RunEvent, RunSummary } from '#contract'
import { LiveDisplay } from './live-display.ts'
import { endSentence } from './run.ts'
import { jsonDisplay, plainDisplay, runDisplay } from './run-display.ts'
import { testingIo } from './testing-io.ts'

const step = (node: string, status: 'queued' | 'running' | 'done' | 'cached' | 'failed', more = {}): RunEvent =>
  ({ run: 'r1', node, nodeType: 'data/example', status, problems: [], outputs: {}, ...more, type: 'step' }) as RunEvent
const summary: RunSummary = {
  id: 'r1',
  pipeline: 'P',
  status: 'done',
  startedAt: '2026-11-24T13:48:00Z',
  ms: 2_345,
  counts: { done: 1, cached: 2 },
  metrics: [],
}
const events: readonly RunEvent[] = [
  { type: 'run', id: 'r1', status: 'running', pipeline: 'P' },
  step('rows', 'running'),
  { type: 'progress', run: 'r1', node: 'rows', fraction: 0.626 },
  { type: 'log', run: 'r1', node: 'rows', level: 'warning', message: 'one odd line' },
  { type: 'log', run: 'r1', node: 'rows', level: 'info', message: 'quiet' },
  step('rows', 'done', { ms: 1_234, card: { text: '**12** rows' } }),
  step('split', 'cached'),
  step('train', 'failed', { problems: [{ code: 'rows-missing', message: 'Too few rows.' }] }),
]

test('JSON: one event a line, the run once and last', () => {
  const io = testingIo('.')
  const display = jsonDisplay(io)
  for (const event of events) display.event(event)
  display.end(summary)
  const lines = io.written.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map((line) => line.type)).toEqual(['step', 'progress', 'log', 'log', 'step', 'step', 'step', 'run'])
  expect(lines.at(-1)).toEqual({ type: 'run', id: 'r1', status: 'done', pipeline: 'P', ms: 2_345 })
  expect(lines[0]).toMatchObject({ type: 'step', node: 'rows', status: 'running' })
})

test('plain: a line for each step that ended, and warnings', () => {
  const io = testingIo('.')
  const display = plainDisplay(io, ['rows', 'split', 'train'])
  for (const event of events) display.event(event)
  expect(io.written.out.replaceAll('\u00a0', ' ')).toBe(
    '  rows: one odd line\n✓ rows   1.2 s      12 rows\n↺ split  cache\n✕ train  failed     Too few rows.\n',
  )
})

test('in a terminal each draw replaces the last, and fits its height and width', () => {
  const io = testingIo('.', { isTerminal: true, rows: 6, columns: 30 })
  const ids = Array.from({ length: 9 }, (_, index) => `node-${index}`)
  const display = runDisplay(io, ids, false)
  expect(display).toBeInstanceOf(LiveDisplay)
  for (const id of ids.slice(0, 8))
    display.event(step(id, 'done', { ms: 100, card: { text: 'a fact that is longer than the line' } }))
  display.event(step('node-8', 'running'))
  display.event({ type: 'progress', run: 'r1', node: 'node-8', fraction: 0.626 })
  display.end(summary)
  const draws = io.written.out.split('\u001b[J')
  const last = draws.at(-1)!.split('\u001b[?25h')[0]!.trimEnd().split('\n')
  expect(draws.at(-2)!.endsWith('\u001b[4A\r')).toBe(true)
  expect(last).toHaveLength(4)
  expect(last.some((line) => line.startsWith('◔ node-8  62 %'))).toBe(true)
  expect(last.at(-1)).toMatch(/^8 of 9 nodes, /)
  expect(Math.max(...last.map((line) => [...line].length))).toBeLessThan(30)
})

test('the end in a sentence', () => {
  expect(endSentence(summary).replaceAll('\u00a0', ' ')).toBe(
    'Run r1 is done after 2.3 s: 1 node ran, 2 came from the cache.',
  )
  expect(endSentence({ id: 'r2', status: 'gate-failed', counts: {} })).toBe(
    'Run r2 is done; a gate or an assertion failed.',
  )
})
