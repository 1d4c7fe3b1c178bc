import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Model, Table } from '#contract'
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

test('pruning leaves a smaller tree; a high cost leaves one leaf; without it the tree stays whole', async () => {
  const cut = (await train()).model
  const whole = (await train({ pruning: 'none' })).model
  expect(figure(cut, 'leaves')).toBeLessThan(figure(whole, 'leaves'))
  expect(figure(cut, 'leaves_before')).toBe(figure(whole, 'leaves'))
  const stump = (await train({ pruning: 'fixed', cost: 1 })).model
  expect(figure(stump, 'leaves')).toBe(1)
})

test('the rules cover every training row once and say what they predict', async () => {
  const { model, blocks } = await train({ pruning: 'none', maxDepth: 3 })
  const rules = blocks.find((block) => block.block === 'table' && block.title === 'The rules')
  if (rules?.block !== 'table') throw new Error('no rules')
  const rows = rules.rows.reduce((sum, [count]) => sum + (count as number), 0)
  expect(rows).toBe(model.training.rows)
  expect(rules.rows.length).toBe(figure(model, 'leaves'))
  for (const [, condition, outcome] of rules.rows) {
    expect(String(condition)).toMatch(/≤|>|not |always|[a-z]/)
    expect(model.classes).toContain(outcome)
  }
})
