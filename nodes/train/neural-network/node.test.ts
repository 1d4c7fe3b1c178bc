import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKernels } from '#compute/kernels'
import { findTensorFlow } from '#compute/neural/tensorflow/find-tensorflow'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Frame, JsonValue, Model, Table } from '#contract'
import { columnOf, splitRows, takeRows } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { pixelNumbers } from '#ml/image/pixel-input'
import { forward, layoutOf, unpack } from '#ml/neural/forward'
import type { Network } from '#ml/neural/network'
import type { NetworkInput } from '#ml/neural/network-file'
import { createTape } from '#ml/neural/tape'
import { wordNumbers } from '#ml/neural/word-input'
import { createGraph } from '#ml/onnx/graph-builder'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { sampleChurn } from '#ml/sample/churn'
import { sampleImages } from '#ml/sample/images'
import { samplePrices } from '#ml/sample/prices'
import { sampleTexts } from '#ml/sample/texts'
import type { Course } from './course.ts'
import node from './node.ts'
import { networkCard } from './report.ts'
import { stageCuts } from './stage-cuts.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch({ seed: 3 })
})
afterAll(() => scratch.close())

type Params = Readonly<Record<string, JsonValue>>
type Roles = Readonly<Record<string, NonNullable<Table['columns'][number]['role']>>>

/** The frame with roles, and every fifth row for validation, every seventh for the test. */
function divided(frame: Frame, roles: Roles): Frame {
  const part = (row: number) => (row % 5 === 0 ? 'validation' : row % 7 === 0 ? 'test' : 'train')
  const parts = columnFrom(
    'part',
    'text',
    Array.from({ length: frame.rows }, (_, row) => part(row)),
    { role: 'split' },
  )
  const columns = frame.columns.map((column) => ({
    ...column,
    ...(roles[column.name] && { role: roles[column.name]! }),
  }))
  return frameOf(...columns, parts)
}

async function train(frame: Frame, params: Params, on = scratch) {
  const table = await on.context.tables.write(frame)
  const { outputs, blocks, card } = await runNode(on, node as AnyNode, { table }, params)
  return { model: outputs['model'] as Model, blocks, card }
}

const metric = ({ metrics }: Model, name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN

/** What the trainer's own layers give for the network's input, before softmax or scaling. */
async function ownOutputs(model: Model, frame: Frame): Promise<number[]> {
  const { design, parameters, statistics, input } = model.network!
  const network = design as unknown as Network
  const vector = async (hash: Parameters<typeof scratch.context.blobs.get>[0] | undefined) =>
    hash ? new Float32Array((await scratch.context.blobs.get(hash)).slice().buffer) : new Float32Array(0)
  const [values, running] = [await vector(parameters), await vector(statistics)]
  const layout = layoutOf(network)
  const tape = createTape(createGraph('own'))
  const x = tape.input('x', [-1, ...network.inputs])
  const parts = {
    parameters: unpack(tape, tape.constant('float', [values.length], values), layout.parameters),
    statistics:
      running.length > 0 ? unpack(tape, tape.constant('float', [running.length], running), layout.statistics) : [],
  }
  tape.output('y', forward(tape, network, x, parts))
  const session = await (await createKernels().sessions())(tape.graph.encode())
  const given = input as unknown as NetworkInput | undefined
  const numbers =
    given?.kind === 'pixels'
      ? pixelNumbers(given, columnOf(frame, given.column))
      : given?.kind === 'words'
        ? wordNumbers(given, columnOf(frame, given.column))
        : Float32Array.from(applyPreparation(model.preparation as unknown as Preparation, frame).values)
  const { y } = await session.run({ x: { type: 'float', shape: [frame.rows, ...network.inputs], values: numbers } })
  await session.release()
  return Array.from(y!.values, Number)
}

/** The file on raw rows equals softmax (or scaling) of the trainer's own layers. */
async function expectSameOutputs(model: Model, frame: Frame): Promise<void> {
  const { values, width } = await scratch.context.models.score(model, frame)
  const own = await ownOutputs(model, frame)
  const { output } = model.network!
  const expected = output
    ? own.map((value) => output.center + output.scale * value)
    : own.map((value, at) => {
        const row = own.slice(at - (at % width), at - (at % width) + width)
        return 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0)
      })
  const scale = output?.scale ?? 1
  values.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!) / scale).toBeLessThan(1e-5)
  })
}

const testRows = (frame: Frame) => takeRows(frame, splitRows(frame, 'test'))

async function accuracy(model: Model, frame: Frame, target: string): Promise<number> {
  const { values, width } = await scratch.context.models.score(model, frame)
  const { cells } = columnOf(frame, target)
  let right = 0
  for (let row = 0; row < frame.rows; row++) {
    const scores = values.slice(row * width, (row + 1) * width)
    const said = model.classes![scores.indexOf(Math.max(...scores))]!
    const actual = cells.kind === 'text' ? cells.levels[cells.codes[row]!] : String(cells.values[row])
    if (said === actual) right++
  }
  return right / frame.rows
}

test('columns: categories become vectors, the file equals the trainer, the truth is nearly reached', async () => {
  const { frame } = sampleChurn({ rows: 3_000, seed: 1 })
  const table = divided(frame, { customer: 'id', refund: 'label', age_group: 'protected', left: 'target' })
  const { model, blocks, card } = await train(table, { epochs: 15 })
  expect(model).toMatchObject({ purpose: 'binary', classes: ['no', 'yes'], positive: 'yes', protected: ['age_group'] })
  expect(model.features.map(({ name }) => name)).not.toContain('refund')
  // A logistic regression with the true terms reaches 0.80.
  expect(metric(model, 'validation.roc_auc')).toBeGreaterThan(0.74)
  await expectSameOutputs(model, testRows(table))
  const shown = JSON.stringify(blocks)
  for (const part of ['Loss by epoch', 'category vectors', 'Confusion on the validation rows', 'residual', '"adam, '])
    expect(shown.includes(part), part).toBe(part !== 'residual')
  expect(card?.text).toContain('AUC')
})

test('numbers are learned on their own scale; huber is less than squared on outliers', async () => {
  const table = divided(samplePrices({ rows: 1_500, seed: 5 }), { flat: 'id', price: 'target' })
  const { model } = await train(table, { epochs: 25, loss: 'huber', learningRate: 0.005 })
  expect(model.purpose).toBe('regression')
  // The noise allows 0.94.
  expect(metric(model, 'validation.r2')).toBeGreaterThan(0.85)
  await expectSameOutputs(model, testRows(table))
})

test('pictures: convolutions, and own layers with a residual of separable convolutions', async () => {
  const table = divided(sampleImages({ rows: 1_200, seed: 5 }), { sample: 'id', shape: 'target' })
  const { model } = await train(table, { epochs: 12, batch: 32 })
  expect(await accuracy(model, testRows(table), 'shape')).toBeGreaterThan(0.95)
  await expectSameOutputs(model, testRows(table))
  const layers: Params[] = [
    { kind: 'convolution', units: 8 },
    { kind: 'residual start' },
    { kind: 'separable convolution', units: 8 },
    { kind: 'batch normalisation' },
    { kind: 'activation', function: 'gelu' },
    { kind: 'residual end' },
    { kind: 'max pooling', size: 2 },
    { kind: 'dropout', share: 0.1 },
  ]
  const own = await train(table, { epochs: 3, batch: 32, design: 'own', layers, optimizer: 'adamw' })
  await expectSameOutputs(own.model, testRows(table))
  const { layers: facts } = own.model.network!.course as unknown as Course
  // 8 filters of 3 × 3 with a bias; each channel a filter of its own; 8 × 8 pixels of 8 channels to 5 classes.
  expect(facts.map(({ parameters }) => parameters)).toEqual([80, 0, 80, 72, 16, 0, 0, 0, 0, 0, 8 * 64 * 5 + 5])
  expect(facts.map(({ shape }) => shape.join('x'))).toContain('8x8x8')
})

test('texts: words inside the file, upper case and long texts too; runs of words', async () => {
  const table = divided(sampleTexts({ rows: 1_500, seed: 5 }), { ticket: 'id', channel: 'label', topic: 'target' })
  const { model } = await train(table, { epochs: 15 })
  expect(model.features.map(({ name }) => name)).toEqual(['message'])
  // Four in a hundred are a guess among four topics.
  expect(await accuracy(model, testRows(table), 'topic')).toBeGreaterThan(0.93)
  await expectSameOutputs(model, testRows(table))
  const odd = frameOf(
    columnFrom('message', 'text', ['', 'CARD', 'zzz unknown', 'my card '.repeat(90), 'Straße été', null]),
  )
  await expectSameOutputs(model, odd)
  await expectSameOutputs(model, takeRows(odd, Uint32Array.of(0)))
  const runs = await train(table, { epochs: 4, design: 'large', places: 24 })
  expect(await accuracy(runs.model, testRows(table), 'topic')).toBeGreaterThan(0.9)
  await expectSameOutputs(runs.model, odd)
})

test('a training that was killed goes on to the same bytes; one that is asked to finish gives what it has', async () => {
  const table = divided(sampleTexts({ rows: 300, seed: 5 }), { ticket: 'id', channel: 'label', topic: 'target' })
  const params = node.params.parse({ epochs: 6, batch: 16, patience: 0 })
  const whole = await train(table, params)
  let kept: Uint8Array | undefined
  let writes = 0
  const written = await scratch.context.tables.write(table)
  const interrupted = {
    ...scratch.context,
    checkpoint: {
      read: async () => kept,
      async write(bytes: Uint8Array) {
        kept = bytes.slice()
        writes++
        if (writes === 3) throw new Error('killed')
      },
    },
  }
  const arguments_ = { inputs: { table: written, preparation: undefined }, hashes: {} as never, params }
  await expect(node.run({ ...arguments_, context: interrupted })).rejects.toThrow('killed')
  const resumed = await node.run({ ...arguments_, context: interrupted })
  // Three epochs, the other three, and nothing left at the end.
  expect([writes, kept?.length]).toEqual([7, 0])
  expect(resumed.model.onnx).toBe(whole.model.onnx)
  const signal = { ...scratch.context.signal, aborted: false, throwIfAborted() {}, finishing: true }
  const finished = await node.run({ ...arguments_, context: { ...scratch.context, signal } })
  expect((finished.model.network!.course as unknown as Course).history).toHaveLength(0)
  await expectSameOutputs(finished.model, testRows(table))
})

test('devices are tried in turn; the processor trains when there is none, or all compute otherwise', async () => {
  const table = await scratch.context.tables.write(
    divided(sampleTexts({ rows: 200, seed: 5 }), { ticket: 'id', channel: 'label', topic: 'target' }),
  )
  type Offer = Awaited<ReturnType<typeof scratch.context.kernels.accelerators>>[number]
  const on = async (device: string, ...found: Awaited<ReturnType<Offer['find']>>[]) => {
    const accelerators = async () => found.map((one): Offer => ({ find: async () => one }))
    const context = { ...scratch.context, kernels: { ...scratch.context.kernels, accelerators } }
    const { model } = await node.run({
      inputs: { table, preparation: undefined },
      hashes: {} as never,
      params: node.params.parse({ epochs: 2, device }),
      context,
    })
    return { model, device: (model.network!.course as unknown as Course).device }
  }
  const nothing = { missing: 'no graphics processor was found' }
  const missing = await on('gpu', nothing)
  expect(missing.device).toEqual({ name: 'CPU', why: 'no graphics processor was found' })
  const text = networkCard(missing.model).text
  expect(text).toContain('2 epochs on CPU (no graphics processor was found)')
  const broken = { name: 'WebGPU', open: () => Promise.reject(new Error('out of memory')) }
  const refused = await on('gpu', broken, nothing)
  expect(refused.device?.why).toBe(
    'WebGPU: the device can not train this network: out of memory; no graphics processor was found',
  )
  expect(refused.model.onnx).toBe(missing.model.onnx)
  expect((await on('gpu')).device?.why).toContain('has no graphics processor')
  const library = await findTensorFlow(['@tensorflow/tfjs'])
  const trained = await on('tensorflow', broken, library)
  expect(trained.device).toEqual({ name: 'TensorFlow.js on the CPU', why: 'as chosen' })
  const loss = ({ network }: Model) => (network!.course as unknown as Course).history.at(-1)!.loss
  expect(loss(trained.model)).toBeCloseTo(loss(missing.model), 3)
  await expectSameOutputs(trained.model, await scratch.context.tables.read(table))
})

test('weights count: with balanced classes the rare class is found more often', async () => {
  const { frame } = sampleChurn({ rows: 1_200, seed: 8 })
  const table = divided(frame, { customer: 'id', refund: 'label', age_group: 'protected', left: 'target' })
  const found = ({ network }: Model) => {
    const [no, yes] = (network!.course as unknown as Course).confusion!
    return (no![1]! + yes![1]!) / (no![0]! + no![1]! + yes![0]! + yes![1]!)
  }
  const plain = await train(table, { epochs: 8 })
  const balanced = await train(table, { epochs: 8, classWeight: 'balanced' })
  expect(found(balanced.model)).toBeGreaterThan(found(plain.model) + 0.05)
})

test('what can not be trained is told before or at once', async () => {
  const table = divided(sampleImages({ rows: 60, seed: 5 }), { sample: 'id', shape: 'target' })
  const refused = (params: Params, frame = table) => expect(train(frame, params)).rejects
  const layer = (kind: string, more: Params = {}) => ({ design: 'own', layers: [{ kind, ...more }] })
  await refused(layer('residual start')).toMatchObject({
    code: 'parameter-bad',
    problems: [{ path: ['params', 'layers'] }],
  })
  await refused(layer('sequence convolution')).toMatchObject({ code: 'parameter-bad' })
  await refused(layer('embedding')).toMatchObject({ problems: [{ code: 'parameter-bad', path: ['params', 'layers'] }] })
  await refused(layer('max pooling', { size: 30 })).toMatchObject({ code: 'parameter-bad' })
  await refused({ input: 'text' }).toMatchObject({ code: 'column-type' })
  await refused({ kind: 'numbers' }).toMatchObject({ code: 'column-type' })
  const prices = divided(samplePrices({ rows: 200, seed: 5 }), { flat: 'id', price: 'target' })
  const wild = { design: 'own', optimizer: 'sgd', learningRate: 100 }
  await refused(wild, prices).toMatchObject({ problems: [{ path: ['params', 'learningRate'] }] })
  const unsized = frameOf(...table.columns.map(({ image: _, ...column }) => column))
  await refused({}, unsized).toMatchObject({ code: 'column-type' })
})

const shared = new URL('../../../../shared/data/', import.meta.url)
const spam = new URL('sms_spam/SMSSpamCollection.tsv', shared)

test.skipIf(!existsSync(spam))(
  'SMS spam: 0.97 of the test rows are right',
  async () => {
    const { readFileSync } = await import('node:fs')
    const lines = readFileSync(spam, 'utf8')
      .split('\n')
      .filter((line) => line.includes('\t'))
    const cells = lines.map((line) => line.split('\t') as [string, string])
    const isHeader = cells[0]![0] !== 'ham' && cells[0]![0] !== 'spam'
    const rows = isHeader ? cells.slice(1) : cells
    const frame = frameOf(
      columnFrom(
        'label',
        'text',
        rows.map(([label]) => label),
        { role: 'target' },
      ),
      columnFrom(
        'message',
        'text',
        rows.map(([, message]) => message),
      ),
    )
    const table = divided(frame, {})
    const { model } = await train(table, { design: 'large', epochs: 9, learningRate: 0.001 })
    expect(await accuracy(model, testRows(table), 'label')).toBeGreaterThan(0.97)
  },
  120_000,
)

test('a file of version 1, where the kind was called task, opens as it was meant', () => {
  expect(node.migrate![1]!({ task: 'numbers', epochs: 3 })).toEqual({ kind: 'numbers', epochs: 3 })
  expect(node.params.parse(node.migrate![1]!({ batch: 32 }))).toMatchObject({ kind: 'auto', batch: 32 })
})

test('folds judge networks trained as long on parts of the training rows, with an interval', async () => {
  const prices = divided(samplePrices({ rows: 300, seed: 5 }), { flat: 'id', price: 'target' })
  const plain = (await train(prices, { epochs: 20 })).model
  const { model } = await train(prices, { epochs: 20, folds: 3 })
  expect(model.onnx).toBe(plain.onnx)
  const r2 = model.metrics.find(({ name }) => name === 'cross_validated.r2')!
  expect(r2.low!).toBeLessThan(r2.value!)
  expect(r2.high!).toBeGreaterThan(r2.value!)
  expect(Math.abs(r2.value! - metric(model, 'validation.r2'))).toBeLessThan(0.3)
  expect(plain.metrics.some(({ name }) => name.startsWith('cross_validated'))).toBe(false)
})

test.each([
  ['synchronous', { parts: 3 }, 'each batch in 3 parts'],
  ['asynchronous', { parts: 2 }, '2 batches at a time'],
  ['pipeline', { parts: 4, stages: 3 }, '3 stages, 4 micro-batches'],
])(
  'a training spread over threads (%s) gives the same on any number of them, and says how',
  async (spread, more, words) => {
    const frame = divided(sampleImages({ rows: 160, seed: 5 }), { sample: 'id', shape: 'target' })
    const params = { epochs: 5, batch: 32, spread, ...more }
    const logged: string[] = []
    const here = { ...scratch, context: { ...scratch.context, log: (text: string) => void logged.push(text) } }
    const { model, card } = await train(frame, params, here)
    expect(card!.text).toContain(words)
    expect(logged.some((text) => /threads?, idle \d+/.test(text))).toBe(true)
    const history = (model.network!.course as unknown as Course).history
    expect(history.at(-1)!.loss).toBeLessThan(0.8 * history[0]!.loss)
    const other = await openScratch({ seed: 3, threads: 3 })
    expect((await train(frame, params, other)).model.onnx).toBe(model.onnx)
    await other.close()
  },
)

test('a network is cut where its work is halved, but never within a residual', () => {
  const dense = (units: number) => ({ kind: 'dense', units }) as const
  const layers = [
    dense(8),
    dense(8),
    { kind: 'residualStart' },
    dense(8),
    dense(8),
    { kind: 'residualEnd' },
    dense(8),
  ] as const
  expect(stageCuts({ inputs: [8], layers }, 2)).toEqual([2])
  expect(stageCuts({ inputs: [8], layers }, 9)).toEqual([1, 2, 6])
  expect(stageCuts({ inputs: [8], layers: [dense(2)] }, 4)).toEqual([])
})
