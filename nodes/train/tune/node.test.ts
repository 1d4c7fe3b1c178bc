import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Model, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import boosting from '../boosting/node.ts'
import node from './node.ts'

let scratch: Scratch
let loans: Table
beforeAll(async () => {
  scratch = await openScratch({ threads: 2 })
  loans = await table('loans', 400)
})
afterAll(() => scratch.close())

async function table(set: string, rows: number, at = scratch): Promise<Table> {
  const made = (await runNode(at, example, {}, { set, rows })).outputs.table as Table
  return (await runNode(at, split, { table: made })).outputs.table as Table
}
type Given = Readonly<Record<string, JsonValue>>
const quick: Given = { trials: 6, settings: '{ "rounds": 15 }' }
async function tune(of: Table, given: Given = {}, at = scratch) {
  const { outputs, blocks, card } = await runNode(at, node, { table: of }, { ...quick, ...given })
  return { model: outputs.model as Model, trials: outputs.trials as Table, blocks, card }
}
async function column(trials: Table, name: string): Promise<(number | string | null)[]> {
  const found = columnOf(await scratch.context.tables.read(trials), name)
  return Array.from({ length: trials.rows }, (_, row) =>
    found.cells.kind === 'number' ? found.cells.values[row]! : cellText(found, row),
  )
}
const numbers = async (trials: Table, name: string) => (await column(trials, name)) as number[]
const figure = ({ metrics }: Model, name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN

test('the winner is what the learner’s own node gives with its settings, byte for byte', async () => {
  const { model, trials, blocks, card } = await tune(loans)
  expect(trials.rows).toBe(6)
  expect(model.learner.type).toBe('train/boosting')
  const values = await numbers(trials, 'value')
  const best = Math.max(...values)
  expect(figure(model, 'search.roc_auc')).toBe(best)
  expect(card!.text).toMatch(/ROC AUC 0\.\d+\*\*, best of 6/)
  const offers = blocks.filter((block) => block.block === 'node')
  expect(offers).toHaveLength(3)
  const alone = (await runNode(scratch, boosting, { table: loans }, offers[0]!.node.params)).outputs.model as Model
  expect(alone.onnx).toBe(model.onnx)
  const rates = await numbers(trials, 'learningRate')
  expect((model.learner.params as { learningRate: number }).learningRate).toBe(rates[values.indexOf(best)])
})
