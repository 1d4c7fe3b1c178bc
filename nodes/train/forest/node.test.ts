import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Model, Table } from '#contract'
import { columnOf } from '#ml/frame'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { predictMargins } from '#ml/trees/ensemble'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import { byColumn } from '../tree-model.ts'
import node from './node.ts'

let scratch: Scratch
const tables: Record<string, Table> = {}
beforeAll(async () => {
  scratch = await openScratch()
  for (const set of ['loans', 'prices', 'texts']) {
    const made = (await runNode(scratch, example, {}, { set, rows: 500 })).outputs.table as Table
    tables[set] = (await runNode(scratch, split, { table: made })).outputs.table as Table
  }
})
afterAll(() => scratch.close())

async function train(set: string, given: Readonly<Record<string, JsonValue>> = {}) {
  const { outputs, blocks, card } = await runNode(scratch, node, { table: tables[set] }, given)
  return { model: outputs.model as Model, blocks, card }
}
const figure = ({ metrics }: Model, name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN

describe.each([
  ['loans', 'binary'],
  ['prices', 'regression'],
  ['texts', 'multiclass'],
])('%s', (set, purpose) => {
  test('the file gives the trees’ own prediction on raw rows, missing and unseen values among them', async () => {
    const { model } = await train(set, { trees: 12 })
    expect(model.purpose).toBe(purpose)
    const frame = await scratch.context.tables.read(
      tables[set]!,
      model.features.map(({ name }) => name),
    )
    const strange = {
      ...frame,
      columns: frame.columns.map((column) => {
        if (column.cells.kind === 'number')
          return {
            ...column,
            cells: {
              kind: 'number' as const,
              values: column.cells.values.map((v, row) => (row % 7 === 0 ? Number.NaN : v)),
            },
          }
        const levels = [...column.cells.levels, 'zz unseen']
        const codes = column.cells.codes.map((code, row) =>
          row % 5 === 0 ? levels.length - 1 : row % 11 === 0 ? -1 : code,
        )
        return { ...column, cells: { kind: 'text' as const, levels, codes } }
      }),
    }
    const { ensemble } = parseEnsemble(new TextDecoder().decode(await scratch.blobs.get(model.trees!)))
    const matrix = applyPreparation(model.preparation as unknown as Preparation, strange)
    const own = predictMargins(ensemble, byColumn(matrix), matrix.rows)
    const { values } = await scratch.context.models.score(model, strange)
    expect(values.length).toBe(own.length)
    for (let at = 0; at < own.length; at++)
      expect(Math.abs(values[at]! - own[at]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(own[at]!)))
  })
})

test('out of the bag it is about as good as cross-validated, with an interval', async () => {
  const { model, card } = await train('loans', { trees: 60, folds: 5 })
  expect(Math.abs(figure(model, 'out_of_bag.roc_auc') - figure(model, 'cross_validated.roc_auc'))).toBeLessThan(0.06)
  const accuracy = model.metrics.find(({ name }) => name === 'out_of_bag.accuracy')!
  expect(accuracy.low!).toBeLessThan(accuracy.value!)
  expect(accuracy.high!).toBeGreaterThan(accuracy.value!)
  expect(card!.text).toMatch(/cross-validated/)
  const plain = await train('loans', { trees: 10, bootstrap: false })
  expect(figure(plain.model, 'out_of_bag.roc_auc')).toBeNaN()
})

test('extra trees and balanced classes are other forests; more threads are not', async () => {
  const base = await train('loans', { trees: 8 })
  const extra = await train('loans', { trees: 8, method: 'extra-trees' })
  const balanced = await train('loans', { trees: 8, classWeight: 'balanced' })
  expect(new Set([base, extra, balanced].map(({ model }) => model.onnx)).size).toBe(3)
  const other = await openScratch({ threads: 3 })
  const made = (await runNode(other, example, {}, { set: 'loans', rows: 500 })).outputs.table as Table
  const table = (await runNode(other, split, { table: made })).outputs.table as Table
  const again = (await runNode(other, node, { table }, { trees: 8 })).outputs.model as Model
  expect(again.onnx).toBe(base.model.onnx)
  await other.close()
})

test('protected columns and the target are no features', async () => {
  const { model } = await train('loans', { trees: 4 })
  const names = model.features.map(({ name }) => name)
  const frame = await scratch.context.tables.read(tables.loans!)
  for (const name of model.protected) expect(columnOf(frame, name).role).toBe('protected')
  expect(names).not.toEqual(expect.arrayContaining([...model.protected, model.target]))
})
