import { expect, test } from 'vitest'
import type { RunComparison, RunSummary } from '#contract'
import { comparisonGroups, valueText } from './comparison-rows.ts'
import { metricColumns } from './metric-columns.ts'
import { runSigns, shortId, stepSigns } from './status-signs.ts'

type Metric = RunSummary['metrics'][number]
const metric = (node: string, name: string, value: number | null, half = 0.01): Metric => ({
  node,
  name,
  label: name,
  better: 'high',
  value,
  ...(value === null ? {} : { low: value - half, high: value + half }),
})
const run = (id: string, metrics: readonly Metric[]): RunSummary => ({
  id,
  pipeline: 'p',
  status: 'done',
  startedAt: '2026-11-24T12:00:00Z',
  counts: {},
  metrics,
})

test('columns are the metrics most runs have, the telling ones first', () => {
  const runs = [
    run('a', [
      metric('evaluate', 'brier', 0.1),
      metric('evaluate', 'accuracy', 0.8),
      metric('audit', 'fairness.ratio', 0.7),
    ]),
    run('b', [metric('evaluate', 'accuracy', 0.9)]),
  ]
  const columns = metricColumns(runs, 2)
  expect(columns.map((column) => column.key)).toEqual(['fairness.ratio', 'accuracy'])
  expect(columns[1]!.extent[0]).toBeCloseTo(0.772, 12)
  expect(columns[1]!.extent[1]).toBeCloseTo(0.928, 12)
  expect(columns[0]!.valueOf(runs[1]!)).toBeUndefined()
})

test('one name from two nodes of a run makes two columns', () => {
  const runs = [run('a', [metric('x', 'accuracy', 0.8), metric('y', 'accuracy', 0.6)])]
  const columns = metricColumns(runs, 5)
  expect(columns.map((column) => column.key)).toEqual(['x accuracy', 'y accuracy'])
  expect(columns.map((column) => column.valueOf(runs[0]!)!.value)).toEqual([0.8, 0.6])
})

test('metrics without a value make no column', () => {
  expect(metricColumns([run('a', [metric('x', 'auc', null)])], 3)).toEqual([])
})

test('a comparison says change, direction and whether intervals meet', () => {
  const comparison: RunComparison = {
    a: run('a', [metric('e', 'accuracy', 0.8), metric('e', 'loss', 0.5)]),
    b: run('b', [metric('e', 'accuracy', 0.9), { ...metric('e', 'loss', 0.505), better: 'low' }]),
    parameters: [{ node: 'train', path: 'strength', a: 1, b: 0.5 }],
    inputs: [],
    metrics: [
      { node: 'e', name: 'accuracy', label: 'Accuracy', a: 0.8, b: 0.9 },
      { node: 'e', name: 'loss', label: 'Loss', a: 0.5, b: 0.505 },
      { node: 'e', name: 'new', label: 'New', a: null, b: 1 },
    ],
    artifacts: [{ node: 'train', port: 'model', a: 'a'.repeat(64), b: null }],
  }
  const groups = comparisonGroups(comparison)
  expect(groups.map((group) => group.title)).toEqual(['Settings', 'Figures', 'Results'])
  const [accuracy, loss, fresh] = groups[1]!.rows
  expect(accuracy).toMatchObject({ change: '+0.10', tone: 'ok', strong: true })
  expect(loss).toMatchObject({ tone: 'bad' })
  expect(loss!.strong).toBeUndefined()
  expect(fresh!.change).toBeUndefined()
  expect(groups[2]!.rows[0]).toMatchObject({ a: 'aaaaaaaa…', b: '–', differs: true })
})

test('values in a line', () => {
  expect(valueText(null)).toBe('–')
  expect(valueText(0.5)).toBe('0.5')
  expect(valueText(10000)).toBe('10\u202f000')
  expect(valueText(['a', 'b'])).toBe('["a","b"]')
  expect(valueText('')).toBe('empty')
  expect(valueText(true)).toBe('on')
})

test('every status has a glyph and a word', () => {
  for (const sign of [...Object.values(runSigns), ...Object.values(stepSigns)]) {
    expect(sign.glyph).toHaveLength(1)
    expect(sign.word).not.toBe('')
  }
  expect(shortId('0142')).toBe('0142')
  expect(shortId('20261124-134805-3f7a')).toBe('3f7a')
  expect(shortId('01JD2X0Q3M4N5P6R7S8T9V')).toBe('01JD2X0Q')
})
