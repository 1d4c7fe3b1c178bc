import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Model, PortSchema, Table } from '#contract'
import { columnOf, splitRows, takeRows, textCells } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import { sampleLoans } from '#ml/sample/loans'
import split from '../../data/split/node.ts'
import linear from '../../train/linear/node.ts'
import node from './node.ts'

let scratch: Scratch
let table: Table
beforeAll(async () => {
  scratch = await openScratch()
  const { frame } = sampleLoans({ rows: 800, seed: 2 })
  const columns = frame.columns.map((column) =>
    column.name === 'sex' ? { ...column, role: 'protected' as const } : column,
  )
  table = await scratch.context.tables.write({ ...frame, columns })
})
afterAll(() => scratch.close())

test('the ONNX file gives the numbers of the prepared table on raw rows', async () => {
  const { outputs, card } = await runNode(scratch, node as AnyNode, { table })
  const preparation = outputs['preparation'] as Model
  const raw = await scratch.context.tables.read(
    table,
    preparation.features.map(({ name }) => name),
  )
  const { values, width } = await scratch.context.models.score(preparation, raw)
  const shown = await scratch.context.tables.read(
    outputs['table'] as Table,
    preparation.matrix!.map(({ name }) => name),
  )
  expect(width).toBe(shown.columns.length)
  shown.columns.forEach(({ cells }, column) => {
    if (cells.kind !== 'number') throw new Error('numbers expected')
    cells.values.forEach((value, row) => expect(Math.abs(value - values[row * width + column]!)).toBeLessThan(1e-12))
  })
  expect(preparation.protected).toEqual(expect.arrayContaining(['sex']))
  expect(preparation.features.map(({ name }) => name)).not.toContain('sex')
  expect(card!.text).toMatch(/^\*\*\d+ columns\*\* → \d+ numbers$/)
})

test('only the training rows are fitted on', async () => {
  const frame = frameOf(
    columnFrom('x', 'number', [1, 2, 3, 1000]),
    columnFrom('split', 'text', ['train', 'train', 'train', 'test'], { role: 'split' }),
  )
  const small = await scratch.context.tables.write(frame)
  const { outputs } = await runNode(scratch, node as AnyNode, { table: small })
  const { preparation, training } = outputs['preparation'] as Model
  expect(preparation).toMatchObject({ steps: [{ name: 'x', fill: 2, center: 2 }] })
  expect(training.rows).toBe(3)
})

test('overrides treat single columns differently, and a wired preparation is applied as it is', async () => {
  const overrides = [
    { column: 'income', impute: 'constant', scale: 'none' },
    { column: 'employment', impute: 'mode', scale: 'same' },
  ]
  const { outputs } = await runNode(scratch, node as AnyNode, { table }, { constant: -1, overrides })
  const fitted = outputs['preparation'] as Model
  const { steps } = fitted.preparation as unknown as { steps: { name: string }[] }
  expect(steps.find(({ name }) => name === 'income')).toMatchObject({ fill: -1, center: 0, scale: 1 })
  const again = await runNode(scratch, node as AnyNode, { table, preparation: fitted })
  expect(again.outputs['preparation']).toEqual(fitted)
  expect(again.outputs['table']).toEqual(outputs['table'])
})

test('a table without features is a problem before the run and in it', async () => {
  const only = await scratch.context.tables.write(frameOf(columnFrom('id', 'integer', [1, 2], { role: 'id' })))
  const schema: PortSchema = { columns: only.columns }
  expect(
    await node.infer({
      inputs: { table: schema, preparation: undefined },
      params: node.params.parse({}),
      context: scratch.infer,
    }),
  ).toMatchObject([{ code: 'role-missing' }])
  await expect(runNode(scratch, node as AnyNode, { table: only })).rejects.toMatchObject({ code: 'role-missing' })
})

test('roles other than feature, stray overrides and rules of the wrong kind are problems', async () => {
  const infer = (params: Record<string, unknown>) =>
    node.infer({
      inputs: { table: { columns: table.columns }, preparation: undefined },
      params: node.params.parse(params),
      context: scratch.infer,
    })
  const override = (column: string, impute: string) => ({ overrides: [{ column, impute, scale: 'same' }] })
  expect(await infer({ columns: ['income', 'sex'] })).toMatchObject([{ code: 'not-supported', columns: ['sex'] }])
  expect(await infer(override('sex', 'mode'))).toMatchObject([{ code: 'column-unknown' }])
  expect(await infer(override('employment', 'median'))).toMatchObject([{ path: ['params', 'overrides', 0, 'impute'] }])
  expect(await infer(override('income', 'category'))).toMatchObject([{ code: 'parameter-bad' }])
  expect(await infer(override('income', 'mean'))).toMatchObject({ preparation: { purpose: 'preparation' } })
  await expect(runNode(scratch, node as AnyNode, { table }, { columns: ['sex'] })).rejects.toMatchObject({
    code: 'not-supported',
  })
})

test('columns without a value in the training rows are told and give numbers', async () => {
  const frame = frameOf(
    columnFrom('n', 'number', [null, null, 4]),
    columnFrom('t', 'text', [null, null, 'x']),
    columnFrom('ok', 'number', [1, 2, 3]),
    columnFrom('part', 'text', ['train', 'train', 'test'], { role: 'split' }),
  )
  const { outputs } = await runNode(scratch, node as AnyNode, { table: await scratch.context.tables.write(frame) })
  expect(scratch.messages.at(-1)).toBe('No value at all in the training rows: n, t.')
  const shown = await scratch.context.tables.read(outputs['table'] as Table)
  const prepared = shown.columns.filter(({ role }) => role === 'feature')
  for (const { cells } of prepared) expect(cells.kind === 'number' && cells.values.every(Number.isFinite)).toBe(true)
})

const inferred = (columns: PortSchema['columns'], params: Record<string, unknown>) =>
  node.infer({
    inputs: { table: { ...(columns && { columns }) }, preparation: undefined },
    params: node.params.parse(params),
    context: scratch.infer,
  })

test('what an encoding by the target needs is told before the run', async () => {
  const city = { name: 'city', type: 'text', nullable: true } as const
  const paid = { name: 'paid', type: 'boolean', nullable: false } as const
  const target = { ...paid, role: 'target' as const }
  expect(await inferred([city, paid], { encode: 'target' })).toMatchObject([{ code: 'role-missing' }])
  expect(await inferred([city, paid], { encode: 'target', target: 'payed' })).toMatchObject([
    { code: 'column-unknown' },
  ])
  expect(await inferred([city, paid], { encode: 'target', target: 'paid' })).toMatchObject({
    preparation: { features: [city] },
  })
  expect(await inferred([city, target], { encode: 'target' })).toMatchObject({ preparation: { features: [city] } })
  expect(await inferred([city, paid], { encode: 'target', target: 'paid', columns: ['city', 'paid'] })).toMatchObject([
    { code: 'not-supported', columns: ['paid'] },
  ])
  const when = { name: 'when', type: 'date', nullable: true } as const
  expect(await inferred([city, when], { encode: 'target', target: 'when' })).toMatchObject([{ code: 'column-type' }])
  expect(await inferred([city, when], { fewestCharacters: 6 })).toMatchObject([{ path: ['params', 'mostCharacters'] }])
  const override = (column: string, encode: string) => ({ overrides: [{ column, encode }] })
  expect(await inferred([city, when], override('when', 'words'))).toMatchObject([{ code: 'parameter-bad' }])
  expect(await inferred([city, when], override('city', 'parts'))).toMatchObject([
    { path: ['params', 'overrides', 0, 'encode'] },
  ])
  expect(await inferred([city, when], override('when', 'circles'))).toMatchObject({ table: {} })
})

/** Levels that say nothing: every row has its own but for the missing ones, and the target is a coin. */
function coins(rows: number) {
  const cells = Array.from({ length: rows }, (_, row) => (row % 50 === 0 ? null : `level ${row % 750}`))
  const random = createRandom('coins')
  const heads = Array.from({ length: rows }, () => random.uniform() < 0.5)
  const split = heads.map((_, row) => (row % 3 === 0 ? 'test' : 'train'))
  return frameOf(
    columnFrom('level', 'text', cells),
    columnFrom('heads', 'boolean', heads, { role: 'target' }),
    columnFrom('part', 'text', split, { role: 'split' }),
  )
}

test('target codes of training rows come from the other folds, in the table and in a learner', async () => {
  const frame = coins(3000)
  const small = await scratch.context.tables.write(frame)
  const { outputs } = await runNode(
    scratch,
    node as AnyNode,
    { table: small },
    { encode: 'target', smoothing: 'rows', smoothingRows: 0 },
  )
  const preparation = outputs['preparation'] as Model
  const shown = columnOf(await scratch.context.tables.read(outputs['table'] as Table), 'level').cells
  const { values: full } = await scratch.context.models.score(preparation, frame)
  if (shown.kind !== 'number') throw new Error('numbers expected')
  const heads = columnOf(frame, 'heads').cells
  const part = textCells(columnOf(frame, 'part'))
  const inTraining = (row: number) => part.levels[part.codes[row]!] === 'train'
  const rows = [...full.keys()]
  expect(rows.filter((row) => !inTraining(row) && shown.values[row] !== full[row])).toEqual([])
  expect(rows.filter((row) => inTraining(row) && shown.values[row] !== full[row]).length).toBeGreaterThan(1500)
  const again = await runNode(scratch, node as AnyNode, { table: small, preparation })
  expect(again.outputs).toEqual(outputs)
  // Codes from all rows know each row's own coin; those of the other folds do not.
  const gap = (codes: Float64Array) => {
    const mean = (of: number) => {
      const own = rows.filter((row) => inTraining(row) && heads.kind === 'number' && heads.values[row] === of)
      return own.reduce((sum, row) => sum + codes[row]!, 0) / own.length
    }
    return mean(1) - mean(0)
  }
  expect(gap(full)).toBeGreaterThan(0.15)
  expect(gap(shown.values)).toBeLessThan(0.05)
  const learnt = await runNode(scratch, linear as AnyNode, { table: small, preparation }, { folds: 3 })
  const { metrics, preparation: own } = learnt.outputs['model'] as Model
  expect(own).toEqual(preparation.preparation)
  const figure = (name: string) => metrics.find((metric) => metric.name === name)!.value!
  expect(figure('cross_validated.roc_auc')).toBeLessThan(0.6)
  expect(figure('train.roc_auc')).toBeLessThan(0.6)
})

test('running texts are told, and become terms when asked', async () => {
  const words = ['red', 'green', 'blue', 'small', 'large', 'car', 'house', 'boat', 'engine', 'river']
  const sentences = Array.from({ length: 60 }, (_, row) =>
    Array.from({ length: 6 }, (_, place) => words[(row * (place + 3) + place * place) % 10])
      .join(' ')
      .concat(` ${row}x`),
  )
  const frame = frameOf(
    columnFrom('note', 'text', sentences),
    columnFrom(
      'when',
      'date',
      sentences.map((_, i) => i * 1e10),
    ),
  )
  const small = await scratch.context.tables.write(frame)
  await runNode(scratch, node as AnyNode, { table: small })
  expect(scratch.messages.at(-1)).toContain('note reads like running text')
  const { outputs, blocks } = await runNode(
    scratch,
    node as AnyNode,
    { table: small },
    { longTexts: 'words', dates: 'circles' },
  )
  const names = (outputs['preparation'] as Model).matrix!.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['note: red', 'note: small', 'when: month (sine)', 'when: year']))
  expect(names).not.toContain('note: 7x')
  expect(JSON.stringify(blocks)).toContain('terms')
  const hashed = { longTexts: 'hashed-characters', termBuckets: 32, overrides: [{ column: 'when', encode: 'parts' }] }
  const other = (await runNode(scratch, node as AnyNode, { table: small }, hashed)).outputs['preparation'] as Model
  expect(other.matrix).toHaveLength(32 + 5)
  await expect(
    runNode(scratch, node as AnyNode, { table: small }, { longTexts: 'words', termRows: 61 }),
  ).rejects.toThrow('No term of note occurs in 61 training rows')
})

test('a matrix beyond the memory of the step is refused before it is made', async () => {
  const { context } = scratch
  const tight = { ...context, budget: { ...context.budget, bytes: 100_000 } }
  const params = node.params.parse({})
  const given = { inputs: { table, preparation: undefined }, hashes: { table: undefined, preparation: undefined } }
  await expect(node.run({ ...given, params, context: tight })).rejects.toMatchObject({ code: 'out-of-memory' })
})

const folder = new URL('../../../../shared/data/sms_spam/SMSSpamCollection.tsv', import.meta.url)

test.skipIf(!existsSync(folder))(
  'unwanted messages are told from wanted ones by their words (needs ../shared/data)',
  async () => {
    const lines = readFileSync(folder, 'utf8').trimEnd().split('\n')
    const cells = lines.map((line) => line.split(/\t(.*)/s))
    const frame = frameOf(
      columnFrom(
        'kind',
        'text',
        cells.map(([kind]) => kind!),
        { role: 'target' },
      ),
      columnFrom(
        'message',
        'text',
        cells.map(([, message]) => message!),
      ),
    )
    const divided = await runNode(scratch, split as AnyNode, { table: await scratch.context.tables.write(frame) })
    const messages = divided.outputs['table'] as Table
    const prepared = await runNode(scratch, node as AnyNode, { table: messages }, { longTexts: 'words' })
    const preparation = prepared.outputs['preparation'] as Model
    expect(preparation.matrix).toHaveLength(2000)
    const params = { folds: 0, penalty: 0.1 }
    const learnt = await runNode(scratch, linear as AnyNode, { table: messages, preparation }, params)
    const model = learnt.outputs['model'] as Model
    const whole = await scratch.context.tables.read(messages)
    const held = takeRows(whole, splitRows(whole, 'test'))
    const { values } = await scratch.context.models.score(model, held)
    const { codes, levels } = textCells(columnOf(held, 'kind'))
    const right = [...codes].filter((code, row) => levels[code] === model.classes![values[2 * row + 1]! > 0.5 ? 1 : 0])
    expect(right.length / held.rows).toBeGreaterThan(0.975)
  },
)
