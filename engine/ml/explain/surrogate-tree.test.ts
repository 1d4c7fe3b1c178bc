import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { dense, scoring, smooth } from '../../../bench/parity/formula-models.ts'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { leafOf, type Tree } from '../trees/ensemble.ts'
import { fidelity, surrogateTree } from './surrogate-tree.ts'

interface Golden {
  table: number[][]
  surrogate: {
    x: number[][]
    y: number[]
    trees: Record<
      'depth' | 'leaf' | 'leaves',
      { predictions: number[]; leaves: number; depth: number; fidelity: number }
    >
  }
}
const golden = readGolden<Golden>('ml-explain-models')
const x = dense(golden.surrogate.x)
const y = Float64Array.from(golden.surrogate.y)
const predictions = (tree: Tree, { rows, columns, values }: Matrix) => {
  const cells = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + j]!),
  )
  return Float64Array.from({ length: rows }, (_, row) => tree.value[leafOf(tree, cells, row)]!)
}
const leavesOf = (tree: Tree) => tree.feature.filter((feature) => feature < 0).length

test.each([
  ['depth', { depth: 3 }],
  ['leaf', { depth: 6, minRows: 9 }],
  ['leaves', { depth: 8, minRows: 3, leaves: 6 }],
] as const)('the tree says what scikit-learn’s says, %s', (name, options) => {
  const peer = golden.surrogate.trees[name]
  const tree = surrogateTree(x, y, options)
  expect(largestDifference(predictions(tree, x), peer.predictions)).toBeLessThan(1e-12)
  expect(leavesOf(tree)).toBe(peer.leaves)
  expect(fidelity(tree, x, y)).toBeCloseTo(peer.fidelity, 12)
})

test('a deep tree repeats a model on the rows it saw; fidelity is against the model', () => {
  const table = dense(golden.table)
  const scores = scoring(smooth)(table)
  expect(fidelity(surrogateTree(table, scores, { depth: 60 }), table, scores)).toBe(1)
  const small = surrogateTree(table, scores, { depth: 2 })
  expect(fidelity(small, table, scores)).toBeGreaterThan(0.5)
  expect(fidelity(small, table, scores)).toBeLessThan(1)
  expect(small.cover[0]).toBe(table.rows)
})

const cell = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(Number.NaN))
const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 25 })

test('row order and monotone transforms of a feature change nothing on the rows themselves', () => {
  const tableOf = (list: [number, number][], change: (value: number) => number) =>
    dense(list.map(([a, b]) => [change(a), b]))
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (list, stream) => {
      const scores = Float64Array.from(list, () => stream.next().value ?? 0)
      const options = { depth: 3, minRows: 2 }
      const said = predictions(
        surrogateTree(
          tableOf(list, (v) => v),
          scores,
          options,
        ),
        tableOf(list, (v) => v),
      )
      const cubed = tableOf(list, (v) => v ** 3 + 2 * v)
      expect(largestDifference(predictions(surrogateTree(cubed, scores, options), cubed), said)).toBeLessThan(1e-12)
      const turned = tableOf([...list].reverse(), (v) => v)
      const back = predictions(surrogateTree(turned, scores.slice().reverse(), options), turned).reverse()
      expect(largestDifference(back, said)).toBeLessThan(1e-9)
    }),
  )
})

test('missing cells find their side, and every leaf keeps its rows', () => {
  const list = [[1], [2], [Number.NaN], [3], [4], [Number.NaN]]
  const tree = surrogateTree(dense(list), Float64Array.of(0, 0, 0, 5, 5, 0))
  expect([tree.threshold[0], tree.missingLeft[0]]).toEqual([2.5, 1])
  const apart = surrogateTree(dense(list), Float64Array.of(1, 1, 7, 1, 1, 7))
  expect([apart.threshold[0], apart.missingLeft[0]]).toEqual([Number.POSITIVE_INFINITY, 0])
  const kept = surrogateTree(x, y, { depth: 9, minRows: 7 })
  kept.cover.forEach((cover) => {
    expect(cover).toBeGreaterThanOrEqual(7)
  })
})

test('scores that do not vary give one leaf; no rows are refused', () => {
  const tree = surrogateTree(x, new Float64Array(x.rows).fill(0.1))
  expect([tree.feature.length, leavesOf(tree)]).toEqual([1, 1])
  expect(tree.value[0]).toBeCloseTo(0.1, 14)
  expect(fidelity(surrogateTree(matrix(1, 2), Float64Array.of(3)), matrix(1, 2), Float64Array.of(3))).toBe(1)
  expect(() => surrogateTree(matrix(0, 2), new Float64Array(0))).toThrow(ProblemError)
})
