import { expect, test } from 'vitest'
import type { Evaluation, Hash, Model, Release } from '#contract'
import { renderBlock } from '#report/render-block'
import { modelCard } from './model-card.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const model = {
  kind: 'model',
  purpose: 'binary',
  features: [{ name: 'income', type: 'number', nullable: true }],
  target: 'approved',
  classes: ['no', 'yes'],
  positive: 'yes',
  threshold: 0.4,
  protected: ['sex'],
  learner: { type: 'train/linear', version: 1, params: {} },
  training: { table: hash('1'), rows: 10, seed: 3 },
  metrics: [{ name: 'train.roc_auc', label: 'ROC AUC', better: 'high', value: 0.8 }],
  engine: '0.1.0',
} as unknown as Model
const evaluation = (subject: Evaluation['subject'], label: string, value: number): Evaluation => ({
  kind: 'evaluation',
  subject,
  model: hash('a'),
  table: hash('1'),
  split: 'test',
  rows: 40,
  metrics: [{ name: label, label, better: 'high', value, low: value - 0.1, high: value + 0.1, n: 40 }],
})
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
const material = {
  name: 'loans',
  description: 'Suggests approvals.',
  limits: 'Not for businesses.',
  model,
  modelHash: hash('a'),
  evaluations: [] as Evaluation[],
  releases: [] as Release[],
  reviewers: [] as { stage: 'production'; role: string }[],
}
const html = (more: Partial<typeof material>) =>
  modelCard({ ...material, ...more })
    .blocks.map((block) => renderBlock(block))
    .join('')

test('the card holds purpose, data, figures, fairness, limits, gates and reviewers', () => {
  const card = html({
    evaluations: [evaluation('performance', 'Accuracy', 0.75), evaluation('fairness', 'Impact ratio', 0.9)],
    releases: [release],
    reviewers: [{ stage: 'production', role: 'Credit expert' }],
  })
  for (const words of ['Suggests approvals.', 'Not for businesses.', 'Accuracy', 'Impact ratio', '40 rows of test'])
    expect(card).toContain(words)
  for (const words of ['Four-fifths rule', 'Credit expert', '10 rows, seed 3', 'sex', '0.4 for yes', hash('a')])
    expect(card).toContain(words)
  expect(card).not.toContain('ROC AUC')
})

test('what was not measured or written is said to be missing', () => {
  const card = html({ description: '', limits: '' })
  expect(card).toContain('Nobody has written down what this model is for.')
  expect(card).toContain('No limits of use were written down.')
  expect(card).toContain('Nothing was measured.')
  expect(card).toContain('ROC AUC')
  expect(card).toContain('as trained')
})
