import { expect, test } from 'vitest'
import type { Evaluation, Explanation, Fairness, Hash, Model, Release } from '#contract'
import { renderBlock } from '#report/render-block'
import { type CardMaterial, modelCard } from './model-card.ts'
import node from './node.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const model = {
  kind: 'model',
  purpose: 'binary',
  onnx: hash('f'),
  onnxBytes: 2_048,
  features: [{ name: 'income', type: 'number', nullable: true }],
  target: 'approved',
  classes: ['no', 'yes'],
  positive: 'yes',
  threshold: 0.4,
  protected: ['sex'],
  learner: { type: 'train/linear', version: 1, params: { penalty: 3, target: '', facts: { kept: 'no setting' } } },
  training: { table: hash('1'), rows: 10, seed: 3 },
  metrics: [{ name: 'train.roc_auc', label: 'ROC AUC', better: 'high', value: 0.8 }],
  engine: '0.1.0',
} as unknown as Model
const evaluation = (subject: Evaluation['subject'], label: string, value: number): Evaluation => ({
  kind: 'evaluation',
  subject,
  model: hash('a'),
  table: hash('2'),
  split: 'test',
  rows: 40,
  metrics: [{ name: label, label, better: 'high', value, low: value - 0.1, high: value + 0.1, n: 40 }],
})
const performance: Evaluation = {
  ...evaluation('performance', 'Accuracy', 0.75),
  performance: {
    task: 'binary',
    curves: [],
    against: [{ title: 'Majority', metrics: [{ name: 'Accuracy', label: 'Accuracy', better: 'high', value: 0.61 }] }],
  },
}
const slice = { conditions: [], rows: 12, errors: 6, shareOfErrors: 0.6, shareOfData: 0.3, room: 0.08, small: false }
const sliced: Evaluation = {
  ...evaluation('slices', 'Error rate', 0.25),
  metrics: [{ name: 'slices.beyond_chance', label: 'Beyond', better: 'low', value: 1, n: 34 }],
  slices: {
    metric: 'accuracy',
    overall: { value: 0.75 },
    slices: [{ ...slice, label: 'region = north', errorRate: { value: 0.5 }, metric: { value: 0.5 }, chance: 0.01 }],
  },
}
const group = { rows: 20, small: false, difference: { value: 0 } }
const fairness: Fairness = {
  scope: 'predictions',
  favourable: 'yes',
  ratioLimit: 0.8,
  intersections: [],
  attributes: [
    {
      columns: ['sex'],
      groups: [
        { ...group, group: 'm', reference: true, rate: { value: 0.6 }, ratio: { value: 1 } },
        { ...group, group: 'f', reference: false, rate: { value: 0.3 }, ratio: { value: 0.5, low: 0.3, high: 0.7 } },
      ],
    },
  ],
}
const audited: Evaluation = { ...evaluation('fairness', 'Impact ratio', 0.5), fairness }
const explanation: Explanation = {
  kind: 'explanation',
  model: hash('a'),
  table: hash('2'),
  method: 'Exact for linear models',
  space: 'log-odds',
  base: 0,
  rows: 40,
  features: [{ feature: 'income', importance: 1.25, direction: 'higher-helps' }],
  people: [{ row: 7, id: 'A00017', score: 0.3, outcome: 'refused', contributions: [] }],
}
const release: Release = {
  kind: 'release',
  verdict: 'pass',
  sentence: '',
  checks: [
    {
      label: 'Four-fifths rule',
      metric: 'fairness.ratio',
      operator: '>=',
      limit: 0.8,
      estimate: { value: 0.9 },
      verdict: 'pass',
      reason: '0.90 is at least 0.80.',
    },
  ],
}
const bare: CardMaterial = {
  name: 'loans',
  description: '',
  owner: '',
  users: '',
  data: '',
  limits: '',
  model,
  modelHash: hash('a'),
  evaluations: [],
  explanations: [],
  releases: [],
  reviewers: [],
  schemaHash: undefined,
}
const cardOf = (more: Partial<CardMaterial>) => modelCard({ ...bare, ...more })
const html = (more: Partial<CardMaterial>) =>
  cardOf(more)
    .blocks.map((block) => renderBlock(block))
    .join('')
const headings = (more: Partial<CardMaterial>) =>
  cardOf(more).blocks.flatMap((block) => (block.block === 'heading' ? [block.text] : []))

test('the card tells what it is for, the model, its data, every kind of figure, the checks and where it comes from', () => {
  const full: Partial<CardMaterial> = {
    description: 'Suggests approvals.',
    users: 'Credit officers decide.',
    limits: 'Not for businesses.',
    owner: 'Credit risk',
    data: 'Applications of 2025, without those by phone.',
    evaluations: [performance, sliced, audited, evaluation('reasons', 'Largest difference', 0.2)],
    explanations: [explanation],
    releases: [release],
    reviewers: [{ stage: 'production', role: 'Credit expert' }],
    schemaHash: hash('c'),
  }
  expect(headings(full)).toEqual([
    'Purpose',
    'The model',
    'The data',
    'How well it decides',
    'Where it goes wrong most',
    'How each group fares',
    'What drives the decision',
    'Other figures',
    'Checks',
    'Where it comes from',
  ])
  const card = html(full)
  for (const words of [
    'Suggests approvals.',
    'Credit officers decide.',
    'Not for businesses.',
    'Credit risk',
    'by phone',
  ])
    expect(card).toContain(words)
  for (const words of [
    'Majority',
    'region = north',
    'Of 34 slices that were tried, one is worse',
    'sex f',
    'Four-fifths',
  ])
    expect(card).toContain(words)
  for (const words of [
    'penalty 3',
    '0.4 for yes',
    'Credit expert',
    hash('a'),
    hash('1'),
    hash('2'),
    hash('c').slice(0, 12),
  ])
    expect(card).toContain(words)
  // neither single people nor the learner's own figures
  for (const words of ['A00017', 'ROC AUC', 'no setting', 'Nobody']) expect(card).not.toContain(words)
})

test('what was not measured or written is said to be missing', () => {
  const card = html({})
  for (const words of ['what this model is for', 'who uses it', 'the limits of its use', 'who answers for it'])
    expect(card).toContain(`Nobody has written down ${words}.`)
  expect(card).toContain('No audit was wired, so groups were not compared.')
  expect(card).toContain('Nobody looked for groups of rows')
  expect(card).toContain('as trained')
  expect(html({ model: { ...model, metrics: [] } })).toContain('Nothing was measured.')
  expect(html({ model: { ...model, protected: [] } })).toContain('No column is protected')
})

test('names that stand for versions already are no aliases', () => {
  const accepts = (alias: string) => node.params.safeParse({ aliases: [alias] }).success
  expect(['champion', 'v-next', 'produktion', '2026-q4'].map(accepts)).toEqual([true, true, true, true])
  expect(['production', 'Production', 'latest', '2', 'v12', 'retired'].map(accepts)).toEqual(Array(6).fill(false))
})
