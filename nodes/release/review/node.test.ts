import { expect, test } from 'vitest'
import type { Evaluation, Hash, Release, StoredReview } from '#contract'
import { judgeReviews, type ReviewOrder } from './run.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const evaluation = { value: { kind: 'evaluation', model: hash('a') } as Evaluation, hash: hash('e') }
const review = (more: Partial<StoredReview>): StoredReview => ({
  format: 1,
  run: 'r',
  evaluationHash: hash('e'),
  modelHash: hash('a'),
  reviewer: 'Ada',
  role: 'Credit expert',
  decision: 'approve',
  comment: '',
  features: [],
  at: '2026-11-21T09:00:00Z',
  id: more.reviewer ?? 'Ada',
  importedAt: '2026-11-21T10:00:00Z',
  ...more,
})
const judge = (reviews: readonly StoredReview[], order: Partial<ReviewOrder> = {}, releases: readonly Release[] = []) =>
  judgeReviews(
    { evaluations: [evaluation], model: undefined, releases },
    { roles: [], conditions: 'accept', ...order },
    reviews,
  )

test('without a review it waits, with one of anybody it passes', () => {
  expect(judge([])).toMatchObject({ verdict: 'wait', sentence: 'Waiting for a review.', model: hash('a') })
  expect(judge([review({ role: 'Anybody' })])).toMatchObject({ verdict: 'pass', sentence: 'Approved.' })
})

test('each role has to approve; capitals do not matter', () => {
  const roles = ['Credit Expert', 'Data protection']
  expect(judge([review({})], { roles }).checks.map(({ verdict }) => verdict)).toEqual(['pass', 'wait'])
  expect(judge([review({}), review({ reviewer: 'Bo', role: 'data protection' })], { roles }).verdict).toBe('pass')
})

test('a review of another model does not count', () => {
  expect(judge([review({ modelHash: hash('b') })]).verdict).toBe('wait')
})

test('a rejection fails it, also of somebody not asked, until the same person says otherwise', () => {
  const no = review({ reviewer: 'Bo', role: 'Lawyer', decision: 'reject', comment: 'Not in Spain.' })
  const rejected = judge([review({}), no], { roles: ['Credit expert'] })
  expect(rejected).toMatchObject({ verdict: 'fail', sentence: 'Not ready: a reviewer rejects it.' })
  expect(rejected.checks.at(-1)?.reason).toBe('Bo (Lawyer) rejects it: “Not in Spain.”.')
  expect(judge([review({}), no, { ...no, decision: 'approve' }], { roles: ['Credit expert'] }).verdict).toBe('pass')
})

test('conditions are accepted or waited for', () => {
  const conditional = review({ decision: 'approve-with-conditions' })
  expect(judge([conditional]).verdict).toBe('pass')
  expect(judge([conditional], { conditions: 'wait' }).verdict).toBe('wait')
})

test('a gate before the review that fails is told', () => {
  const gate: Release = { kind: 'release', verdict: 'fail', sentence: '', model: hash('a'), checks: [] }
  expect(judge([review({})], {}, [gate])).toMatchObject({
    verdict: 'fail',
    sentence: 'Not ready: a gate before the review fails.',
  })
  expect(() => judge([], {}, [{ ...gate, model: hash('b') }])).toThrow('different models')
})
