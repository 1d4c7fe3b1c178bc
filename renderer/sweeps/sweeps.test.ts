import { expect, test } from 'vitest'
import type { SweepDetail, SweepTrial } from '#contract'
import type { Parameter } from '../form/parameter.ts'
import { rankedTrials, settingNames, sweepChart } from './sweep-chart.ts'
import { emptyDraft, firstValues, knownFigures, planOf } from './sweep-draft.ts'

const plan = {
  parameters: [
    { setting: 'model.penalty', range: { low: 0.1, high: 10, log: true } },
    { setting: 'model.kind', values: ['ridge', 'auto'] },
  ],
  strategy: 'grid',
  metric: { node: 'judge', name: 'loss' },
} as const
const trial = (number: number, penalty: number, value?: number): SweepTrial => ({
  number,
  settings: { 'model.penalty': penalty, 'model.kind': number % 2 ? 'auto' : 'ridge' },
  status: value === undefined ? 'failed' : 'done',
  ...(value === undefined ? {} : { estimate: { value } }),
})
const detail: Pick<SweepDetail, 'plan' | 'trials' | 'better' | 'label'> = {
  plan,
  label: 'Loss',
  better: 'low',
  trials: [trial(0, 0.1, 0.6), trial(1, 1, 0.2), trial(2, 10), trial(3, 3, 0.4)],
}

test('trials are ranked by what is better, those without a value last', () => {
  expect(rankedTrials(detail).map(({ number }) => number)).toEqual([1, 3, 0, 2])
  expect(rankedTrials({ ...detail, better: 'high' }).map(({ number }) => number)).toEqual([0, 3, 1, 2])
})

test('the chart has an axis a setting and one for the figure; the best line is the strongest', () => {
  const chart = sweepChart(detail, new Map([['model.penalty', 'Penalty']]))!
  expect(chart.axes).toEqual([
    { title: 'Penalty', low: 0.1, high: 10, log: true },
    { title: 'model.kind', words: ['ridge', 'auto'] },
    { title: 'Loss', low: 0.2, high: 0.6 },
  ])
  expect(chart.lines.map(({ label, strength }) => [label, strength])).toEqual([
    ['trial 1', 0],
    ['trial 2', 1],
    ['trial 4', 0.5],
  ])
  expect(chart.lines[1]!.values).toEqual([1, 'auto', 0.2])
  expect(sweepChart({ ...detail, trials: [trial(2, 10)] }, new Map())).toBeUndefined()
})

test('a setting with one value is no axis: every trial has it', () => {
  const fixed = { setting: 'judge.rows', values: ['validation'] }
  const plan = { ...detail.plan, parameters: [...detail.plan.parameters, fixed] }
  expect(settingNames({ plan })).toEqual(['model.penalty', 'model.kind'])
  expect(settingNames({ plan: { ...plan, parameters: [fixed] } })).toEqual(['judge.rows'])
})

test('a draft becomes a plan, or says what is missing', () => {
  const rows = [{ setting: 'model.penalty', text: '0.1..10', log: true }]
  const draft = { ...emptyDraft, rows, metric: 'judge.fairness.ratio' }
  expect(planOf(draft)).toEqual({
    plan: {
      parameters: [{ setting: 'model.penalty', range: { low: 0.1, high: 10, log: true } }],
      strategy: 'grid',
      metric: { node: 'judge', name: 'fairness.ratio' },
    },
  })
  expect(planOf({ ...draft, rows: [] })).toHaveProperty('missing')
  expect(planOf({ ...draft, metric: 'judge' })).toHaveProperty('missing')
  expect(planOf({ ...draft, strategy: 'halving' })).toHaveProperty('missing')
  expect(planOf({ ...draft, rows: [{ ...rows[0]!, text: '' }] })).toHaveProperty('missing')
  const budget = { setting: 'split.rows', least: '100', most: '900' }
  expect(planOf({ ...draft, strategy: 'halving', trials: '9', budget })).toMatchObject({
    plan: { trials: 9, budget: { setting: 'split.rows', least: 100, most: 900 } },
  })
})

test('values to begin with stay within what the parameter takes', () => {
  const number: Parameter = {
    name: 'trees',
    kind: 'number',
    title: 'Trees',
    description: '',
    choices: [],
    nullable: false,
    integer: true,
    of: 'table',
    advanced: false,
    items: [],
    minimum: 1,
    maximum: 150,
  }
  expect(firstValues(number, 100)).toBe('50, 100, 150')
  expect(firstValues({ ...number, kind: 'choice', choices: ['a', 3] }, 'a')).toBe('a, 3')
  expect(firstValues({ ...number, kind: 'boolean' }, true)).toBe('true, false')
})

test('figures of nodes that are gone are not offered', () => {
  const metric = { name: 'loss', label: 'Loss', better: 'low', value: 1 } as const
  const run = {
    id: 'r',
    pipeline: 'p',
    status: 'done',
    startedAt: '',
    counts: {},
    metrics: [
      { ...metric, node: 'judge' },
      { ...metric, node: 'gone' },
    ],
  } as const
  const nodes = { judge: { type: 'assess/evaluate', version: 1, params: {} } }
  expect(knownFigures([run, run], { nodes })).toEqual([{ name: 'judge.loss', label: 'Loss' }])
})
