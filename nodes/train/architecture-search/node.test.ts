import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Model, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import neuralNetwork from '../neural-network/node.ts'
import node from './node.ts'
import { searchCard } from './report.ts'

let scratch: Scratch
let loans: Table
beforeAll(async () => {
  scratch = await openScratch({ threads: 2 })
  loans = await table('loans', 500)
})
afterAll(() => scratch.close())

async function table(set: string, rows: number): Promise<Table> {
  const made = (await runNode(scratch, example, {}, { set, rows })).outputs.table as Table
  return (await runNode(scratch, split, { table: made })).outputs.table as Table
}
const quick = { trials: 5, epochs: 3, fidelity: 0.5, finalists: 1, blocks: 2 }
async function search(of: Table, given: Readonly<Record<string, JsonValue>> = {}) {
  const { outputs, blocks, card } = await runNode(scratch, node, { table: of }, { ...quick, ...given })
  return { model: outputs.model as Model, trials: outputs.trials as Table, blocks, card }
}
const numbers = async (trials: Table, name: string) => {
  const { cells } = columnOf(await scratch.context.tables.read(trials), name)
  return cells.kind === 'number' ? Array.from(cells.values) : []
}

test('gives the best network as a model that predicts raw rows, and every candidate as a row', async () => {
  const { model, trials, card } = await search(loans)
  expect(trials.rows).toBe(6)
  expect(model).toMatchObject({ purpose: 'binary', learner: { type: 'train/architecture-search' } })
  expect(model.metrics.find(({ name }) => name === 'validation.accuracy')!.value).toBeGreaterThan(0.55)
  const frame = await scratch.context.tables.read(
    loans,
    model.features.map(({ name }) => name),
  )
  const { values, width } = await scratch.context.models.score(model, frame)
  expect(values.length).toBe(width * loans.rows)
  expect(values.every((value) => value >= 0 && value <= 1)).toBe(true)
  expect(card!.text).toMatch(/best of 6/)
})

test('the quality of the winner is that of its file on the validation rows', async () => {
  const { model, trials } = await search(loans, { estimation: 'full' })
  const [scores, qualities] = [await numbers(trials, 'score'), await numbers(trials, 'quality')]
  const best = qualities[scores.indexOf(Math.max(...scores))]!
  expect(model.metrics.find(({ name }) => name === 'validation.accuracy')!.value).toBeCloseTo(best, 6)
})

test('no candidate is larger than allowed, and a limit nothing keeps is a problem with a cure', async () => {
  const { trials, model } = await search(loans, { mostKilobytes: 6, estimation: 'full' })
  for (const bytes of await numbers(trials, 'bytes')) expect(bytes).toBeLessThanOrEqual(6_000)
  expect(model.onnxBytes).toBeLessThan(40_000)
  await expect(search(loans, { mostKilobytes: 0.001 })).rejects.toMatchObject({
    problems: [{ code: 'parameter-bad', path: ['params', 'mostKilobytes'] }],
  })
})

describe('the same seed finds the same network', () => {
  test.each([1, 3])('on %i threads', async (threads) => {
    const other = await openScratch({ threads })
    const again = await runNode(other, example, {}, { set: 'loans', rows: 500 })
    const divided = (await runNode(other, split, { table: again.outputs.table })).outputs.table as Table
    const found = (await runNode(other, node, { table: divided }, { ...quick, estimation: 'morphism', trials: 6 }))
      .outputs
    const here = await search(loans, { estimation: 'morphism', trials: 6 })
    expect((found.model as Model).onnx).toBe(here.model.onnx)
    expect((found.trials as Table).data).toBe(here.trials.data)
    await other.close()
  })
})

test.each(['full', 'morphism', 'low-fidelity'])(
  'a search that is cut off goes on where it was (%s)',
  async (estimation) => {
    const whole = await search(loans, { estimation, trials: 7 })
    const cut = await openScratch({ threads: 2 })
    const made = await runNode(cut, example, {}, { set: 'loans', rows: 500 })
    const divided = (await runNode(cut, split, { table: made.outputs.table })).outputs.table as Table
    const given = { ...quick, estimation, trials: 7 }
    const params = node.params.parse(given)
    let batches = 0
    const broken = {
      ...cut.context,
      show: () => {
        if (++batches === 1) throw new Error('the machine went down')
      },
    }
    const inputs = { table: divided, preparation: undefined }
    const hashes = { table: undefined, preparation: undefined }
    await expect(node.run({ inputs, hashes, params, context: broken })).rejects.toThrow('went down')
    const { outputs } = await runNode(cut, node, { table: divided }, given)
    expect((outputs.trials as Table).data).toBe(whole.trials.data)
    expect((outputs.model as Model).onnx).toBe(whole.model.onnx)
    await cut.close()
  },
)

test('asked to finish, it gives the best so far', async () => {
  const early = await openScratch({ threads: 1 })
  const made = await runNode(early, example, {}, { set: 'loans', rows: 300 })
  const divided = (await runNode(early, split, { table: made.outputs.table })).outputs.table as Table
  early.finish()
  const { outputs, blocks } = await runNode(early, node, { table: divided }, { ...quick, trials: 500 })
  expect((outputs.trials as Table).rows).toBeLessThan(20)
  expect(blocks).toContainEqual(expect.objectContaining({ text: expect.stringMatching(/trained a little only/) }))
  expect((outputs.model as Model).purpose).toBe('binary')
  await early.close()
})

test('pictures and texts are searched too, each row of the trials with its layers', async () => {
  const images = await search(await table('images', 160), { space: 'micro', trials: 3, epochs: 1, mostKilobytes: 30 })
  expect(images.model.purpose).toBe('multiclass')
  const layers = columnOf(await scratch.context.tables.read(images.trials), 'layers')
  expect(cellText(layers, 0)).toMatch(/conv/)
  const texts = await search(await table('texts', 160), { input: 'text', trials: 3, epochs: 1 })
  expect(cellText(columnOf(await scratch.context.tables.read(texts.trials), 'layers'), 0)).toMatch(/word mean/)
})

test('a device that is not there leaves the candidates to the processor, and the card says so', async () => {
  const here = await search(loans, { trials: 2, epochs: 1 })
  const asked = await search(loans, { trials: 2, epochs: 1, device: 'tensorflow' })
  expect(asked.model.onnx).toBe(here.model.onnx)
  expect(searchCard(here.model, 2).text).toMatch(/best of 2 on CPU \(the network is small\)$/)
  expect(searchCard(asked.model, 2).text).toMatch(/best of 2 on CPU \(@tensorflow.tfjs-node-gpu is not installed\)$/)
})

describe('measured latency', () => {
  const measured = { latency: 'measured', estimation: 'full', trials: 6, epochs: 1 }

  test('is of every candidate, steers by its limit, and is told with how counting would have done', async () => {
    const free = await search(loans, measured)
    const medians = await numbers(free.trials, 'latency_ms')
    const p95 = await numbers(free.trials, 'latency_p95_ms')
    expect(medians).toHaveLength(6)
    medians.forEach((median, at) => {
      expect(median).toBeGreaterThan(0)
      expect(p95[at]).toBeGreaterThanOrEqual(median)
    })
    const best = free.model.metrics.find(({ name }) => name === 'latency_ms.p50.batch_1')!
    expect(best.measured).toBe(true)
    expect(medians).toContain(best.value)
    expect(free.card!.text).toMatch(/ ms a row, best of 6/)
    const titles = free.blocks.flatMap((block) => (block.block === 'chart' ? block.title : []))
    expect(titles).toEqual(
      expect.arrayContaining(['Quality over latency', 'Quality over size', 'Measured over counted']),
    )
    const pictures = free.blocks.flatMap((block) => (block.block === 'chart' ? block.chart.type : []))
    expect(pictures).toContain('layers')
    const texts = free.blocks.flatMap((block) => (block.block === 'text' ? block.text : [])).join('\n')
    expect(texts).toMatch(/measured on this machine/)
    expect(texts).toMatch(/6 networks stand as they do .* \(Spearman\)/)
  })

  test('nothing is measured unless it is asked for, and a time without it is no limit', async () => {
    const { trials, model, blocks } = await search(loans, { trials: 2, epochs: 1, mostMilliseconds: 1e-6 })
    expect((await numbers(trials, 'latency_ms')).every(Number.isNaN)).toBe(true)
    expect(model.metrics.some((metric) => metric.measured)).toBe(false)
    expect(JSON.stringify(blocks)).not.toMatch(/measured/i)
    const measures = node.measures as (params: unknown) => boolean
    expect(['counted', 'measured'].map((latency) => measures(node.params.parse({ latency })))).toEqual([false, true])
  })

  test('a time nothing keeps is a problem with a cure', async () => {
    await expect(search(loans, { ...measured, mostMilliseconds: 1e-6 })).rejects.toMatchObject({
      problems: [{ code: 'parameter-bad', path: ['params', 'mostMilliseconds'], fix: expect.stringMatching(/^Allow/) }],
    })
  })

  test('a search that is cut off keeps what it has measured', async () => {
    const cut = await openScratch({ threads: 2 })
    const made = await runNode(cut, example, {}, { set: 'loans', rows: 300 })
    const divided = (await runNode(cut, split, { table: made.outputs.table })).outputs.table as Table
    const params = node.params.parse({ ...quick, ...measured })
    const broken = {
      ...cut.context,
      show: () => {
        throw new Error('the machine went down')
      },
    }
    const inputs = { table: divided, preparation: undefined }
    const hashes = { table: undefined, preparation: undefined }
    await expect(node.run({ inputs, hashes, params, context: broken })).rejects.toThrow('went down')
    const { records } = JSON.parse(new TextDecoder().decode(await cut.context.checkpoint.read())) as {
      records: readonly { latency: { median: number } }[]
    }
    expect(records).toHaveLength(4)
    const { trials } = (await runNode(cut, node, { table: divided }, { ...quick, ...measured })).outputs
    const frame = await cut.context.tables.read(trials as Table, ['latency_ms'])
    const { cells } = columnOf(frame, 'latency_ms')
    expect(cells.kind === 'number' && Array.from(cells.values.slice(0, 4))).toEqual(
      records.map(({ latency }) => latency.median),
    )
    await cut.close()
  })
})

test('without rows to judge by there is a problem', async () => {
  const few = (await runNode(scratch, example, {}, { set: 'loans', rows: 30 })).outputs.table as Table
  await expect(search(few, { heldOut: 0 })).rejects.toMatchObject({ problems: [{ code: 'rows-missing' }] })
})

test.each([
  ['too large for their spread', (row: number) => 1e300 * row, /y are too large/],
  ['the same wherever they judge', (row: number) => (row < 60 ? row : 5), /y is the same in all validation rows/],
])('numbers that are %s are a problem that says so', async (_, value, message) => {
  const each = <T>(of: (row: number) => T) => Array.from({ length: 80 }, (_cell, row) => of(row))
  const frame = frameOf(
    columnFrom(
      'x',
      'number',
      each((row) => row % 7),
    ),
    columnFrom('y', 'number', each(value), { role: 'target' }),
    columnFrom(
      'part',
      'text',
      each((row) => (row < 60 ? 'train' : 'validation')),
      { role: 'split' },
    ),
  )
  await expect(search(await scratch.context.tables.write(frame))).rejects.toMatchObject({
    problems: [{ code: 'data-bad', columns: ['y'], message: expect.stringMatching(message) }],
  })
})

test('the best candidates are offered as networks that train to the same layers', async () => {
  const { blocks, trials } = await search(loans, { estimation: 'full', trials: 3 })
  const [first, ...more] = blocks.filter((block) => block.block === 'node')
  expect(more).toEqual([])
  const offers = [first!, ...first!.others!]
  expect(offers.length).toBe(3)
  const scores = await numbers(trials, 'score')
  const best = scores.indexOf(Math.max(...scores))
  const network = cellText(columnOf(await scratch.context.tables.read(trials), 'network'), best)
  const { outputs } = await runNode(scratch, neuralNetwork, { table: loans }, { ...offers[0]!.node.params, epochs: 1 })
  expect((outputs.model as Model).network!.design).toEqual(JSON.parse(network!))
})
