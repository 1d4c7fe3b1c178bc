import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dense, pairs, scoring, smooth } from '../../../bench/parity/formula-models.ts'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { kernelShap } from './kernel-shap.ts'
import { type PlayerTree, partitionShap } from './partition-shap.ts'
import { playerTree } from './player-tree.ts'

interface Values {
  tree: [number, number][]
  values: number[][]
  base: number
}
interface Golden {
  background: number[][]
  x: number[][]
  partition: { rows: Values; related: Values; table: number[][] }
}
const golden = readGolden<Golden>('ml-explain-models')
const x = dense(golden.x)
const background = dense(golden.background)
const names = ['a', 'b', 'c', 'd', 'e']

test.each(['rows', 'related'] as const)('values equal shap’s PartitionExplainer, %s', async (name) => {
  const peer = golden.partition[name]
  const found = await partitionShap(scoring(smooth), x, background, names, peer.tree)
  expect(largestDifference(found.values, peer.values.flat())).toBeLessThan(1e-12)
  expect(found.base).toBeCloseTo(peer.base, 12)
})

test('the tree of features equals scipy’s average linkage', () => {
  expect(playerTree(dense(golden.partition.table), names)).toEqual(golden.partition.related.tree)
  const flat = dense(golden.partition.table.map(([a, b]) => [a!, 1, a! + b!, Number.NaN]))
  expect(playerTree(flat, ['a', 'flat', 'sum', 'missing'])[0]).toEqual([0, 2])
  expect(playerTree(flat, ['a', 'flat', 'a', 'b'])).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect(playerTree(flat, ['one', 'one', 'one', 'one'])).toEqual([])
})

test('a pair has the same values as without a tree, and columns of one source are one player', async () => {
  const sources = ['a', 'b', 'a', 'b', 'a']
  const plain = await kernelShap(scoring(pairs), x, background, sources)
  const found = await partitionShap(scoring(pairs), x, background, sources, [[0, 1]])
  expect(largestDifference(found.values, plain.values)).toBeLessThan(1e-12)
})

const cells = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 })
const chain: PlayerTree = [
  [0, 1],
  [5, 2],
  [6, 3],
  [7, 4],
]

test('values add up whatever the budget, and what the background shares counts nothing', async () => {
  await fc.assert(
    fc.asyncProperty(cells, cells, fc.integer({ min: 0, max: 70 }), async (row, other, samples) => {
      const others = dense([other, [...other.slice(0, 4), row[4]!]])
      others.values[4] = row[4]!
      const { base, values } = await partitionShap(scoring(smooth), dense([row]), others, names, chain, { samples })
      expect(values.reduce((a, b) => a + b, base)).toBeCloseTo(smooth(row), 12)
      expect(values[4]).toBe(0)
    }),
  )
})

test('the budget holds, and a tree of the wrong size is refused', async () => {
  let asked = 0
  const counting = (rows: Matrix) => {
    asked += rows.rows
    return scoring(smooth)(rows)
  }
  await partitionShap(counting, matrix(1, 5, x.values.slice(0, 5)), background, names, chain, { samples: 6 })
  expect(asked).toBe(1 + 20 + 6 * 20)
  expect(() => partitionShap(scoring(smooth), x, background, names, [[0, 1]])).toThrow(RangeError)
})
