import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Frame, Model, Table } from '#contract'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { predictMargins } from '#ml/trees/ensemble'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import example from '../data/example/node.ts'
import split from '../data/split/node.ts'
import forest from './forest/node.ts'
import tree from './tree/node.ts'
import { byColumn } from './tree-model.ts'

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

const learners: readonly (readonly [name: string, node: AnyNode, given: Parameters<typeof runNode>[3]])[] = [
  ['a tree', tree, {}],
  ['a forest', forest, { trees: 12 }],
]

describe.each(learners)('%s', (_, node, given) => {
  test.each([
    ['loans', 'binary'],
    ['prices', 'regression'],
    ['texts', 'multiclass'],
  ])('of %s gives its own prediction as a file, on rows with missing cells and unseen values', async (set, purpose) => {
    const model = (await runNode(scratch, node, { table: tables[set] }, given)).outputs.model as Model
    expect(model.purpose).toBe(purpose)
    const names = model.features.map(({ name }) => name)
    const strange = withStrangeCells(await scratch.context.tables.read(tables[set]!, names))
    const { ensemble } = parseEnsemble(new TextDecoder().decode(await scratch.blobs.get(model.trees!)))
    const matrix = applyPreparation(model.preparation as unknown as Preparation, strange)
    const own = predictMargins(ensemble, byColumn(matrix), matrix.rows)
    const { values } = await scratch.context.models.score(model, strange)
    expect(values.length).toBe(own.length)
    for (let row = 0; row < own.length; row++)
      expect(Math.abs(values[row]! - own[row]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(own[row]!)))
  })
})

function withStrangeCells(frame: Frame): Frame {
  const columns = frame.columns.map((column) => {
    const { cells } = column
    if (cells.kind === 'number') {
      const values = cells.values.map((value, row) => (row % 7 === 0 ? Number.NaN : value))
      return { ...column, cells: { ...cells, values } }
    }
    const levels = [...cells.levels, 'zz unseen']
    const codes = cells.codes.map((code, row) => (row % 5 === 0 ? levels.length - 1 : row % 11 === 0 ? -1 : code))
    return { ...column, cells: { ...cells, levels, codes } }
  })
  return { ...frame, columns }
}
