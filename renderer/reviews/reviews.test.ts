import { expect, test } from 'vitest'
import type { RunDetail, StepSummary, StoredReview } from '#contract'
import { ProblemError } from '#contract'
import { importReviewFile, importSentence, parseReview } from './read-review.ts'
import { queueOf } from './report-queue.ts'

const review: StoredReview = {
  format: 1,
  id: 'r1',
  run: '0142',
  evaluationHash: 'a',
  modelHash: 'b',
  reviewer: 'Ada',
  role: 'credit SME',
  decision: 'approve-with-conditions',
  comment: '',
  features: [],
  at: '2026-11-24T12:00:00Z',
  importedAt: '2026-11-24T13:00:00Z',
}
function detail(
  id: string,
  kind: string,
  reviews: readonly StoredReview[],
  status: RunDetail['status'] = 'done',
  pipeline = id,
): RunDetail {
  const step = {
    run: id,
    node: 'report',
    type: 'fairness/report',
    status: 'done',
    problems: [],
    outputs: { report: { hash: 'c', kind, bytes: 1 } },
  } as unknown as StepSummary
  return {
    id,
    pipeline,
    status,
    startedAt: '2026-11-24T12:00:00Z',
    counts: {},
    metrics: [],
    document: {} as RunDetail['document'],
    steps: [step],
    environment: {},
    logs: [],
    reviews,
  }
}

test('reports wait until they have a review; other runs never do', () => {
  const queue = queueOf([detail('1', 'report', []), detail('2', 'table', []), detail('3', 'report', [review])])
  expect(queue.waiting.map((run) => run.id)).toEqual(['1'])
  expect(queue.reviewed.map(({ run }) => run.id)).toEqual(['3'])
})

test('an older run of a pipeline and a failed one wait for nobody', () => {
  const runs = [
    detail('3', 'report', [], 'failed', 'p'),
    detail('2', 'report', [], 'done', 'p'),
    detail('1', 'report', [], 'done', 'p'),
  ]
  expect(queueOf(runs).waiting.map((run) => run.id)).toEqual(['2'])
})

test('a run that waits for a second reviewer stays in the queue', () => {
  expect(queueOf([detail('1', 'report', [review], 'waiting')]).waiting).toHaveLength(1)
})

test('an import is said in a sentence', () => {
  expect(importSentence(review)).toBe(
    'Ada, credit SME, approves with conditions run 0142. The review is in the lineage.',
  )
})

test('a file that is no review says what to choose instead', async () => {
  expect(() => parseReview('x.txt', 'hello')).toThrow(ProblemError)
  const engine = { importReview: async () => review } as unknown as Parameters<typeof importReviewFile>[0]
  const answer = await importReviewFile(engine, { name: 'x.txt', text: async () => 'hello' })
  expect(answer.problems[0]).toMatchObject({ code: 'file-format' })
  expect(answer.problems[0]!.fix).toMatch(/^Choose/)
})
