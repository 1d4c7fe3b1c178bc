import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Model, PortSchema, Table } from '#contract'
import { columnFrom, frameOf } from '#ml/frame-of'
import { sampleLoans } from '#ml/sample/loans'
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
