/** Reasons from scores alone, where the score is a formula whose Shapley values are known. */
import { expect, test } from 'vitest'
import type { Column, Frame, Hash, JsonValue, Model } from '#contract'
import { basisRows, comparedRows, type ReasonBasis, reasonBasis } from '#ml/explain/reason-basis'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { cellOfPixels, pixelsOfCell } from '#ml/image/pixel-cells'
import { fitPreparation, preparationDefaults } from '#ml/prepare/preparation'
import { type ExplainSource, explainModel } from './explain-model.ts'
import { ModelAway, type Scores } from './model-runner.ts'
import type { Explained, Reasons } from './reasons.ts'
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
  means: never,
  background: async () => comparedRows(model, training),
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
const numbers = (frame: Frame, name: string) => {
  const { cells } = columnOf(frame, name)
  return cells.kind === 'number' ? cells.values : new Float64Array(0)
}
const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
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
  const [first] = await explain({ model: wrong, means: async () => [0, 0] })
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

test('without rows to compare with it says so', async () => {
  const [first] = await explain({ background: async () => undefined })
  expect(first).toEqual({ reasonsNotAvailable: expect.stringContaining('training rows') })
})

/** Explains one row of another model; `given` are its cells, `said` scores a frame. */
async function explainOther(
  own: Model,
  table: Frame,
  given: Frame,
  said: (frame: Frame) => Float64Array,
): Promise<Reasons> {
  const scored = async (feed: Feed) => ({ width: 1, values: said(feedFrame(own.features, feed)) })
  const feed = frameFeed(own.features, given)
  const basis = JSON.parse(JSON.stringify(reasonBasis(own, table))) as ReasonBasis
  const found: Explained[][] = []
  for (const background of [comparedRows(own, table), basisRows(own, basis)])
    found.push([
      ...(await explainModel({ ...source, model: own, background: async () => background, score: scored })({
        feed,
        scores: said(given),
        places: new Int32Array(feed.rows),
      })),
    ])
  // a container, which has the basis only, says the same
  expect(found[1]).toEqual(found[0])
  return reasonsOf(found[0]![0]!)!
}
const totalOf = ({ base, contributions, others }: Reasons) =>
  contributions.reduce((sum, { contribution }) => sum + contribution, base) + (others?.contribution ?? 0)

test('one column of numbers is the reason, all of it', async () => {
  const own = { ...model, features: [column('income')] }
  const said = (frame: Frame) => numbers(frame, 'income').map((value) => value ** 2)
  const one = frameOf(columnFrom('income', 'number', [9]))
  const reasons = await explainOther(own, training, one, said)
  expect(reasons.contributions).toHaveLength(1)
  expect(totalOf(reasons)).toBeCloseTo(81, 9)
})

test.each([
  [150, /^Permutation SHAP, 2 orders over 27 training rows$/],
  [600, /^Permutation SHAP, 12 orders over the typical training row$/],
  [3_000, /^Permutation SHAP, 2 orders over the typical training row$/],
])('%i columns are explained within the budget, the strong ones by name', async (count, method) => {
  const names = Array.from({ length: count }, (_, place) => `x${place}`)
  const values = (row: number, place: number) => ((row * 7 + place * 13) % 11) / 11
  const table = frameOf(
    ...names.map((name, place) =>
      columnFrom(
        name,
        'number',
        Array.from({ length: 60 }, (_, row) => values(row, place)),
      ),
    ),
  )
  const own = { ...model, features: names.map((name) => column(name)) }
  let scored = 0
  const said = (frame: Frame) => {
    scored += frame.rows
    const [a, b] = [numbers(frame, 'x3'), numbers(frame, 'x120')]
    return a.map((value, row) => 10 * value - 6 * b[row]!)
  }
  const one = frameOf(
    ...names.map((name, place) => columnFrom(name, 'number', [place === 3 ? 3 : place === 120 ? -2 : 0.5])),
  )
  const reasons = await explainOther(own, table, one, said)
  expect(reasons.method).toMatch(method)
  expect(totalOf(reasons)).toBeCloseTo(42, 9)
  const strong = reasons.contributions.slice(0, 2).map(({ feature }) => feature)
  expect(strong).toEqual(count < 3_000 ? ['x3', 'x120'] : ['x2 to x3', 'x120 to x121'])
  const ordinary = meanOf(numbers(table, 'x3'))
  expect(Math.abs(reasons.contributions[0]!.contribution - 10 * (3 - ordinary))).toBeLessThan(3)
  expect(scored).toBeLessThan(2 * 9_000)
})

test('a text that the model looks inside is explained by its words', async () => {
  const features = [column('letter', 'text')]
  const own = { ...model, features, network: { input: { kind: 'words' } } } as unknown as Model
  const worth = { pay: 5, late: -3 } as Record<string, number>
  const said = (frame: Frame) =>
    Float64Array.from({ length: frame.rows }, (_, row) =>
      (cellText(columnOf(frame, 'letter'), row) ?? '')
        .toLowerCase()
        .split(/[^a-z]+/)
        .reduce((sum, word) => sum + (worth[word] ?? 0), 1),
    )
  const table = frameOf(columnFrom('letter', 'text', ['one', 'two']))
  const reasons = await explainOther(own, table, frameOf(columnFrom('letter', 'text', ['I pay. Pay late!'])), said)
  expect(reasons).toMatchObject({
    base: 1,
    method: expect.stringMatching(/^Permutation SHAP, 20 orders of words left out$/),
  })
  expect(reasons.contributions).toEqual([
    { feature: 'pay', contribution: 10 },
    { feature: 'late', contribution: -3 },
  ])
  const many = Array.from({ length: 80 }, (_, at) => `word${'abcdefghij'[at % 10]}${'abcdefghij'[Math.floor(at / 10)]}`)
  const long = await explainOther(own, table, frameOf(columnFrom('letter', 'text', [`${many.join(' ')} pay`])), said)
  expect(long.contributions).toHaveLength(50)
  expect(long.others).toMatchObject({ count: 31 })
  expect(totalOf(long)).toBeCloseTo(6, 9)
})

test('a picture is explained by its cells against the mean picture', async () => {
  const image = { width: 8, height: 8, channels: 1 } as const
  const features = [{ ...column('photo', 'image'), image }]
  const own = { ...model, features } as unknown as Model
  const cell = (value: (at: number) => number) => cellOfPixels(Uint8Array.from({ length: 64 }, (_, at) => value(at)))
  const photos = (cells: readonly string[]): Frame => frameOf({ ...columnFrom('photo', 'image', cells), image })
  // the corner counts, once and once more with its neighbour
  const said = (frame: Frame) =>
    Float64Array.from({ length: frame.rows }, (_, row) => {
      const bytes = pixelsOfCell(cellText(columnOf(frame, 'photo'), row)!, image, 'photo')
      return bytes[0]! + 2 * bytes[1]!
    })
  const table = photos([cell(() => 10), cell(() => 30)])
  const reasons = await explainOther(own, table, photos([cell((at) => (at === 0 ? 120 : at === 1 ? 70 : 20))]), said)
  expect(reasons).toMatchObject({
    base: 60,
    method: expect.stringMatching(/^Permutation SHAP, 4 orders of parts that look average$/),
  })
  expect(reasons.contributions.slice(0, 2)).toEqual([
    { feature: 'row 1, column 1', contribution: 100 },
    { feature: 'row 1, column 2', contribution: 100 },
  ])
  expect(totalOf(reasons)).toBe(260)
})
