import { expect, test } from 'vitest'
import { boardStages, movesOf, reviewerStates, servingText } from './version-moves.ts'

test('every stage has a column, and no move leads back to where a version stands', () => {
  for (const { stage } of boardStages) expect(movesOf({ stage })).not.toContain(stage)
  expect(movesOf({ stage: 'production' })).toEqual([])
})

test('a role is approved, rejected or missing, whatever its capitals', () => {
  const model = {
    reviewers: [
      { stage: 'acceptance', role: 'Credit expert' },
      { stage: 'production', role: 'Credit expert' },
      { stage: 'production', role: 'Lawyer' },
      { stage: 'production', role: 'Auditor' },
    ],
  } as const
  const reviews = [
    { reviewer: 'Ada', role: 'credit expert', decision: 'approve' },
    { reviewer: 'Bo', role: 'Lawyer', decision: 'reject' },
  ]
  expect(reviewerStates(model, { reviews })).toEqual([
    { role: 'Credit expert', state: 'approved', who: 'Ada' },
    { role: 'Lawyer', state: 'rejected', who: 'Bo' },
    { role: 'Auditor', state: 'missing' },
  ])
})

test('says where a model is served', () => {
  expect(servingText({ servers: [] })).toBe('not served now')
  const server = { address: 'http://127.0.0.1:8600', selector: 'production', version: 2, startedAt: '' }
  expect(servingText({ servers: [server] })).toBe('version 2 answers at 127.0.0.1:8600')
})
