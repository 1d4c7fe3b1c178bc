/** Reasons from scores alone, where the score is a formula whose Shapley values are known. */
import { expect, test } from 'vitest'
import type { Column, Frame, Hash, JsonValue, Model } from '#contract'
import { columnOf } from '#ml/frame'
import { fitPreparation, preparationDefaults } from '#ml/prepare/preparation'
import { type ExplainSource, explainModel } from './explain-model.ts'
import { ModelAway, type Scores } from './model-runner.ts'
import type { Explained } from './reasons.ts'
import { type Feed, feedFrame, frameFeed } from './row-check.ts'

const column = (name: string, type: Column['type'] = 'number'): Column => ({
  name,
  type,
  nullable: true,
  role: 'feature',
})
const features = [column('income'), column('job', 'text'), column('debt')]
const jobs = ['cook', 'driver', 'nurse']
const rows = 200
const training: Frame = {
  rows,
  columns: [
    { ...features[0]!, cells: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => row % 7) } },
    {
      ...features[1]!,
      cells: { kind: 'text', codes: Int32Array.from({ length: rows }, (_, row) => (row % 4) - 1), levels: jobs },
    },
    { ...features[2]!, cells: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => row % 5) } },
  ],
}
const asked: Feed = {
  rows: 2,
  numbers: Float64Array.of(9, Number.NaN, 1, 2),
  texts: ['pilot', 'cook'],
}

/** 2 income + 3 for the job, by its length + debt²; missing numbers count as 4. */
function score(feed: Feed, own: readonly Column[] = features): Scores {
  const frame = feedFrame(own, feed)
  const number = (name: string, row: number) => {
    const { cells } = columnOf(frame, name)
    const value = cells.kind === 'number' ? cells.values[row]! : 0
    return Number.isNaN(value) ? 4 : value
  }
  const job = columnOf(frame, 'job').cells
  const word = (row: number) => (job.kind === 'text' && job.codes[row]! >= 0 ? job.levels[job.codes[row]!]!.length : 0)
  return {
    width: 1,
    values: Float64Array.from(
      { length: feed.rows },
      (_, row) => 2 * number('income', row) + 3 * word(row) + number('debt', row) ** 2,
    ),
  }
}

const model = {
  kind: 'model',
  purpose: 'regression',
  onnx: '' as Hash,
  onnxBytes: 0,
  features,
  protected: [],
  learner: { type: 'train/other', version: 1, params: {} },
  training: { table: '' as Hash, rows, seed: 1 },
  metrics: [],
  engine: '0',
} satisfies Model
const never = () => Promise.reject(new Error('not asked for'))
const source: ExplainSource = {
  model,
  training: async () => training,
  trees: never,
  kernels: never,
  score: async (feed) => score(feed),
}
const explain = (over: Partial<ExplainSource> = {}, feed: Feed = asked) =>
  explainModel({ ...source, ...over })({
    feed,
    scores: score(feed).values,
    places: new Int32Array(feed.rows),
  })
const reasonsOf = (one: Explained) => ('reasons' in one ? one.reasons : undefined)

test('without weights or trees an additive model gets its exact contributions, up to the draw of the background', async () => {
  const explained = await explain()
  const frame = feedFrame(features, asked)
  explained.forEach((one, row) => {
    const reasons = reasonsOf(one)!
    const of = (name: string) => reasons.contributions.find(({ feature }) => feature === name)!.contribution
    const total = reasons.contributions.reduce((sum, { contribution }) => sum + contribution, reasons.base)
    expect(total).toBeCloseTo(score(asked).values[row]!, 9)
    // Additive: a feature's contribution less that of another row is the difference of its own term.
    const other = reasonsOf(explained[1 - row]!)!.contributions
    const gap = (name: string) => of(name) - other.find(({ feature }) => feature === name)!.contribution
    const sign = row === 0 ? 1 : -1
    expect(gap('income')).toBeCloseTo(sign * (18 - 8), 9)
    expect(gap('job')).toBeCloseTo(sign * (15 - 12), 9)
    expect(gap('debt')).toBeCloseTo(sign * (1 - 4), 9)
  })
  expect(frameFeed(features, frame)).toEqual(asked)
})

test('weights that do not add up to the served score are not told as reasons', async () => {
  const fitted = fitPreparation(training, ['income'], Uint32Array.of(0, 1, 2, 3), preparationDefaults)
  const preparation = fitted as unknown as JsonValue
  const wrong = { ...model, preparation, linear: { intercepts: [1e9], coefficients: [[1, 1]] } }
  const [first] = await explain({ model: wrong })
  expect(reasonsOf(first!)!.method).toMatch(/^Permutation SHAP/)
})

test('a model that is away while its answer is explained says so', async () => {
  const away = () => Promise.reject(new ModelAway('It is being started again.'))
  expect(await explain({ score: away })).toEqual(
    asked.texts.map(() => ({ reasonsNotAvailable: 'It is being started again.' })),
  )
})

test('reasons from scores stop after twenty rows', async () => {
  const many = frameFeed(features, training)
  const explained = await explain({}, many)
  expect(explained.map((one) => 'reasons' in one).lastIndexOf(true)).toBe(19)
  expect(explained[20]).toEqual({ reasonsNotAvailable: 'Reasons are given for the first 20 rows of a request.' })
})

test.each([
  ['pictures', [column('photo', 'image'), column('age')], /looks at pictures/],
  ['one column', [column('letter', 'text')], /looks at one column, letter/],
  ['many columns', Array.from({ length: 101 }, (_, place) => column(`x${place}`)), /looks at 101 columns/],
])('%s can not be explained quickly, and the answer says why', async (_, own, words) => {
  const feed = frameFeed(own, {
    rows: 1,
    columns: own.map((one) => ({
      ...one,
      cells:
        one.type === 'number'
          ? { kind: 'number' as const, values: Float64Array.of(1) }
          : { kind: 'text' as const, codes: Int32Array.of(0), levels: ['a'] },
    })),
  })
  const [one] = await explainModel({ ...source, model: { ...model, features: own } })({
    feed,
    scores: Float64Array.of(1),
    places: Int32Array.of(0),
  })
  expect(one).toEqual({ reasonsNotAvailable: expect.stringMatching(words) })
})
