import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Hash, Model, ProblemError, Table } from '#contract'
import { takeRows } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { createRandom } from '#ml/random/random'
import { predictMargins } from '#ml/trees/ensemble'
import { parseEnsemble, printEnsemble } from '#ml/trees/ensemble-json'
import node from './node.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
})
afterAll(() => scratch.close())

const rows = 400
const random = createRandom(3)
const cells = <T>(make: (i: number) => T) => Array.from({ length: rows }, (_, i) => make(i))
const income = cells(() => (random.uniform() < 0.1 ? null : 30 + 10 * random.normal()))
const age = cells(() => 20 + random.integer(50))
const job = cells(() => ['none', 'paid', 'self', null][random.integer(4)]!)
const score = cells((i) => (income[i] ?? 15) / 10 + (job[i] === 'paid' ? 1.5 : 0) + random.normal())
const people = frameOf(
  columnFrom('income', 'number', income),
  columnFrom('age', 'integer', age),
  columnFrom('job', 'text', job),
  columnFrom(
    'approved',
    'text',
    score.map((s) => (s > 3.4 ? 'yes' : 'no')),
    { role: 'target' },
  ),
  columnFrom(
    'grade',
    'text',
    score.map((s) => (s > 4 ? 'a' : s > 3 ? 'b' : 'c')),
    { role: 'label' },
  ),
  columnFrom('amount', 'number', score, { role: 'label' }),
  columnFrom(
    'count',
    'integer',
    score.map((s) => Math.max(0, Math.round(s))),
    { role: 'label' },
  ),
  columnFrom(
    'part',
    'text',
    cells((i) => ['train', 'train', 'train', 'validation', 'test'][i % 5]!),
    { role: 'split' },
  ),
)

async function train(given: Record<string, unknown> = {}, table?: Table, threads = 1): Promise<Model> {
  const hashes = { table: 'f'.repeat(64) as Hash, preparation: undefined }
  const params = node.params.parse({ rounds: 30, folds: 0, minRows: 5, ...given })
  const inputs = { table: table ?? (await scratch.context.tables.write(people)), preparation: undefined }
  const context = { ...scratch.context, budget: { ...scratch.context.budget, threads } }
  return (await node.run({ inputs, hashes, params, context })).model
}
const treesOf = async (model: Model) => parseEnsemble(new TextDecoder().decode(await scratch.blobs.get(model.trees!)))

async function ownMargins(model: Model, frame = people) {
  const { values, columns } = applyPreparation(model.preparation as unknown as Preparation, frame)
  const byColumn = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: frame.rows }, (_cell, row) => values[row * columns + j]!),
  )
  const { ensemble } = await treesOf(model)
  return predictMargins(ensemble, byColumn, frame.rows)
}

// sums of at most 100 leaves in another order: rounding of doubles
const tolerance = 1e-9

describe('the ONNX file gives the ensemble’s own prediction, missing values and unseen texts included', () => {
  test.each([
    ['logistic', {}, (x: number) => 1 / (1 + Math.exp(-x)), 1],
    ['squared', { target: 'amount' }, (x: number) => x, 0],
    ['absolute', { target: 'amount', objective: 'absolute' }, (x: number) => x, 0],
    ['quantile', { target: 'amount', objective: 'quantile', quantile: 0.9 }, (x: number) => x, 0],
    ['poisson', { target: 'count', objective: 'poisson' }, Math.exp, 0],
  ] as const)('%s', async (_, given, link, place) => {
    const model = await train(given)
    const job2 = columnFrom('job', 'text', ['paid', null, 'astronaut'])
    const few = takeRows(people, Uint32Array.of(0, 1, 2))
    const strange = { ...few, columns: few.columns.map((column) => (column.name === 'job' ? job2 : column)) }
    for (const frame of [people, strange]) {
      const margins = await ownMargins(model, frame)
      const { values, width } = await scratch.context.models.score(model, frame)
      expect(margins.every((x, row) => Math.abs(link(x) - values[row * width + place]!) < tolerance)).toBe(true)
    }
  })

  test('softmax', async () => {
    const model = await train({ target: 'grade' })
    const margins = await ownMargins(model)
    const { values, width } = await scratch.context.models.score(model, people)
    expect(width).toBe(3)
    for (let row = 0; row < rows; row++) {
      const powers = Array.from(margins.subarray(row * 3, row * 3 + 3), Math.exp)
      const sum = powers.reduce((a, b) => a + b)
      powers.forEach((power, k) => expect(Math.abs(power / sum - values[row * 3 + k]!)).toBeLessThan(tolerance))
    }
  })
})

test('the same bytes with two threads, and texts are split on as categories', async () => {
  const [one, two] = [await train(), await train({}, undefined, 2)]
  expect(two.onnx).toBe(one.onnx)
  const linked = await treesOf(one)
  expect(linked.ensemble.trees.some(({ categories }) => categories?.some(Boolean))).toBe(true)
  expect(parseEnsemble(printEnsemble(linked))).toEqual(linked)
})

test('ends early on validation rows and keeps the best round', async () => {
  const model = await train({ rounds: 500, patience: 5, learningRate: 0.5 })
  const kept = model.metrics.find(({ name }) => name === 'rounds')!.value!
  expect(kept).toBeLessThan(490)
  expect((await treesOf(model)).ensemble.trees).toHaveLength(kept)
})

test.each([
  ['yes', 1],
  ['no', -1],
])('the probability of %s only rises with income where that is asked', async (positive, sign) => {
  const model = await train({ rising: ['income'], together: ['income', 'job'], positive })
  const grid = frameOf(
    columnFrom(
      'income',
      'number',
      cells((i) => i / 5),
    ),
    columnFrom('age', 'integer', Array<number>(rows).fill(40)),
    columnFrom('job', 'text', Array<string>(rows).fill('paid')),
  )
  const margins = await ownMargins(model, grid)
  expect(margins.every((x, i) => i === 0 || sign * (x - margins[i - 1]!) >= 0)).toBe(true)
})

test('what can not be done is said', async () => {
  const problemOf = (given: Record<string, unknown>) =>
    train(given).then(
      () => undefined,
      (error: ProblemError) => error.problems[0],
    )
  expect(await problemOf({ rising: ['job'] })).toMatchObject({ code: 'parameter-bad', path: ['params', 'rising'] })
  expect(await problemOf({ rising: ['age'], falling: ['age'] })).toMatchObject({ code: 'parameter-bad' })
  expect(await problemOf({ rising: ['nothing'] })).toMatchObject({ code: 'parameter-bad' })
  expect(await problemOf({ target: 'grade', rising: ['age'] })).toMatchObject({ code: 'parameter-bad' })
  const inferred = await node.infer({
    inputs: { table: { columns: people.columns }, preparation: undefined },
    params: node.params.parse({ target: 'grade', objective: 'squared' }),
    context: scratch.infer,
  })
  expect(inferred).toMatchObject([{ code: 'column-type', path: ['params', 'objective'] }])
})

test('card and report show the score and which columns count', async () => {
  const model = await train({ folds: 3 })
  const a = {
    inputs: { table: await scratch.context.tables.write(people), preparation: undefined },
    outputs: { model },
    params: node.params.parse({}),
    hashes: { table: undefined, preparation: undefined },
    context: scratch.context,
  }
  expect(node.card!(a).text).toMatch(/^\*\*AUC 0\.\d\d\*\* cross-validated, 240 rows$/)
  const table = (await node.report!(a)).find((block) => block.block === 'table')!
  expect(table.rows[0]![0]).toBe('income')
})
