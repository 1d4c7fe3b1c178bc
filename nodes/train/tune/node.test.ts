import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTensorFlow } from '#compute/neural/tensorflow/find-tensorflow'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { Frame, JsonValue, Model, Problem, ReportBlock, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import encode from '../../prepare/prepare/node.ts'
import boosting from '../boosting/node.ts'
import { learnerNames, learners } from './learners.ts'
import node from './node.ts'
import { trialColumns } from './trials-frame.ts'

let scratch: Scratch
let loans: Table
beforeAll(async () => {
  scratch = await openScratch({ threads: 1 })
  loans = await table('loans', 400)
})
afterAll(() => scratch.close())

async function table(set: string, rows: number, at = scratch): Promise<Table> {
  const made = (await runNode(at, example, {}, { set, rows })).outputs.table as Table
  return (await runNode(at, split, { table: made })).outputs.table as Table
}
type Given = Readonly<Record<string, JsonValue>>
const quick: Given = { trials: 6, settings: '{ "rounds": 15 }' }
async function tune(of: Table, given: Given = {}, at = scratch, preparation?: Model) {
  const inputs = { table: of, ...(preparation && { preparation }) }
  const { outputs, blocks, card, inferred } = await runNode(at, node, inputs, { ...quick, ...given })
  return { model: outputs.model as Model, trials: outputs.trials as Table, blocks, card, inferred }
}
async function column(trials: Table, name: string): Promise<(number | string | null)[]> {
  const found = columnOf(await scratch.context.tables.read(trials), name)
  return Array.from({ length: trials.rows }, (_, row) =>
    found.cells.kind === 'number' ? found.cells.values[row]! : cellText(found, row),
  )
}
const numbers = async (trials: Table, name: string) => (await column(trials, name)) as number[]
const figure = ({ metrics }: Model, name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
const offersOf = (blocks: readonly ReportBlock[]) =>
  blocks.flatMap((block) => (block.block === 'node' ? [block, ...(block.others ?? [])] : []))

test('the winner is what the learner’s own node gives with its settings, byte for byte', async () => {
  const { model, trials, blocks, card } = await tune(loans)
  expect(trials.rows).toBe(6)
  expect(model.learner.type).toBe('train/boosting')
  const values = await numbers(trials, 'metric_value')
  const best = Math.max(...values)
  expect(figure(model, 'search.roc_auc')).toBe(best)
  expect(card!.text).toMatch(/ROC AUC 0\.\d+\*\*, best of 6/)
  const offers = offersOf(blocks)
  expect(offers.map(({ title }) => /^Trial \d: ROC AUC 0\.\d+$/.test(title))).toEqual(Array(6).fill(true))
  const alone = (await runNode(scratch, boosting, { table: loans }, offers[0]!.node.params)).outputs.model as Model
  expect(alone.onnx).toBe(model.onnx)
  const rates = await numbers(trials, 'learningRate')
  expect((model.learner.params as { learningRate: number }).learningRate).toBe(rates[values.indexOf(best)])
})

describe.each([
  ['linear', {}],
  ['tree', {}],
  ['forest', { settings: '{ "trees": 12 }' }],
  ['boosting', {}],
  ['neural-network', { trials: 3, settings: '{ "epochs": 2, "design": "small" }' }],
])('%s', (learner, given) => {
  test.each([
    ['loans', 'binary', 'folds'],
    ['prices', 'regression', 'validation'],
  ])('is tuned on %s, and its file scores raw rows', async (set, purpose, judgeBy) => {
    const of = set === 'loans' ? loans : await table(set, 300)
    const settings = learner === 'linear' || learner === 'tree' ? '' : quick.settings
    const { model, trials } = await tune(of, {
      settings: settings!,
      ...given,
      learner,
      judgeBy,
      folds: 3,
      second: 'size',
    })
    expect(model).toMatchObject({ purpose, learner: { type: `train/${learner}` } })
    for (const value of await numbers(trials, 'metric_value')) expect(Number.isFinite(value)).toBe(true)
    for (const cost of await numbers(trials, 'second_goal')) expect(cost).toBeGreaterThan(500)
    expect((await numbers(trials, 'metric_spread')).every(Number.isNaN)).toBe(judgeBy === 'validation')
    const frame = await scratch.context.tables.read(
      of,
      model.features.map(({ name }) => name),
    )
    const { values } = await scratch.context.models.score(model, frame)
    expect(values.every(Number.isFinite)).toBe(true)
  })
})

test('the value of a trial judged by validation rows is that of the winner’s file there', async () => {
  const { model, trials } = await tune(loans, { learner: 'linear', settings: '', metric: 'accuracy' })
  const frame = await scratch.context.tables.read(loans)
  const parts = columnOf(frame, 'split')
  const target = columnOf(frame, model.target!)
  const { values } = await scratch.context.models.score(model, frame)
  const at = Array.from({ length: loans.rows }, (_, row) => row).filter((row) => cellText(parts, row) === 'validation')
  const right = at.filter(
    (row) => (values[2 * row + 1]! >= 0.5 ? 1 : 0) === model.classes!.indexOf(cellText(target, row)!),
  )
  expect(Math.max(...(await numbers(trials, 'metric_value')))).toBeCloseTo(right.length / at.length, 12)
})

test('what the test rows say changes nothing', async () => {
  const frame = await scratch.context.tables.read(loans)
  const parts = columnOf(frame, 'split')
  const target = columnOf(frame, 'approved')
  const turned: Frame = {
    ...frame,
    columns: frame.columns.map((one) => {
      if (one.name !== target.name || one.cells.kind !== 'text') return one
      const codes = one.cells.codes.map((code, row) => (cellText(parts, row) === 'test' ? 1 - code : code))
      return { ...one, cells: { ...one.cells, codes } }
    }),
  }
  for (const judgeBy of ['folds', 'validation']) {
    const before = await tune(loans, { judgeBy, folds: 3 })
    const after = await tune(await scratch.context.tables.write(turned), { judgeBy, folds: 3 })
    expect(after.trials.data).toBe(before.trials.data)
    expect(after.model.onnx).toBe(before.model.onnx)
  }
})

/** By strategy, how many trials it makes of what is given below. */
const strategies = [
  ['random', 12],
  ['sobol', 12],
  ['grid', 8],
  ['tpe', 12],
  ['gaussian', 12],
  ['evolution', 12],
  ['halving', 17],
  ['hyperband', 20],
  ['asha', 12],
] as const
const searched: Given = {
  learner: 'tree',
  settings: '',
  trials: 12,
  points: 2,
  judgeBy: 'folds',
  folds: 3,
  second: 'size',
  space: [{ parameter: 'maxDepth', from: 2, to: 8, log: false, choices: '' }],
}

test.each(strategies)('%s tries %i settings', async (strategy, count) => {
  expect((await tune(loans, { ...searched, strategy })).trials.rows).toBe(count)
})

test.each([
  ['tpe', {}],
  ['evolution', {}],
  ['hyperband', {}],
  ['asha', {}],
  ['asha', { learner: 'boosting', settings: '{ "rounds": 20 }', space: [] }],
] as const)(
  '%s %o finds the same on any number of threads, and goes on after it was cut off',
  async (strategy, other) => {
    const given = { ...searched, ...other, strategy }
    const whole = await tune(loans, given)
    const cut = await openScratch({ threads: 3 })
    const again = await table('loans', 400, cut)
    let shown = 0
    const broken = {
      ...cut.context,
      show: () => {
        if (++shown === 5) throw new Error('the machine went down')
      },
    }
    const inputs = { table: again, preparation: undefined }
    const hashes = { table: undefined, preparation: undefined }
    const params = node.params.parse(given)
    await expect(node.run({ inputs, hashes, params, context: broken })).rejects.toThrow('went down')
    const { outputs } = await runNode(cut, node, { table: again }, given)
    expect((outputs.trials as Table).data).toBe(whole.trials.data)
    expect((outputs.model as Model).onnx).toBe(whole.model.onnx)
    await cut.close()
  },
)

test('short trials have fewer trees, and only full ones can win', async () => {
  const given = { learner: 'forest', settings: '{ "trees": 27 }', strategy: 'halving', trials: 9, shortest: 0.11 }
  const { model, trials } = await tune(loans, given)
  expect((await column(trials, 'failed_because')).filter((reason) => reason !== null)).toEqual([])
  expect(await numbers(trials, 'length_share')).toEqual([...Array(9).fill(0.11), ...Array(3).fill(0.33), 1])
  expect(await column(trials, 'status')).toEqual([...Array(12).fill('short'), 'full'])
  expect(figure(model, 'search.roc_auc')).toBe((await numbers(trials, 'metric_value'))[12])
  expect((model.learner.params as { trees: number }).trees).toBe(27)
})

test('with a second goal the cheapest model wins of those that are hardly worse', async () => {
  const given = { learner: 'tree', settings: '', trials: 25, metric: 'log_loss', judgeBy: 'folds', second: 'work' }
  const { model, trials, blocks } = await tune(loans, { ...given, giveUp: 0.05 })
  const [values, costs] = [await numbers(trials, 'metric_value'), await numbers(trials, 'second_goal')]
  const near = costs.filter((_, trial) => values[trial]! <= Math.min(...values) * 1.05)
  const won = values.indexOf(figure(model, 'search.log_loss'))
  expect(costs[won]).toBe(Math.min(...near))
  const front = blocks.find((block) => block.block === 'chart' && block.chart.type === 'scatter')
  expect(front).toBeDefined()
  const mattered = blocks.find((block) => block.block === 'chart' && block.title === 'What mattered')
  expect(mattered).toMatchObject({ chart: { rows: { length: 3 } } })
  const best = (await tune(loans, { ...given, giveUp: 0 })).model
  expect(figure(best, 'search.log_loss')).toBe(Math.min(...values))
})

test('more than two classes are tuned like two', async () => {
  const { model } = await tune(await table('texts', 150), { metric: 'log_loss', judgeBy: 'folds', folds: 3, trials: 3 })
  expect(model.purpose).toBe('multiclass')
  expect(figure(model, 'search.log_loss')).toBeGreaterThan(0)
})

test('ranges are changed, added, held and left out', async () => {
  const row = { from: 0, to: 1, log: false, choices: '' }
  const space = [
    { ...row, parameter: 'leaves', from: 4, to: 8 },
    { ...row, parameter: 'growth', choices: 'leaf, depth' },
    { ...row, parameter: 'depth', choices: '3' },
  ]
  const { trials, model } = await tune(loans, { space, onlyThese: true, trials: 8 })
  const named = trials.columns.map(({ name }) => name)
  expect(named.slice(-3)).toEqual(['leaves', 'growth', 'depth'])
  expect(named).not.toContain('learningRate')
  for (const leaves of await numbers(trials, 'leaves')) expect([4, 5, 6, 7, 8]).toContain(leaves)
  expect(new Set(await column(trials, 'growth'))).toEqual(new Set(['leaf', 'depth']))
  expect((model.learner.params as { depth: number; rounds: number }).depth).toBe(3)
  expect((model.learner.params as { rounds: number }).rounds).toBe(15)
})

test('a trial that fails is a row with its reason, and the others go on', async () => {
  const space = [{ parameter: 'learningRate', from: 0, to: 1, log: false, choices: '100, 0.005' }]
  const { trials, blocks } = await tune(await table('prices', 200), {
    learner: 'neural-network',
    settings: '{ "epochs": 2, "optimizer": "sgd" }',
    space,
    onlyThese: true,
    strategy: 'grid',
  })
  expect(await column(trials, 'status')).toEqual(['failed', 'full'])
  expect(await column(trials, 'failed_because')).toEqual([expect.stringContaining('no value'), null])
  expect(blocks.some((block) => block.block === 'table' && block.title === 'Trials that failed')).toBe(true)
})

test('pictures and texts are tuned too', async () => {
  const given = { learner: 'neural-network', trials: 2, settings: '{ "epochs": 1, "design": "small" }' }
  const images = await tune(await table('images', 120), given)
  expect(images.model.purpose).toBe('multiclass')
  expect(images.model.features[0]!.type).toBe('image')
  const texts = await tune(await table('texts', 120), {
    ...given,
    settings: '{ "epochs": 1, "design": "small", "input": "text" }',
  })
  expect(texts.model.network!.input).toMatchObject({ kind: 'words' })
})

test('a preparation at the input becomes part of the model', async () => {
  const prepared = (await runNode(scratch, encode, { table: loans })).outputs.preparation as Model
  const { model } = await tune(loans, { judgeBy: 'folds', folds: 3 }, scratch, prepared)
  expect(model.matrix!.length).toBe(prepared.matrix!.length)
})

test.each(learnerNames)('no parameter of %s is named as a column of the trials is', (name) => {
  const own = trialColumns({ x: { kind: 'number', low: 0, high: 1 } }).map((one) => one.name)
  const shape = Object.keys(learners[name].node.params.shape)
  expect(own.filter((one) => shape.includes(one))).toEqual([])
})

test('asked to finish, it gives the best so far, trained in full', async () => {
  const early = await openScratch({ threads: 1 })
  const of = await table('loans', 300, early)
  early.finish()
  const { model, trials } = await tune(of, { trials: 500, sideBySide: 1 }, early)
  expect(trials.rows).toBeLessThan(5)
  expect(figure(model, 'rounds')).toBeGreaterThan(1)
  await early.close()
})

test('past the time limit no further trial begins, though one is made', async () => {
  const { trials, model } = await tune(loans, { trials: 2_000, minutes: 1e-5 })
  expect(trials.rows).toBeGreaterThan(0)
  expect(trials.rows).toBeLessThan(1_000)
  expect(model.purpose).toBe('binary')
})

test('while it works it shows its trials', async () => {
  const own = await openScratch({ threads: 1 })
  await tune(await table('loans', 300, own), {}, own)
  expect(own.shown).toHaveLength(6)
  const charts = own.shown.at(-1)!.flatMap((block) => (block.block === 'chart' ? [block.chart.type] : []))
  expect(charts).toEqual(['parallel', 'line'])
  await own.close()
})

describe('problems', () => {
  const range = { parameter: 'leaves', from: 4, to: 8, log: false, choices: '' }
  const before = async (given: Given): Promise<readonly Problem[]> => {
    const params = node.params.parse({ ...quick, ...given })
    const inputs = { table: { columns: loans.columns }, preparation: undefined }
    const found = await node.infer({ inputs, params, context: scratch.infer })
    return Array.isArray(found) ? found : []
  }

  test.each([
    ['a range upside down', { space: [{ ...range, from: 9 }] }, ['params', 'space', 'leaves'], /9 to 8/],
    [
      'a logarithm of 0',
      { space: [{ ...range, parameter: 'l2', from: 0, log: true }] },
      ['params', 'space', 'l2'],
      /begins at 0/,
    ],
    [
      'a parameter that is not there',
      { space: [{ ...range, parameter: 'leafs' }] },
      ['params', 'space'],
      /no parameter "leafs"/,
    ],
    [
      'one that is not for searching',
      { space: [{ ...range, parameter: 'folds' }] },
      ['params', 'space'],
      /no parameter "folds"/,
    ],
    ['values it can not have', { space: [{ ...range, from: 1 }] }, ['params', 'space'], /leaves can not be 1/],
    ['a choice it can not have', { space: [{ ...range, choices: '4, many' }] }, ['params', 'space'], /"many"/],
    ['a range of words', { space: [{ ...range, parameter: 'growth' }] }, ['params', 'space'], /not a number/],
    ['one range twice', { space: [range, range] }, ['params', 'space'], /twice/],
    ['a grid of too many trials', { strategy: 'grid', points: 5 }, ['params', 'points'], /15.625 trials/],
    ['nothing to search', { onlyThese: true }, ['params', 'space'], /no parameter/],
    ['settings that are no JSON', { settings: 'rounds: 3' }, ['params', 'settings'], /JSON/],
    ['settings that do not fit', { settings: '{ "rounds": -1 }' }, ['params', 'settings'], /does not take -1/],
    ['settings that are not there', { settings: '{ "round": 1 }' }, ['params', 'settings'], /no parameter round/],
    ['a metric of numbers for classes', { metric: 'rmse' }, ['params', 'metric'], /approved has classes/],
    ['a target that is not there', { target: 'nobody' }, ['params', 'target'], /nobody/],
  ] as const)('%s is said before any run', async (_, given, path, message) => {
    const [problem] = await before(given as unknown as Given)
    expect(problem).toMatchObject({ path, message: expect.stringMatching(message) })
    expect(problem!.fix).toMatch(/^[A-Z]/)
  })

  test('no trial that could be judged', async () => {
    const given = { metric: 'mape', kind: 'numbers', learner: 'linear', settings: '', target: 'constant' }
    const frame = await scratch.context.tables.read(await table('prices', 200))
    const target = { ...columnOf(frame, 'area'), name: 'constant', role: 'feature' as const }
    const cells = {
      kind: 'number' as const,
      values: Float64Array.from({ length: frame.rows }, (_, row) => row % 2),
    }
    const made = await scratch.context.tables.write({ ...frame, columns: [...frame.columns, { ...target, cells }] })
    await expect(tune(made, given)).rejects.toMatchObject({
      problems: [{ code: 'data-bad', path: ['params', 'space'], message: expect.stringContaining('None of 6 trials') }],
    })
  })

  test('a metric of two classes for more', async () => {
    const texts = await table('texts', 60)
    await expect(tune(texts, { learner: 'tree', settings: '', metric: 'average_precision' })).rejects.toMatchObject({
      problems: [
        { code: 'not-supported', path: ['params', 'metric'], message: expect.stringContaining('two classes') },
      ],
    })
  })

  test('no validation rows, and too few rows for folds', async () => {
    const whole = (await runNode(scratch, example, {}, { set: 'loans', rows: 100 })).outputs.table as Table
    await expect(tune(whole, { judgeBy: 'validation' })).rejects.toMatchObject({
      problems: [{ code: 'rows-missing', path: ['params', 'judgeBy'] }],
    })
    const few = (await runNode(scratch, example, {}, { set: 'loans', rows: 12 })).outputs.table as Table
    await expect(tune(few, { folds: 10 })).rejects.toMatchObject({ problems: [{ code: 'rows-missing' }] })
    const each = (of: (row: number) => string) => Array.from({ length: 90 }, (_, row) => of(row))
    const lopsided = frameOf(
      columnFrom('x', 'text', each(String)),
      columnFrom(
        'y',
        'text',
        each((row) => (row < 60 && row % 2 ? 'a' : 'b')),
        { role: 'target' },
      ),
      columnFrom(
        'part',
        'text',
        each((row) => (row < 60 ? 'train' : 'validation')),
        { role: 'split' },
      ),
    )
    const judged = await scratch.context.tables.write(lopsided)
    await expect(tune(judged)).rejects.toMatchObject({
      problems: [
        {
          code: 'data-bad',
          path: ['params', 'judgeBy'],
          message: expect.stringMatching(/y is b in all validation rows.*ROC AUC/),
        },
      ],
    })
    expect((await tune(judged, { metric: 'log_loss', trials: 2 })).model.purpose).toBe('binary')
    await expect(tune(await table('images', 40))).rejects.toMatchObject({
      problems: [{ code: 'column-type', columns: ['picture'], fix: expect.stringMatching(/^Choose a neural network/) }],
    })
  })
})

test('networks that are tuned go to the device the network node would take, and the figures stay', async () => {
  const library = await findTensorFlow(['@tensorflow/tfjs'])
  const given = { learner: 'neural-network', strategy: 'random', trials: 3, judgeBy: 'validation', metric: 'log_loss' }
  const on = async (device: string, found: typeof library) => {
    const logged: string[] = []
    const asked: string[] = []
    const accelerators = async () => [
      {
        async find() {
          asked.push(device)
          return found
        },
      },
    ]
    const context = {
      ...scratch.context,
      kernels: { ...scratch.context.kernels, accelerators },
      log: (text: string) => logged.push(text),
      checkpoint: { read: async () => undefined, write: async () => {} },
    }
    const settings = JSON.stringify({ epochs: 2, device })
    const params = node.params.parse({ ...given, settings })
    const { trials } = await node.run({
      inputs: { table: loans, preparation: undefined },
      hashes: {} as never,
      params,
      context,
    })
    return { values: await numbers(trials, 'metric_value'), logged, asked }
  }
  const cpu = await on('cpu', library)
  expect(cpu.asked).toEqual([])
  const there = await on('tensorflow', library)
  expect(there.asked.length).toBeGreaterThan(3)
  expect(there.values).not.toEqual(cpu.values)
  for (const [at, value] of there.values.entries()) expect(Math.abs(value - cpu.values[at]!)).toBeLessThan(1e-3)
  const missing = await on('tensorflow', { missing: 'it is not installed' })
  expect(missing.values).toEqual(cpu.values)
  expect(missing.logged).toContain('Networks are trained on the CPU: it is not installed.')
})
