import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '#contract'
import { codeRows, decodeRows, scoreCoded } from './coded-rows.ts'
import { kernelShap } from './kernel-shap.ts'

const frameOf = (rows: readonly (readonly [number, number])[]): Frame => ({
  rows: rows.length,
  columns: [
    {
      name: 'income',
      type: 'number',
      nullable: true,
      cells: { kind: 'number', values: Float64Array.from(rows, ([value]) => value) },
    },
    {
      name: 'unused',
      type: 'number',
      nullable: true,
      cells: { kind: 'number', values: new Float64Array(rows.length) },
    },
    {
      name: 'town',
      type: 'text',
      nullable: true,
      cells: { kind: 'text', codes: Int32Array.from(rows, ([, code]) => code), levels: ['Bern', 'Lyon', 'Rome'] },
    },
  ],
})
const features = ['town', 'income']

test('a table comes back from its codes, missing cells too', () => {
  const value = fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN))
  fc.assert(
    fc.property(fc.array(fc.tuple(value, fc.integer({ min: -1, max: 2 }))), (rows) => {
      const frame = frameOf(rows)
      const back = decodeRows(codeRows(frame, features), frame, features)
      expect(back).toEqual({ rows: rows.length, columns: [frame.columns[2], frame.columns[0]] })
    }),
  )
})

test('a model of raw tables is explained by its raw columns', async () => {
  const frame = frameOf([
    [3, 0],
    [5, 2],
    [1, -1],
  ])
  const worth = [10, 20, 40]
  const model = (table: Frame) => {
    const [town, income] = table.columns.map(({ cells }) => cells)
    if (town?.kind !== 'text' || income?.kind !== 'number') throw new Error('other columns than asked for')
    return Promise.resolve(income.values.map((value, row) => value + (worth[town.codes[row]!] ?? 0)))
  }
  const rows = codeRows(frame, features)
  const { base, values } = await kernelShap(scoreCoded(model, frame, features), rows, rows, features)
  expect(base).toBeCloseTo(3 + 50 / 3, 12)
  const expected = [10 - 50 / 3, 0, 40 - 50 / 3, 2, -50 / 3, -2]
  expected.forEach((value, at) => {
    expect(values[at]).toBeCloseTo(value, 12)
  })
})
