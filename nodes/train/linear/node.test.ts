import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Column, Frame, Hash, Model, ProblemError, Table } from '#contract'
import { takeRows } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { logisticScores } from '#ml/linear/logistic'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { createRandom } from '#ml/random/random'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import node from './node.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
})
afterAll(() => scratch.close())

type Cell = number | string | null
const column = (name: string, type: Column['type'], cells: readonly Cell[], role?: Column['role']) =>
  columnFrom(name, type, cells, role && { role })

const rows = 240
function people(seed = 5): Frame {
  const random = createRandom(seed)
  const cells = <T extends Cell>(make: (i: number) => T) => Array.from({ length: rows }, (_, i) => make(i))
  const income = cells(() => (random.uniform() < 0.1 ? null : Math.round(20 + 15 * random.normal())))
  const job = cells(() => ['none', 'paid', 'self', null][random.integer(4)]!)
  const owner = cells(() => random.integer(2))
  const score = cells((i) => (income[i] ?? 15) / 15 + (job[i] === 'paid' ? 0.8 : 0) - owner[i]! + random.normal())
  return frameOf(
    column('income', 'number', income),
    column('job', 'text', job),
    column('owner', 'boolean', owner),
    column(
      'sex',
      'text',
      cells((i) => (i % 2 ? 'f' : 'm')),
      'protected',
    ),
    column(
      'id',
      'integer',
      cells((i) => i),
      'id',
    ),
    column(
      'approved',
      'text',
      score.map((value, i) => (i === 8 ? null : value > 1.2 ? 'yes' : 'no')),
      'target',
    ),
    column(
      'grade',
      'text',
      score.map((value) => (value > 2 ? 'a' : value > 0.8 ? 'b' : 'c')),
      'label',
    ),
    column(
      'amount',
      'number',
      score.map((value) => 100 * value + 30),
      'label',
    ),
    column(
      'part',
      'text',
      cells((i) => (i % 4 === 3 ? 'test' : 'train')),
      'split',
    ),
  )
}

const params = (given: Record<string, unknown> = {}) => node.params.parse(given)
async function train(table: Table, given: Record<string, unknown> = {}, preparation?: Model) {
  const hashes = { table: 'f'.repeat(64) as Hash, preparation: undefined }
  return (await node.run({ inputs: { table, preparation }, hashes, params: params(given), context: scratch.context }))
    .model
}
const problemOf = async (promise: Promise<unknown>) => {
  const error = (await promise.catch((thrown: unknown) => thrown)) as ProblemError
  return error.problems?.[0]
}

async function onnxScores(model: Model, cells: Record<string, readonly (number | string)[]>) {
  const session = await InferenceSession.create(await scratch.blobs.get(model.onnx))
  const feeds = Object.fromEntries(
    Object.entries(cells).map(([name, values]) => [
      name,
      typeof values[0] === 'string'
        ? new Tensor('string', values as string[], [values.length, 1])
        : new Tensor('float64', Float64Array.from(values as number[]), [values.length, 1]),
    ]),
  )
  const output = (await session.run(feeds))[session.outputNames[0]!]!
  return Array.from(output.data as Float64Array)
}

/** Raw rows with missing, unseen and large values, as ONNX and as a frame. */
const strange = {
  onnx: { income: [30, Number.NaN, -1e6, 41.5], job: ['paid', '', 'astronaut', 'none'], owner: [1, 0, Number.NaN, 1] },
  frame: frameOf(
    column('income', 'number', [30, null, -1e6, 41.5]),
    column('job', 'text', ['paid', null, 'astronaut', 'none']),
    column('owner', 'boolean', [1, 0, null, 1]),
  ),
}

describe('the ONNX file gives the learner’s own prediction on raw rows with missing and unseen values', () => {
  test.each([
    ['binary', { threshold: 0.4 }],
    ['balanced', { classWeight: 'balanced' }],
    ['multiclass', { target: 'grade' }],
    ['regression', { target: 'amount' }],
  ])('%s', async (_, given) => {
    const model = await train(await scratch.context.tables.write(people()), { ...given, folds: 0 })
    const x = applyPreparation(model.preparation as unknown as Preparation, strange.frame)
    const { intercepts, coefficients } = model.linear!
    const sets = coefficients.map((set) => Float64Array.from(set))
    const linear = Array.from({ length: 4 }, (_, i) =>
      sets[0]!.reduce((sum, value, j) => sum + value * x.values[i * x.columns + j]!, intercepts[0]!),
    )
    const own =
      model.purpose === 'regression'
        ? linear
        : logisticScores({ classes: model.classes!.length, intercepts, coefficients: sets }, x)
    const served = await onnxScores(model, strange.onnx)
    expect(served).toHaveLength(own.length)
    served.forEach((value, i) => expect(Math.abs(value - own[i]!) / Math.max(1, Math.abs(own[i]!))).toBeLessThan(1e-9))
    const scored = await scratch.context.models.score(model, strange.frame)
    expect([...scored.values]).toEqual(served)
  })
})

test('the model says what it is made of', async () => {
  const table = await scratch.context.tables.write(people())
  const model = await train(table)
  expect(model).toMatchObject({
    purpose: 'binary',
    classes: ['no', 'yes'],
    positive: 'yes',
    threshold: 0.5,
    target: 'approved',
    protected: ['sex'],
    training: { rows: 179, seed: 1 },
  })
  expect(model.features.map(({ name }) => name)).toEqual(['income', 'job', 'owner'])
  expect(model.linear!.coefficients[0]).toHaveLength(model.matrix!.length)
  expect(model.linear!.errors![0]).toHaveLength(model.matrix!.length + 1)
  const names = model.metrics.map(({ name }) => name)
  expect(names).toEqual(['cross_validated.roc_auc', 'cross_validated.log_loss', 'train.roc_auc', 'train.log_loss'])
  const [validated, , trained] = model.metrics
  expect(validated!.low!).toBeLessThan(validated!.value!)
  expect(trained!.value!).toBeGreaterThan(0.6)
  expect(scratch.messages.some((message) => message.includes('1 training rows without approved'))).toBe(true)
})

test('inference agrees with the run, and the same seed gives the same bytes', async () => {
  const table = await scratch.context.tables.write(people())
  for (const given of [{}, { target: 'amount' }, { target: 'owner' }]) {
    const inferred = await node.infer({
      inputs: { table: { columns: table.columns }, preparation: undefined },
      params: params(given),
      context: scratch.infer,
    })
    const model = await train(table, given)
    expect(model).toMatchObject((inferred as { model: object }).model)
    expect((await train(table, given)).onnx).toBe(model.onnx)
  }
})

test('with the same preparation, weights count as repetitions', async () => {
  const once = people()
  const prepared = await train(await scratch.context.tables.write(once), { folds: 0 })
  const preparation: Model = { ...prepared, purpose: 'preparation' }
  const times = Array.from({ length: rows }, (_, i) => 1 + (i % 3))
  const weight = column('w', 'number', times, 'weight')
  const weighted = await scratch.context.tables.write({ rows, columns: [...once.columns, weight] })
  const repeated = Uint32Array.from(times.flatMap((count, i) => Array<number>(count).fill(i)))
  const long = await scratch.context.tables.write(takeRows(once, repeated))
  for (const target of ['approved', 'grade', 'amount']) {
    const a = await train(weighted, { folds: 0, target, penalty: 0.5 }, preparation)
    const b = await train(long, { folds: 0, target, penalty: 0.5 }, preparation)
    expect(largestDifference(a.linear!.coefficients, b.linear!.coefficients)).toBeLessThan(1e-8)
    expect(largestDifference(a.linear!.errors, b.linear!.errors)).toBeLessThan(1e-8)
    expect(a.training.rows).toBeLessThan(b.training.rows)
  }
})

describe('what can not be learned is said in words', () => {
  test.each([
    ['a constant target', { target: 'fixed' }, 'target-constant'],
    ['a missing column', { target: 'nothing' }, 'column-unknown'],
    ['text for ridge', { kind: 'ridge' }, 'column-type'],
    ['a target that is always missing', { target: 'void' }, 'rows-missing'],
  ])('%s', async (_, given, code) => {
    const frame = people()
    const extra = [
      column('fixed', 'text', Array<string>(rows).fill('x')),
      column('void', 'text', Array<null>(rows).fill(null)),
    ]
    const table = await scratch.context.tables.write({ rows, columns: [...frame.columns, ...extra] })
    const problem = await problemOf(train(table, given))
    expect(problem).toMatchObject({ code })
    expect(problem!.fix).toMatch(/^[A-Z][a-z]+ /)
  })

  test('an empty table, no target and no features', async () => {
    const empty = await scratch.context.tables.write(
      frameOf(column('a', 'number', []), column('t', 'text', [], 'target')),
    )
    expect(await problemOf(train(empty))).toMatchObject({ code: 'rows-missing' })
    const noTarget = await scratch.context.tables.write(frameOf(column('a', 'number', [1, 2])))
    expect(await problemOf(train(noTarget))).toMatchObject({ code: 'role-missing' })
    const noFeatures = await scratch.context.tables.write(frameOf(column('t', 'text', ['a', 'b'], 'target')))
    expect(await problemOf(train(noFeatures))).toMatchObject({ code: 'role-missing' })
  })

  test('a preparation that does not fit, before the run and in it', async () => {
    const table = await scratch.context.tables.write(people())
    const model = await train(table, { folds: 0 })
    const narrow = await scratch.context.tables.write({ rows, columns: people().columns.slice(1) })
    const preparation: Model = { ...model, purpose: 'preparation' }
    expect(await problemOf(train(narrow, {}, preparation))).toMatchObject({ code: 'column-unknown' })
    expect(await problemOf(train(table, { target: 'owner' }, preparation))).toMatchObject({ code: 'not-supported' })
    const infer = (schema: object, given: Record<string, unknown> = {}) =>
      node.infer({
        inputs: { table: { columns: narrow.columns }, preparation: schema },
        params: params(given),
        context: scratch.infer,
      })
    expect(await infer(preparation)).toMatchObject([{ code: 'column-unknown' }])
    expect(await infer({ purpose: 'binary' })).toMatchObject([{ code: 'not-supported' }])
    expect(await problemOf(train(table, { positive: 'maybe' }))).toMatchObject({ code: 'parameter-bad' })
  })

  test('columns that are missing throughout are tolerated', async () => {
    const frame = frameOf(
      column('a', 'number', [null, null, null, null]),
      column('b', 'text', [null, null, null, null]),
      column('t', 'text', ['x', 'y', 'x', 'x'], 'target'),
    )
    const model = await train(await scratch.context.tables.write(frame))
    const scores = await scratch.context.models.score(model, frame)
    expect(scores.values[0]).toBeCloseTo(0.75, 6)
  })
})

test('card and report show the score and the strongest coefficients', async () => {
  const table = await scratch.context.tables.write(people())
  const model = await train(table)
  const a = {
    inputs: { table, preparation: undefined },
    outputs: { model },
    params: params(),
    hashes: { table: undefined, preparation: undefined },
  }
  const card = node.card!(a)
  expect(card.text).toMatch(/^\*\*AUC 0\.\d\d\*\* cross-validated, 179 rows$/)
  expect(card.picture).toMatchObject({ type: 'rows' })
  const blocks = await node.report!({ ...a, context: scratch.context })
  const coefficients = blocks.find(
    (block) => block.block === 'table' && block.title === 'What adds to the log-odds of yes',
  )
  expect(coefficients).toBeDefined()
  expect(JSON.stringify(blocks)).not.toContain('null,null,null')
})
