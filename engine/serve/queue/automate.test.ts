import { expect, test } from 'vitest'
import type { Automation, Hash, Model } from '#contract'
import { rowReader } from '../row-check.ts'
import { automationOf } from './automate.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const model: Model = {
  kind: 'model',
  purpose: 'binary',
  onnx: hash('0'),
  onnxBytes: 1,
  features: [
    { name: 'income', type: 'number', nullable: true },
    { name: 'employment', type: 'text', nullable: true },
  ],
  target: 'approved',
  classes: ['no', 'yes'],
  positive: 'yes',
  threshold: 0.5,
  protected: ['age_group'],
  learner: { type: 'train/linear', version: 1, params: {} },
  training: { table: hash('1'), rows: 10, seed: 1 },
  metrics: [],
  engine: '0.1.0',
}
const known = [
  { column: 'income', min: 100, max: 900 },
  { column: 'employment', levels: ['salaried', 'student'] },
]
const rows = [
  { income: 500, employment: 'salaried' },
  { income: 901, employment: 'pirate' },
  { income: null, employment: null },
]
const { feed } = rowReader(model.features)(rows)
const automate = (settings: Automation, of = model) => automationOf({ name: 'loans', version: 2, model: of }, settings)
const drafts = (settings: Automation, a: { fallback?: boolean; away?: boolean } = {}) =>
  automate(settings)!.drafts({
    feed: feed!,
    said: a.away ? undefined : rows.map(() => ({ decision: 'yes', score: a.fallback ? null : 0.6 })),
    fallback: a.fallback ?? false,
    request: 'r',
    explain: async () => ({ notAvailable: '' }),
  })
const causes = (...given: Parameters<typeof drafts>) => drafts(...given).map((draft) => draft?.why)

test('nothing is looked at where the model decides alone', () => {
  expect(automate({ level: 'full' })).toBeUndefined()
  expect(automationOf({ name: 'loans', version: 2, model }, undefined)).toBeUndefined()
})

test('values training never saw go to people; what is missing is not strange', () => {
  expect(causes({ level: 'full', known })).toEqual([
    undefined,
    [
      { cause: 'out-of-range', column: 'income' },
      { cause: 'unseen', column: 'employment' },
    ],
    undefined,
  ])
})

test('a rule answers nobody surely: its answers go to people where the model decides what is sure', () => {
  const band = { low: 0.4, high: 0.5 }
  expect(causes({ level: 'uncertain-to-human', band })).toEqual([undefined, undefined, undefined])
  expect(causes({ level: 'uncertain-to-human', band }, { fallback: true })[0]).toEqual([{ cause: 'fallback' }])
  expect(causes({ level: 'full', fallback: true }, { fallback: true })[0]).toEqual([{ cause: 'fallback' }])
  expect(causes({ level: 'veto' }, { fallback: true })[0]).toEqual([{ cause: 'veto' }])
})

test('a case knows what its level lets people see, and the positive class comes first', () => {
  const one = (settings: Automation, a = {}) => drafts(settings, a)[0]!
  expect(one({ level: 'suggest', dueHours: 2, vetoMinutes: 1 })).toMatchObject({
    model: 'loans',
    version: 2,
    automation: { level: 'suggest', dueHours: 2 },
    sight: 'before',
    choices: ['yes', 'no'],
    target: 'approved',
    protected: ['age_group'],
    answer: { decision: 'yes', score: 0.6 },
    pending: false,
  })
  expect(one({ level: 'human-only' }).sight).toBe('never')
  expect(one({ level: 'human-first' }).sight).toBe('after')
  expect(one({ level: 'full', auditShare: 1 })).toMatchObject({ sight: 'after', why: [{ cause: 'audit' }] })
  expect(one({ level: 'veto', auditShare: 1 })).toMatchObject({ pending: false, why: [{ cause: 'audit' }] })
  expect(one({ level: 'veto' })).toMatchObject({ pending: true, sight: 'before' })
  const away = one({ level: 'human-first' }, { away: true })
  expect([away.why, away.answer]).toEqual([[{ cause: 'away' }], undefined])
})

test('of numbers there is nothing to choose from', () => {
  const { classes: _, positive: __, threshold: ___, ...rest } = model
  const number = automate({ level: 'suggest' }, { ...rest, purpose: 'regression' })!
  const said = rows.map(() => ({ decision: 12, score: 12 }))
  const [draft] = number.drafts({
    feed: feed!,
    said,
    fallback: false,
    request: 'r',
    explain: async () => ({ notAvailable: '' }),
  })
  expect(draft).toMatchObject({ answer: { decision: 12 } })
  expect(draft!.choices).toBeUndefined()
})
