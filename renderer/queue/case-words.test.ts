import { expect, test } from 'vitest'
import type { QueuedCase } from '#contract'
import { answerWords, causeWords, choiceOfKey, keyOfChoice, reasonWords, spokenCell, spokenName } from './case-words.ts'

test('names and cells as one would say them', () => {
  expect(['debt_ratio', 'credit.history', '_'].map(spokenName)).toEqual(['Debt ratio', 'Credit history', '_'])
  expect([null, true, false, 0.25, 'salaried'].map(spokenCell)).toEqual(['not given', 'yes', 'no', '0.250', 'salaried'])
  expect(causeWords({ cause: 'unseen', column: 'employment' })).toBe('has a value training never saw: Employment')
})

test('the model speaks only where it may be heard', () => {
  const choices = ['yes', 'no']
  expect(answerWords({ choices })).toBeUndefined()
  expect(answerWords({ choices, answer: { decision: 'no', score: 0.31, fallback: false } })).toBe(
    'The model says no, score 0.310',
  )
  expect(answerWords({ choices, answer: { decision: 'no', score: null, fallback: true } })).toContain(
    'the fallback rule says no',
  )
  expect(answerWords({ answer: { decision: 12.5, score: 12.5, fallback: false } })).toBe('The model says 12.50')
})

test('reasons speak for or against the class they explain, the strongest whole', () => {
  const contributions = [
    { feature: 'debt_ratio', contribution: -0.8 },
    { feature: 'income', contribution: 0.4 },
  ]
  const reasons = { method: 'Tree SHAP', space: 'log-odds', class: 'yes', base: 0, contributions }
  const of = (one: Pick<QueuedCase, 'reasons' | 'choices'>) => reasonWords(one)
  expect(of({ reasons, choices: ['yes', 'no'] })).toMatchObject([
    { text: 'Debt ratio speaks against yes, −0.800', against: true, share: 1 },
    { text: 'Income speaks for yes, +0.400', against: false, share: 0.5 },
  ])
  const { class: _, ...number } = reasons
  expect(of({ reasons: number })[0]!.text).toBe('Debt ratio lowers it, −0.800')
  expect(of({ reasons: { notAvailable: 'None.' } })).toEqual([])
})

test('A and R are the first two answers, digits all of them', () => {
  const choices = ['good', 'fair', 'poor']
  expect(['a', 'R', '3', '4', 'x'].map((key) => choiceOfKey(key, choices))).toEqual([
    'good',
    'fair',
    'poor',
    undefined,
    undefined,
  ])
  expect(choiceOfKey('a', undefined)).toBeUndefined()
  expect([0, 1, 2].map(keyOfChoice)).toEqual(['A', 'R', '3'])
})
