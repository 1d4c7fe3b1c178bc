import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScratch, type Scratch } from '#compute/scratch'
import type { CellCondition, Chart, Evaluation, Frame, Hash, Model, ProblemError, Series, Table } from '#contract'
import { columnFrom, frameOf } from '#ml/frame-of'
import { rank, rocAuc } from '#ml/metrics/ranking'
import { createRandom } from '#ml/random/random'
import baseline from '../../train/baseline/node.ts'
import linear from '../../train/linear/node.ts'
import node from './node.ts'

const rows = 400
const random = createRandom(3)
const x = Array.from({ length: rows }, () => Math.round(100 * random.normal()) / 100)
const signal = x.map((value) => value + random.normal())
const frame = frameOf(
  columnFrom('x', 'number', x),
  columnFrom(
    'yes',
    'text',
    signal.map((value, i) => (i === 2 ? null : value > 0 ? 'yes' : 'no')),
    { role: 'target' },
  ),
  columnFrom(
    'grade',
    'text',
    signal.map((value) => (value > 1 ? 'a' : value > -0.5 ? 'b' : 'c')),
    { role: 'label' },
  ),
  columnFrom(
    'amount',
    'number',
    signal.map((value) => 10 * value),
    { role: 'label' },
  ),
  columnFrom(
    'part',
    'text',
    x.map((_, i) => (i % 2 === 0 ? 'test' : 'train')),
    { role: 'split' },
  ),
)

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  table = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

const hash = (letter: string) => letter.repeat(64) as Hash
const train = async (given: Record<string, unknown> = {}) =>
  (
    await linear.run({
      inputs: { table, preparation: undefined },
      hashes: { table: hash('a'), preparation: undefined },
      params: linear.params.parse({ folds: 0, ...given }),
      context: scratch.context,
    })
  ).model
const prior = async (given: Record<string, unknown> = {}) =>
  (
    await baseline.run({
      inputs: { table },
      hashes: { table: hash('a') },
      params: baseline.params.parse(given),
      context: scratch.context,
    })
  ).model
async function judge(model: Model, given: Record<string, unknown> = {}, rivals: readonly Model[] = [], of = table) {
  const { evaluation } = await node.run({
    inputs: { model, table: of, baseline: rivals },
    hashes: { model: hash('b'), table: hash('c'), baseline: rivals.map(() => hash('d')) },
    params: node.params.parse({ replicates: 200, ...given }),
    context: scratch.context,
  })
  return evaluation
}
const figure = (evaluation: Evaluation, name: string) => evaluation.metrics.find((metric) => metric.name === name)!

test('judges the bytes that would be served, on the test rows with a known target', async () => {
  const model = await train()
  const evaluation = await judge(model, {}, [await prior()])
  expect(evaluation).toMatchObject({
    kind: 'evaluation',
    subject: 'performance',
    split: 'test',
    rows: 199,
    model: hash('b'),
  })
  const known = Array.from({ length: rows }, (_, i) => i).filter((i) => i % 2 === 0 && i !== 2)
  const scores = await scratch.context.models.score(model, frame)
  const auc = rocAuc(
    rank(
      known.map((i) => (signal[i]! > 0 ? 1 : 0)),
      Float64Array.from(known, (i) => scores.values[2 * i + 1]!),
    ),
  )
  expect(figure(evaluation, 'roc_auc').value).toBeCloseTo(auc, 12)
  const right = known.filter((i) => scores.values[2 * i + 1]! >= 0.5 === signal[i]! > 0).length
  expect(figure(evaluation, 'accuracy').value).toBeCloseTo(right / known.length, 12)
  const confusion = evaluation.performance!.confusion!
  expect(confusion[0]![0]! + confusion[1]![1]!).toBe(right)
  for (const { value, low, high } of evaluation.metrics) {
    expect(low!).toBeLessThanOrEqual(value!)
    expect(high!).toBeGreaterThanOrEqual(value!)
  }
  expect(evaluation.performance!.curves.map(({ name }) => name)).toEqual(['roc', 'precision-recall', 'calibration'])
  const [rival] = evaluation.performance!.against
  expect(rival!.title).toBe('Baseline: prior')
  expect(rival!.metrics.find(({ name }) => name === 'roc_auc')!.value).toBe(0.5)
  expect(rival!.metrics.find(({ name }) => name === 'roc_auc.difference')!.value).toBeCloseTo(auc - 0.5, 12)
})

test('several classes and numbers are judged too', async () => {
  const many = await judge(await train({ target: 'grade' }), {}, [
    await prior({ target: 'grade', strategy: 'majority' }),
  ])
  expect(many.performance).toMatchObject({ task: 'multiclass', classes: ['a', 'b', 'c'] })
  expect(figure(many, 'roc_auc')).toMatchObject({ label: 'ROC AUC, mean over classes' })
  expect(figure(many, 'accuracy').value!).toBeGreaterThan(0.5)
  const numbers = await judge(await train({ target: 'amount' }), {}, [await prior({ target: 'amount' })])
  expect(numbers.performance!.task).toBe('regression')
  expect(figure(numbers, 'r2').value!).toBeGreaterThan(0.3)
  expect(numbers.performance!.against[0]!.metrics.find(({ name }) => name === 'r2')!.value!).toBeLessThan(0.05)
})

test('the same seed gives the same figures; bootstrap intervals are near the closed forms', async () => {
  const model = await train()
  const closed = await judge(model)
  expect(await judge(model)).toEqual(closed)
  const drawn = await judge(model, { intervals: 'bootstrap', replicates: 400 })
  for (const name of ['roc_auc', 'accuracy', 'recall']) {
    const [a, b] = [figure(closed, name), figure(drawn, name)]
    expect(Math.abs(a.low! - b.low!)).toBeLessThan(0.03)
    expect(Math.abs(a.high! - b.high!)).toBeLessThan(0.03)
  }
  const none = await judge(model, { replicates: 0 })
  expect(figure(none, 'log_loss').low).toBeUndefined()
  expect(figure(none, 'roc_auc').low).toBe(figure(closed, 'roc_auc').low)
})

describe('refusals', () => {
  const problem = async (promise: Promise<unknown>) =>
    ((await promise.catch((thrown: unknown) => thrown)) as ProblemError).problems?.[0]

  test('rows that are not there, another target, a table without the target, a preparation', async () => {
    const model = await train()
    expect(await problem(judge(model, { rows: 'validation' }))).toMatchObject({
      code: 'rows-missing',
      path: ['params', 'rows'],
    })
    expect(await problem(judge(model, {}, [await prior({ target: 'grade' })]))).toMatchObject({ code: 'not-supported' })
    const without: Frame = { rows, columns: frame.columns.filter(({ name }) => name !== 'yes') }
    const other = await scratch.context.tables.write(without)
    expect(await problem(judge(model, {}, [], other))).toMatchObject({ code: 'column-unknown' })
    expect(await problem(judge({ ...model, purpose: 'preparation' }))).toMatchObject({ code: 'not-supported' })
  })

  test('are known before a run where schemas tell', async () => {
    const infer = (model: object, columns = table.columns) =>
      node.infer({
        inputs: { model, table: { columns }, baseline: [] },
        params: node.params.parse({}),
        context: scratch.infer,
      })
    expect(await infer({ target: 'nothing' })).toMatchObject([{ code: 'column-unknown' }])
    expect(await infer({ target: 'yes', features: [{ name: 'z', type: 'number', nullable: true }] })).toMatchObject([
      { code: 'column-unknown' },
    ])
    expect(await infer({ purpose: 'preparation' })).toMatchObject([{ code: 'not-supported' }])
    expect(await infer({ target: 'yes' })).toMatchObject({ evaluation: {} })
  })
})

test('a single class among the judged rows leaves the area open, without breaking the rest', async () => {
  const model = await train()
  const only: Frame = frameOf(columnFrom('x', 'number', [1, 2, 3]), columnFrom('yes', 'text', ['yes', 'yes', 'yes']))
  const evaluation = await judge(model, { rows: 'all' }, [], await scratch.context.tables.write(only))
  expect(figure(evaluation, 'roc_auc')).not.toHaveProperty('low')
  expect(figure(evaluation, 'roc_auc').value).toBeNull()
  expect(figure(evaluation, 'accuracy').value).toBeGreaterThanOrEqual(0)
  expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation)
})

test('card and report', async () => {
  const model = await train()
  const rival = await prior()
  const evaluation = await judge(model, {}, [rival])
  const a = { inputs: { model, table, baseline: [rival] }, outputs: { evaluation }, params: node.params.parse({}) }
  const card = node.card!(a)
  expect(card.text).toMatch(/^\*\*AUC 0\.\d\d\*\* \(0\.\d\d to 0\.\d\d\) on 199 test rows$/)
  const picture = card.picture as unknown as { series: number[][] }
  expect(picture.series[0]).toHaveLength(25)
  expect(picture.series[0]!.at(-1)).toBe(1)
  const blocks = await node.report!({
    ...a,
    hashes: { model: undefined, table: undefined, baseline: [] },
    context: scratch.context,
  })
  expect(blocks.filter(({ block }) => block === 'chart')).toHaveLength(5)
  expect(blocks.find((block) => block.block === 'table')).toMatchObject({
    columns: ['Figure', 'Model', 'Baseline: prior'],
  })
})

describe('rows by what the model says of them', () => {
  const cellsOf = async (evaluation: Evaluation) => {
    const { columns } = await scratch.context.tables.read(evaluation.judged!)
    return Object.fromEntries(
      columns.map((column) => [
        column.name,
        Array.from({ length: evaluation.rows }, (_, row) =>
          column.cells.kind === 'text' ? column.cells.levels[column.cells.codes[row]!]! : column.cells.values[row]!,
        ),
      ]),
    ) as Record<string, (string | number)[]>
  }
  const chartsOf = async (model: Model, evaluation: Evaluation) => {
    const blocks = await node.report!({
      inputs: { model, table, baseline: [] },
      outputs: { evaluation },
      hashes: { model: undefined, table: undefined, baseline: [] },
      params: node.params.parse({}),
      context: scratch.context,
    })
    return new Map(blocks.flatMap((block) => (block.block === 'chart' ? [[block.title, block] as const] : [])))
  }
  const holding = (cells: Record<string, (string | number)[]>, conditions: readonly CellCondition[]) =>
    cells['row']!.filter((_, at) =>
      conditions.every((one) => {
        if (!('column' in one)) return false
        const value = cells[one.column]![at]!
        const { from, to, below } = one.range ?? { from: 0, to: -1 }
        const number = Number(value)
        return one.values?.includes(value) || (number >= from && (below ? number < to : number <= to))
      }),
    )

  test('of two classes the cells, stretches of the curves and bins hold the rows they count', async () => {
    const model = await train()
    // More than two hundred scores: the curves are thinned, and their stretches hold all rows all the same.
    const evaluation = await judge(model, { rows: 'all' })
    const cells = await cellsOf(evaluation)
    expect(cells['row']).toEqual(Array.from({ length: rows }, (_, i) => i).filter((i) => i !== 2))
    expect(new Set(cells['score']).size).toBeGreaterThan(200)
    const charts = await chartsOf(model, evaluation)
    const { confusion } = evaluation.performance!
    const matrix = charts.get('What was predicted, by what was true')!.rows!
    expect(matrix).toMatchObject({ table: hash('c'), beside: { table: evaluation.judged } })
    expect(matrix.beside!.bars!.map((bar) => holding(cells, bar!).length)).toEqual(confusion!.flat())
    for (const title of ['ROC curve', 'Precision and recall', 'Calibration']) {
      const { bars, counts } = charts.get(title)!.rows!.beside!
      expect(bars!.map((bar) => holding(cells, bar!).length)).toEqual(counts)
      expect(counts!.reduce((sum, count) => sum + count, 0)).toBe(evaluation.rows)
    }
    const scores = charts.get('Scores')!
    expect(scores.rows!.beside).toMatchObject({ x: 'score' })
    const { series } = scores.chart as Extract<Chart, { type: 'histogram' }>
    expect(series[0]!.counts.reduce((sum, count) => sum + count, 0)).toBe(evaluation.rows)
  })

  test('a score that all rows share is in its bin, whatever their mean rounds to', async () => {
    const same = { ...(await prior()), positive: 'yes' }
    const evaluation = await judge(same)
    const { bars, counts } = (await chartsOf(same, evaluation)).get('Calibration')!.rows!.beside!
    const cells = await cellsOf(evaluation)
    expect(bars!.map((bar) => holding(cells, bar!).length)).toEqual(counts)
    expect(counts).toEqual([evaluation.rows])
  })

  test('of several classes the cells; of numbers the residuals, with the rows that are drawn', async () => {
    const several = await train({ target: 'grade' })
    const graded = await judge(several)
    const matrix = (await chartsOf(several, graded)).get('What was predicted, by what was true')!.rows!
    const cells = await cellsOf(graded)
    expect(matrix.beside!.bars!.map((bar) => holding(cells, bar!).length)).toEqual(
      graded.performance!.confusion!.flat(),
    )
    const numbers = await train({ target: 'amount' })
    const judged = await judge(numbers)
    const residuals = (await chartsOf(numbers, judged)).get('Residuals')!
    expect(residuals.rows).toMatchObject({ beside: { x: 'predicted', y: 'residual' } })
    const said = await cellsOf(judged)
    const [{ x, y }] = (residuals.chart as { readonly series: readonly Series[] }).series as [Series]
    expect(residuals.rows!.places).toEqual(said['row'])
    expect([x, y]).toEqual([said['predicted'], said['residual']])
    expect(y[7]).toBeCloseTo(10 * signal[residuals.rows!.places![7]!]! - Number(x[7]), 9)
  })
})
