import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '#ml/random/random'
import { type BoostingOptions, boost, boostingDefaults } from '#ml/trees/boost'
import { predictMargins } from '#ml/trees/ensemble'
import { wasmTreeKernels } from './tree-kernels.ts'

/** Numbers of distinct values; 0 for a column of normal numbers. Eight columns beside each other share a width. */
const kinds = [0, 2, 3, 1, 2, 7, 2, 2, 150, 2, 2, 2, 40, 2, 2, 2, 2, 2, 3, 2, 1, 2, 130, 120]

function drawTable(rows: number, features: number, seed: number) {
  const random = createRandom(seed)
  const columns = Array.from({ length: features }, (_, f) => {
    const levels = kinds[f % kinds.length]!
    return Float64Array.from({ length: rows }, () =>
      f % 3 === 1 && random.uniform() < 0.1 ? Number.NaN : levels === 0 ? random.normal() : random.integer(levels),
    )
  })
  const at = (f: number, row: number) => columns[f]![row]! || 0.4
  const labels = Float64Array.from(
    { length: rows },
    (_, row) => at(0, row) * at(1, row) + at(8, row) / 60 + random.normal(),
  )
  return { columns, labels }
}
const grown = async (data: ReturnType<typeof drawTable>, more: Partial<BoostingOptions>) =>
  (await boost(wasmTreeKernels, { train: data }, { ...boostingDefaults, loss: 'squared', rounds: 3, ...more })).ensemble

test('columns of few values and of many stand beside each other in any order', async () => {
  const data = drawTable(600, 21, 3)
  const plain = predictMargins(await grown(data, { minRows: 6 }), data.columns, 600)
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const order = createRandom(seed).permutation(data.columns.length)
      const moved = { ...data, columns: Array.from(order, (f) => data.columns[f]!) }
      expect(predictMargins(await grown(moved, { minRows: 6 }), moved.columns, 600)).toEqual(plain)
    }),
    { numRuns: 8 },
  )
})

const large = drawTable(4_200, 270, 5)

// One thread counts a few columns at a time and takes small leaves out of large ones; several threads do neither.
test.each([
  ['leaves too small to split', { minRows: 400 }],
  ['a depth at which none is split', { maxDepth: 3 }],
  ['a root too small to split', { minRows: 5_000 }],
  ['drawn columns', { columnShare: 0.4, minRows: 50 }],
  ['categories', { categorical: [1, 2, 12], minRows: 50 }],
] as const)('with %s, one thread grows what two do', async (_, more) => {
  const [one, two] = [await grown(large, { ...more, threads: 1 }), await grown(large, { ...more, threads: 2 })]
  expect(one).toEqual(two)
  expect(one.trees.every(({ value }) => value.every(Number.isFinite))).toBe(true)
})

test('a wide table takes memory for the values its columns have', async () => {
  const narrow = {
    columns: Array.from({ length: 400 }, (_, f) =>
      Float64Array.from({ length: 40 }, (_cell, row) => (row * (f + 3)) % 2),
    ),
    labels: Float64Array.from({ length: 40 }, (_, row) => row % 2),
  }
  const { bytes } = await boost(wasmTreeKernels, { train: narrow }, { ...boostingDefaults, rounds: 1, minRows: 2 })
  expect(bytes).toBeLessThan(1e6)
})
