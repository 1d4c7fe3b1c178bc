import type { Matrix } from '../matrix.ts'
import { leafOf, type TreeEnsemble } from '../trees/ensemble.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { expectedMargin, type LeafPath, needCover, type TreePaths, treePaths } from './leaf-paths.ts'

export interface TreeInteractions {
  /** Row-major [rows, features, features], symmetric; the diagonal is what a feature does alone. */
  readonly values: Float64Array
  /** What all cells of a row's square and this add up to is its margin. */
  readonly base: number
}

/**
 * Shapley interaction values of tree ensembles on the margin scale, path-dependent or, given a background,
 * interventional (Fujimoto, Kojadinovic & Marichal 2006; Lundberg et al. 2020, doi 10.1038/s42256-019-0138-9): a pair's
 * effect is halved between (i, j) and (j, i), and each line of the square adds up to the feature's Shapley value.
 *
 * A leaf is worth v times the product over its features of o_k for members (1 where the row passes all its splits) and
 * z_k for the others (the share that passes them). As s! (d - 2 - s)! / (d - 1)! = int t^s (1 - t)^(d - 2 - s) dt,
 *   phi_ij = v / 2 (o_i - z_i) (o_j - z_j) int prod_{k != i, j} (t o_k + (1 - t) z_k) dt,
 * a polynomial that Gauss-Legendre points integrate exactly; the factors are positive, so nothing cancels.
 */
export function treeInteractions(ensemble: TreeEnsemble, x: Matrix, background?: Matrix, output = 0): TreeInteractions {
  const trees = ensemble.trees.filter((_, index) => index % ensemble.outputs === output)
  if (!background) needCover(trees)
  const paths = trees.map(treePaths)
  const features = x.columns
  const values = new Float64Array(x.rows * features * features)
  const others = background && paths.map((path) => backgroundShares(path, background))
  paths.forEach((path, index) => {
    for (let row = 0; row < x.rows; row++) {
      const square = values.subarray(row * features * features, (row + 1) * features * features)
      visitLeaves(path, x, row, (leaf, number, passes) => {
        const sides = others ? others[index]![number]! : [{ shares: leaf.shares, weight: 1 }]
        for (const { shares, weight } of sides) addLeaf(square, features, leaf, passes, shares, weight)
      })
    }
  })
  const base = background ? meanMargin(trees, background) : expectedMargin(paths)
  return { values, base: ensemble.base[output]! + base }
}

type Passes = ArrayLike<number>

/** Calls for each leaf with a 1 for every feature of its path whose splits the row passes. */
function visitLeaves(
  { nodes, leaves }: TreePaths,
  { columns, values }: Matrix,
  row: number,
  use: (leaf: LeafPath, number: number, passes: Passes) => void,
): void {
  const passes = new Uint8Array(leaves.reduce((most, leaf) => Math.max(most, leaf.features.length), 0))
  const visit = (place: number) => {
    const { feature, threshold, missingLeft, right, slot, first, categories } = nodes[place]!
    if (feature < 0) return use(leaves[~feature]!, ~feature, passes)
    const value = values[row * columns + feature]!
    const below = categories ? categories.includes(value) : value <= threshold
    const goesLeft = Number.isNaN(value) ? missingLeft === 1 : below
    const above = passes[slot]!
    const until = first ? 1 : above
    passes[slot] = goesLeft ? until : 0
    visit(place + 1)
    passes[slot] = goesLeft ? 0 : until
    visit(right)
    passes[slot] = above
  }
  visit(0)
}

interface Side {
  /** What the others put in a feature's place: a share of rows, or whether one background row passes. */
  readonly shares: readonly number[]
  readonly weight: number
}

/** The distinct ways in which background rows pass each leaf's features. */
function backgroundShares(path: TreePaths, background: Matrix): Side[][] {
  const counts = path.leaves.map(() => new Map<string, number>())
  for (let row = 0; row < background.rows; row++)
    visitLeaves(path, background, row, (leaf, number, passes) => {
      let key = ''
      for (let k = 0; k < leaf.features.length; k++) key += passes[k]
      counts[number]!.set(key, (counts[number]!.get(key) ?? 0) + 1)
    })
  return counts.map((ways) =>
    [...ways].map(([key, count]) => ({ shares: [...key].map(Number), weight: count / background.rows })),
  )
}

/** Adds one leaf's effects; the diagonal takes each feature's Shapley value less its halves of pairs. */
function addLeaf(
  square: Float64Array,
  features: number,
  leaf: LeafPath,
  passes: Passes,
  shares: readonly number[],
  weight: number,
): void {
  const d = leaf.features.length
  const { points, weights } = gaussLegendre(Math.ceil(d / 2))
  const ratio = new Float64Array(d)
  for (let q = 0; q < points.length; q++) {
    const t = points[q]!
    let product = weights[q]! * weight * leaf.value
    for (let k = 0; k < d; k++) {
      const factor = t * passes[k]! + (1 - t) * shares[k]!
      if (factor === 0) return
      product *= factor
      ratio[k] = (passes[k]! - shares[k]!) / factor
    }
    for (let i = 0; i < d; i++) {
      if (ratio[i] === 0) continue
      const line = leaf.features[i]! * features
      square[line + leaf.features[i]!]! += product * ratio[i]!
      for (let j = 0; j < d; j++) {
        if (j === i) continue
        const half = 0.5 * product * ratio[i]! * ratio[j]!
        square[line + leaf.features[j]!]! += half
        square[line + leaf.features[i]!]! -= half
      }
    }
  }
}

function meanMargin(trees: TreeEnsemble['trees'], { rows, columns, values }: Matrix): number {
  const cells = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + j]!),
  )
  let sum = 0
  for (const tree of trees) for (let row = 0; row < rows; row++) sum += tree.value[leafOf(tree, cells, row)]!
  return sum / rows
}
