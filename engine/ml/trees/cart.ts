import type { ForestKernels, ForestRows } from '#contract'
import { type ForestTree, growForest } from './forest.ts'
import { pruneTree } from './prune-tree.ts'

/**
 * One classification or regression tree: Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees.
 * Grown by Gini or variance on all rows and all features, then cut back where a split saves less than `prune` a leaf.
 * Columns with more than 254 distinct values are split at quantiles. Splits that save nothing are not made.
 */
export interface CartOptions {
  /** 0 for no limit. */
  readonly maxDepth: number
  readonly minLeaf: number
  readonly minSplit: number
  /** Impurity that each leaf must pay for; scikit-learn's ccp_alpha. 0 keeps the whole tree. */
  readonly prune: number
}

/** scikit-learn's defaults. */
export const cartDefaults = { maxDepth: 0, minLeaf: 1, minSplit: 2, prune: 0 } as const satisfies CartOptions

/** The tree, its values by class share, or one mean a node. */
export async function growCart(
  kernels: ForestKernels,
  data: ForestRows,
  { prune, ...limits }: CartOptions = cartDefaults,
): Promise<ForestTree> {
  const forest = await growForest(kernels, data, {
    ...limits,
    trees: 1,
    tryFeatures: data.columns.length,
    bootstrap: false,
    randomThresholds: false,
    seed: 0,
    threads: 1,
  })
  const tree = forest.trees[0]!
  return prune > 0 ? pruneTree(tree, data.classes, prune) : tree
}
