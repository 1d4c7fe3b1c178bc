import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Model, Table } from '#contract'
import { columnOf } from '#ml/frame'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import node from './node.ts'

let scratch: Scratch
let loans: Table
beforeAll(async () => {
  scratch = await openScratch()
  const made = (await runNode(scratch, example, {}, { set: 'loans', rows: 500 })).outputs.table as Table
  loans = (await runNode(scratch, split, { table: made })).outputs.table as Table
})
afterAll(() => scratch.close())

async function train(given: Readonly<Record<string, JsonValue>> = {}) {
  const { outputs, blocks, card } = await runNode(scratch, node, { table: loans }, given)
  return { model: outputs.model as Model, blocks, card }
}
const figure = ({ metrics }: Model, name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN

test('out of the bag it is about as good as cross-validated, with an interval', async () => {
  const { model, card } = await train({ trees: 60, folds: 5 })
  expect(Math.abs(figure(model, 'out_of_bag.roc_auc') - figure(model, 'cross_validated.roc_auc'))).toBeLessThan(0.06)
  const accuracy = model.metrics.find(({ name }) => name === 'out_of_bag.accuracy')!
  expect(accuracy.low!).toBeLessThan(accuracy.value!)
  expect(accuracy.high!).toBeGreaterThan(accuracy.value!)
  expect(card!.text).toMatch(/cross-validated/)
  const plain = await train({ trees: 10, bootstrap: false })
  expect(figure(plain.model, 'out_of_bag.roc_auc')).toBeNaN()
})

test('extra trees and balanced classes are other forests; more threads are not', async () => {
  const base = await train({ trees: 8 })
  const extra = await train({ trees: 8, method: 'extra-trees' })
  const balanced = await train({ trees: 8, classWeight: 'balanced' })
  expect(new Set([base, extra, balanced].map(({ model }) => model.onnx)).size).toBe(3)
  const other = await openScratch({ threads: 3 })
  const made = (await runNode(other, example, {}, { set: 'loans', rows: 500 })).outputs.table as Table
  const table = (await runNode(other, split, { table: made })).outputs.table as Table
  const again = (await runNode(other, node, { table }, { trees: 8 })).outputs.model as Model
  expect(again.onnx).toBe(base.model.onnx)
  await other.close()
})

test('protected columns and the target are no features', async () => {
  const { model } = await train({ trees: 4 })
  const names = model.features.map(({ name }) => name)
  const frame = await scratch.context.tables.read(loans)
  for (const name of model.protected) expect(columnOf(frame, name).role).toBe('protected')
  expect(names).not.toEqual(expect.arrayContaining([...model.protected, model.target]))
})
