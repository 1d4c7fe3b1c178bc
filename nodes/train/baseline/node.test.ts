import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Hash, ProblemError, Table } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import { parseRule } from '#ml/baseline/parse-rule'
import { columnFrom, frameOf } from '#ml/frame-of'
import { sampleImages } from '#ml/sample/images'
import node from './node.ts'

let scratch: Scratch
let table: Table
const frame = frameOf(
  columnFrom('income', 'number', [10, 50, null, 90, 30, 70]),
  columnFrom('job', 'text', ['none', 'paid', 'paid', null, '', 'self made']),
  columnFrom('since', 'date', [0, 1e12, null, 5e11, 0, 1e12]),
  columnFrom('owner', 'boolean', [true, false, true, null, false, true]),
  columnFrom('sex', 'text', ['m', 'f', 'm', 'f', 'm', 'f'], { role: 'protected' }),
  columnFrom('approved', 'text', ['no', 'yes', 'no', 'yes', null, 'no'], { role: 'target' }),
  columnFrom('grade', 'text', ['a', 'b', 'c', 'a', 'a', 'b'], { role: 'label' }),
  columnFrom('amount', 'number', [1, 2, 3, 4, 5, 9], { role: 'label' }),
)
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

const hashes = { table: 'a'.repeat(64) as Hash }
const make = async (given: Record<string, unknown>, of: Table = table) =>
  (await node.run({ inputs: { table: of }, hashes, params: node.params.parse(given), context: scratch.context })).model
const scoresOf = async (given: Record<string, unknown>) => {
  const model = await make(given)
  return [...(await scratch.context.models.score(model, frame)).values]
}

describe('constant answers', () => {
  test('prior, majority and mean', async () => {
    expect((await scoresOf({})).slice(0, 4)).toEqual([0.6, 0.4, 0.6, 0.4])
    expect((await scoresOf({ strategy: 'majority' })).slice(0, 2)).toEqual([1, 0])
    expect(await scoresOf({ strategy: 'mean', target: 'amount' })).toEqual(Array<number>(6).fill(4))
    expect((await scoresOf({ strategy: 'prior', target: 'grade' })).slice(0, 3)).toEqual([1 / 2, 1 / 3, 1 / 6])
  })

  test('auto takes the class shares for text and the mean for numbers', async () => {
    expect((await make({})).learner.params).toMatchObject({ strategy: 'prior' })
    expect((await make({ target: 'amount' })).learner.params).toMatchObject({ strategy: 'mean' })
  })

  test('a constant answer can be asked for a single row of unseen text', async () => {
    const columns = frame.columns.slice(1)
    const model = await make({}, await scratch.context.tables.write({ rows: 6, columns }))
    const session = await InferenceSession.create(await scratch.blobs.get(model.onnx))
    const result = await session.run({ job: new Tensor('string', ['something new'], [1, 1]) })
    expect([...(result.scores!.data as Float64Array)]).toEqual([0.6, 0.4])
  })
})

test('pictures alone are enough for a constant, not for a rule', async () => {
  const drawn = sampleImages({ rows: 30, seed: 5 })
  const columns = drawn.columns.flatMap((column) => {
    if (column.name === 'shape') return [{ ...column, role: 'target' as const }]
    return column.image ? [column] : []
  })
  const pictures = { rows: drawn.rows, columns }
  const stored = await scratch.context.tables.write(pictures)
  const model = await make({ strategy: 'majority' }, stored)
  const { values, width } = await scratch.context.models.score(model, pictures)
  expect(width).toBe(model.classes!.length)
  expect(values.reduce((sum, value) => sum + value, 0)).toBe(30)
  const ruled = make({ strategy: 'rule', rule: 'income >= 3' }, stored)
  await expect(ruled).rejects.toMatchObject({ code: 'role-missing' })
})

describe('a rule in ONNX says what the rule says', () => {
  test.each([
    'income >= 50',
    'income != 50',
    'income < 30 or income > 80',
    'income = 90 and owner is missing',
    'income <= 50 and income > 10',
    'job = paid',
    'job != paid',
    'job is missing',
    'job is present and owner = true',
    "job = 'self made' or (income < 20 and owner = yes)",
    'since > 1990-01-01',
    'since is missing or job != none and owner != true',
  ])('%s', async (rule) => {
    const { bound } = bindRule(parseRule(rule).rule!, frame.columns)
    const expected = [...applyRule(bound, frame)].flatMap((holds) => [1 - holds, holds])
    expect(await scoresOf({ strategy: 'rule', rule })).toEqual(expected)
    const model = await make({ strategy: 'rule', rule })
    expect(model.classes).toEqual(['no', 'yes'])
    expect(model.positive).toBe('yes')
  })

  test('the positive class can be named', async () => {
    const first = await scoresOf({ strategy: 'rule', rule: 'income > 60', positive: 'no' })
    expect(first.slice(0, 2)).toEqual([0, 1])
  })
})

describe('refusals', () => {
  const problem = async (given: Record<string, unknown>) =>
    ((await make(given).catch((thrown: unknown) => thrown)) as ProblemError).problems?.[0]

  test.each([
    [{ strategy: 'rule' }, 'parameter-bad'],
    [{ strategy: 'rule', rule: 'income >' }, 'parameter-bad'],
    [{ strategy: 'rule', rule: 'wealth > 3' }, 'column-unknown'],
    [{ strategy: 'rule', rule: 'income > much' }, 'column-type'],
    [{ strategy: 'rule', rule: 'sex = m' }, 'not-supported'],
    [{ strategy: 'rule', rule: 'income > 3', target: 'grade' }, 'not-supported'],
    [{ strategy: 'mean' }, 'column-type'],
    [{ target: 'nothing' }, 'column-unknown'],
  ])('%j', async (given, code) => {
    const found = await problem(given)
    expect(found).toMatchObject({ code })
    expect(found!.fix).toMatch(/^[A-Z][a-z]+ /)
  })

  test('inference finds the same before a run, and agrees with one that works', async () => {
    const infer = (given: Record<string, unknown>) =>
      node.infer({
        inputs: { table: { columns: table.columns } },
        params: node.params.parse(given),
        context: scratch.infer,
      })
    expect(await infer({ strategy: 'rule', rule: 'sex = m' })).toMatchObject([{ code: 'not-supported' }])
    for (const given of [{}, { strategy: 'rule', rule: 'owner = true and income > 3' }, { target: 'amount' }]) {
      const { model } = (await infer(given)) as { model: object }
      expect(await make(given)).toMatchObject(model)
    }
  })
})

test('the card says how often it is right', async () => {
  const outputs = { model: await make({ strategy: 'rule', rule: 'income >= 50' }) }
  const card = node.card!({ inputs: { table }, outputs, params: node.params.parse({}) })
  expect(card.text).toBe('income >= 50: right for **80\u00a0%** of 5 training rows')
})
