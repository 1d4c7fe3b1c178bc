import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { predictMargins, type Tree, type TreeEnsemble } from '../trees/ensemble.ts'
import { readLightgbm } from '../trees/read-lightgbm.ts'
import { readXgboost } from '../trees/read-xgboost.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { treeInteractions } from './tree-interactions.ts'

interface Golden {
  x: (number | null)[][]
  binary: { model: Parameters<typeof readXgboost>[0]; interactions: number[][][] }
  lightgbm: { x: number[][]; model: Parameters<typeof readLightgbm>[0]; interactions: number[][][] }
}
const golden = readGolden<Golden>('ml-explain-models-trees')
const dense = (rows: readonly (readonly (number | null)[])[]) =>
  matrix(
    rows.length,
    5,
    Float64Array.from(rows.flat(), (value) => value ?? Number.NaN),
  )
const columnsOf = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: columns }, (_, j) => Float64Array.from({ length: rows }, (_, row) => values[row * columns + j]!))
const lightgbm = readLightgbm(golden.lightgbm.model)
const xgboost = readXgboost(golden.binary.model)

test('interactions equal shap’s on LightGBM and XGBoost’s own', () => {
  const found = treeInteractions(lightgbm, dense(golden.lightgbm.x))
  expect(largestDifference(found.values, golden.lightgbm.interactions.flat(2))).toBeLessThan(1e-9)
  const own = treeInteractions(xgboost, dense(golden.x.slice(0, 8)))
  const peer = golden.binary.interactions.map((square) => square.slice(0, 5).map((line) => line.slice(0, 5)))
  // XGBoost works in single precision
  expect(largestDifference(own.values, peer.flat(2))).toBeLessThan(5e-6)
})

type Game = (members: number) => number

/** Interaction values from the worth of all subsets. */
function bySubsets(game: Game): number[] {
  const worth = Array.from({ length: 32 }, (_, set) => game(set))
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  const size = (set: number) => set.toString(2).replaceAll('0', '').length
  const square = new Array<number>(25).fill(0)
  for (let i = 0; i < 5; i++)
    for (let j = 0; j < 5; j++)
      for (let set = 0; set < 32; set++) {
        if (set & (1 << i) || (j !== i && set & (1 << j))) continue
        const [a, b] = [set | (1 << i), set | (1 << j)]
        const s = size(set)
        if (i === j)
          square[i * 5 + i]! += ((factorial(s) * factorial(4 - s)) / factorial(5)) * (worth[a]! - worth[set]!)
        else {
          const half =
            ((factorial(s) * factorial(3 - s)) / factorial(4) / 2) *
            (worth[a | b]! - worth[a]! - worth[b]! + worth[set]!)
          square[i * 5 + j]! += half
          square[i * 5 + i]! -= half
        }
      }
  return square
}

/** Mean margin of a tree where features outside the set follow the training rows. */
function conditional(tree: Tree, row: Float64Array, members: number, node = 0): number {
  const feature = tree.feature[node]!
  if (feature < 0) return tree.value[node]!
  const [left, right] = [tree.left[node]!, tree.right[node]!]
  if (!(members & (1 << feature))) {
    const share = tree.cover[left]! / tree.cover[node]!
    return share * conditional(tree, row, members, left) + (1 - share) * conditional(tree, row, members, right)
  }
  const goesLeft = Number.isNaN(row[feature]!) ? tree.missingLeft[node] === 1 : row[feature]! <= tree.threshold[node]!
  return conditional(tree, row, members, goesLeft ? left : right)
}

const models: [string, TreeEnsemble][] = [
  ['LightGBM', lightgbm],
  ['XGBoost', xgboost],
]

test.each(models)('path-dependent interactions equal those from all subsets, %s', (_, ensemble) => {
  const x = dense(golden.x.slice(0, 6))
  const { values, base } = treeInteractions(ensemble, x)
  const game = (row: Float64Array) => (members: number) =>
    ensemble.trees.reduce((sum, tree) => sum + conditional(tree, row, members), ensemble.base[0]!)
  for (let row = 0; row < x.rows; row++) {
    const own = x.values.subarray(row * 5, row * 5 + 5)
    // shares of XGBoost's hessians are in single precision, so the two sides of a node need not add up to it
    expect(largestDifference(values.subarray(row * 25, row * 25 + 25), bySubsets(game(own)))).toBeLessThan(1e-6)
    expect(Math.abs(base - game(own)(0))).toBeLessThan(1e-6)
  }
})

test.each(models)('interventional interactions equal those from all subsets, %s', (_, ensemble) => {
  const [x, background] = [dense(golden.x.slice(0, 5)), dense(golden.x.slice(8))]
  const { values, base } = treeInteractions(ensemble, x, background)
  for (let row = 0; row < x.rows; row++) {
    const own = x.values.subarray(row * 5, row * 5 + 5)
    const game = (members: number) => {
      const mixed = background.values.map((value, at) => (members & (1 << (at % 5)) ? own[at % 5]! : value))
      const margins = predictMargins(ensemble, columnsOf(matrix(background.rows, 5, mixed)), background.rows)
      return margins.reduce((a, b) => a + b, 0) / background.rows
    }
    expect(largestDifference(values.subarray(row * 25, row * 25 + 25), bySubsets(game))).toBeLessThan(1e-12)
    expect(base).toBeCloseTo(game(0), 12)
  }
})

test.each(models)('squares are symmetric and add up to the margin, %s', (_, ensemble) => {
  const x = dense(golden.x)
  const margins = predictMargins(ensemble, columnsOf(x), x.rows)
  for (const background of [undefined, dense(golden.x.slice(0, 7))]) {
    const { values, base } = treeInteractions(ensemble, x, background)
    for (let row = 0; row < x.rows; row++) {
      const square = values.subarray(row * 25, row * 25 + 25)
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < i; j++) expect(Math.abs(square[i * 5 + j]! - square[j * 5 + i]!)).toBeLessThan(1e-14)
      const sum = square.reduce((a, b) => a + b, base)
      expect(Math.abs(sum - margins[row]!)).toBeLessThan(background ? 1e-12 : 1e-6)
    }
  }
})

test('the quadrature integrates powers up to degree 2 n - 1', () => {
  for (const n of [1, 2, 5, 16, 32]) {
    const { points, weights } = gaussLegendre(n)
    for (const power of [0, 1, n, 2 * n - 1]) {
      const integral = points.reduce((sum, t, q) => sum + weights[q]! * t ** power, 0)
      expect(Math.abs(integral * (power + 1) - 1)).toBeLessThan(1e-13)
    }
  }
})

test('a tree without splits gives no effects', () => {
  const leaf: Tree = {
    feature: Int32Array.of(-1),
    threshold: Float64Array.of(0),
    missingLeft: Uint8Array.of(0),
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    value: Float64Array.of(3),
    cover: Float64Array.of(9),
    gain: Float64Array.of(0),
  }
  const { values, base } = treeInteractions({ trees: [leaf], outputs: 1, base: [1] }, matrix(2, 2))
  expect([base, ...values]).toEqual([4, 0, 0, 0, 0, 0, 0, 0, 0])
})
