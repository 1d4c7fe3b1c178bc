import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cartDefaults, growCart } from '#ml/trees/cart'
import { leafOf } from '#ml/trees/ensemble'
import type { ForestTree } from '#ml/trees/forest'
import { pruneTree, pruningPath } from '#ml/trees/prune-tree'
import { largestDifference, readGolden } from '../../../../bench/parity/read-golden.ts'
import { wasmForestKernels } from './forest-kernels.ts'

interface Path {
  alphas: number[]
  impurities: number[]
  pruned: { alpha: number; leaves: number; values: number[] }[]
}
const golden = readGolden<{
  x: number[][]
  numbers: number[]
  classes: number[]
  weights: number[]
  trees: Record<'numbers' | 'binary' | 'classes', Path>
}>('ml-trees-more')
const columns = golden.x[0]!.map((_, f) => Float64Array.from(golden.x, (row) => row[f]!))
const weights = Float64Array.from(golden.weights)
const tasks = {
  numbers: { labels: golden.numbers, classes: 0, minLeaf: 5, maxDepth: 0 },
  binary: { labels: golden.classes.map((k) => (k > 0 ? 1 : 0)), classes: 2, minLeaf: 1e-9, maxDepth: 6 },
  classes: { labels: golden.classes, classes: 3, minLeaf: 1e-9, maxDepth: 6 },
}

function grow(task: keyof typeof tasks, prune = 0): Promise<ForestTree> {
  const { labels, classes, minLeaf, maxDepth } = tasks[task]
  const data = { columns, labels: Float64Array.from(labels), classes, ...(classes > 0 && { weights }) }
  return growCart(wasmForestKernels, data, { ...cartDefaults, minLeaf, minSplit: 0, maxDepth, prune })
}
const leavesOf = (tree: ForestTree) => tree.feature.filter((feature) => feature < 0).length

describe.each(Object.keys(tasks) as (keyof typeof tasks)[])('%s', (task) => {
  const { alphas, impurities, pruned } = golden.trees[task]
  const { classes } = tasks[task]

  // sums in another order than scikit-learn's: rounding only
  test('the path of weakest links is scikit-learn’s to 1e-10', async () => {
    const path = pruningPath(await grow(task), classes)
    const distinct = alphas.flatMap((alpha, k) => (alphas[k + 1]! - alpha <= 1e-10 ? [] : [k]))
    expect(path).toHaveLength(distinct.length)
    const own = path.map(({ alpha, lost }) => [alpha, lost])
    expect(
      largestDifference(
        own,
        distinct.map((k) => [alphas[k]!, impurities[k]! - impurities[0]!]),
      ),
    ).toBeLessThan(1e-10)
  })

  test('pruned trees have scikit-learn’s leaves and values', async () => {
    for (const { alpha, leaves, values } of pruned) {
      const tree = await grow(task, alpha)
      expect(leavesOf(tree)).toBe(leaves)
      const width = Math.max(1, classes)
      const own = Array.from({ length: 60 }, (_, row) => {
        const at = leafOf(tree, columns, row) * width
        return Array.from(tree.values.subarray(at, at + width))
      })
      expect(largestDifference(own.flat(), values)).toBeLessThan(1e-10)
    }
  })
})

test('each step of the path is the tree pruned at its alpha, and the last is the root', async () => {
  const tree = await grow('numbers')
  const path = pruningPath(tree, 0)
  for (const { alpha, leaves } of path.filter((_, k) => k % 5 === 0))
    expect(leavesOf(pruneTree(tree, 0, alpha * (1 + 1e-9)))).toBe(leaves)
  expect(path.at(-1)!.leaves).toBe(1)
  const root = pruneTree(tree, 0, Number.POSITIVE_INFINITY)
  expect(root.feature).toEqual(Int32Array.of(-1))
  expect(root.value[0]).toBe(tree.value[0])
})

test('no subtree of a small tree is better than the pruned one, at any alpha', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 9, maxLength: 9 }), async (labels) => {
      const data = { columns: [Float64Array.from(labels.keys())], labels: Float64Array.from(labels), classes: 0 }
      const tree = await growCart(wasmForestKernels, data, { ...cartDefaults, maxDepth: 3 })
      for (const alpha of [0.5, 3, 20]) {
        const cost = (own: ForestTree) => alpha * leavesOf(own) - own.gain.reduce((sum, gain) => sum + gain, 0) / 9
        expect(cost(pruneTree(tree, 0, alpha))).toBeCloseTo(cheapest(tree, 0, alpha), 9)
      }
    }),
    { numRuns: 25 },
  )
})

/** The least cost of any subtree, by trying both for every node. */
function cheapest(tree: ForestTree, node: number, alpha: number): number {
  if (tree.feature[node]! < 0) return alpha
  const kept = cheapest(tree, tree.left[node]!, alpha) + cheapest(tree, tree.right[node]!, alpha)
  return Math.min(alpha, kept - tree.gain[node]! / 9)
}

test('a constant target is a root alone', async () => {
  const labels = new Float64Array(20).fill(3)
  const tree = await growCart(wasmForestKernels, { columns: [Float64Array.from(labels.keys())], labels, classes: 0 })
  expect(tree.values).toEqual(Float64Array.of(3))
  expect(pruningPath(tree, 0)).toEqual([{ alpha: 0, lost: 0, leaves: 1 }])
})
