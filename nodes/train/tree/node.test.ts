import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Model, Table } from '#contract'
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
    const { model } = await train(set)
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

test('pruning leaves a smaller tree; a high cost leaves one leaf; without it the tree stays whole', async () => {
  const cut = (await train('loans')).model
  const whole = (await train('loans', { pruning: 'none' })).model
  expect(figure(cut, 'leaves')).toBeLessThan(figure(whole, 'leaves'))
  expect(figure(cut, 'leaves_before')).toBe(figure(whole, 'leaves'))
  const stump = (await train('loans', { pruning: 'fixed', cost: 1 })).model
  expect(figure(stump, 'leaves')).toBe(1)
})

test('the rules cover every training row once and say what they predict', async () => {
  const { model, blocks } = await train('loans', { pruning: 'none', maxDepth: 3 })
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
