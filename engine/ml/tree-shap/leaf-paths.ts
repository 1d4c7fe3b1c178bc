import { ProblemError } from '#contract'
import type { Tree } from '../trees/ensemble.ts'

/** A leaf's path with each feature once: the share of rows that follow the path at all splits on that feature. */
export interface LeafPath {
  readonly value: number
  readonly features: readonly number[]
  readonly shares: readonly number[]
}

/** A node in preorder as the kernels want it. */
export interface PathNode {
  readonly isRight: boolean
  /** The feature, or ~leaf. */
  readonly feature: number
  readonly threshold: number
  readonly missingLeft: number
  /** Number of the right child. */
  readonly right: number
  /** Place of the feature on the path, and whether this is its first split there. */
  readonly slot: number
  readonly first: boolean
  /** Values that go left, in place of the threshold. */
  readonly categories?: Float64Array | undefined
}

export interface TreePaths {
  readonly nodes: readonly PathNode[]
  readonly leaves: readonly LeafPath[]
}

/** Cover shares never reach 0, where the unwinding would divide by it. */
export const leastShare = 1e-12

export function treePaths(tree: Tree): TreePaths {
  const nodes: PathNode[] = []
  const leaves: LeafPath[] = []
  const visit = (node: number, isRight: boolean, features: readonly number[], shares: readonly number[]): number => {
    const place = nodes.length
    const feature = tree.feature[node]!
    if (feature < 0) {
      nodes.push({ isRight, feature: ~leaves.length, threshold: 0, missingLeft: 0, right: 0, slot: 0, first: false })
      leaves.push({ value: tree.value[node]!, features, shares })
      return place
    }
    const known = features.indexOf(feature)
    const slot = known < 0 ? features.length : known
    const below = (child: number) => {
      const own = Math.max(leastShare, tree.cover[child]! / tree.cover[node]!)
      const next = [...shares]
      next[slot] = (known < 0 ? 1 : shares[slot]!) * own
      return next
    }
    const path = known < 0 ? [...features, feature] : features
    nodes.push({
      isRight,
      feature,
      threshold: tree.threshold[node]!,
      missingLeft: tree.missingLeft[node]!,
      right: 0,
      slot,
      first: known < 0,
      categories: tree.categories?.[node],
    })
    visit(tree.left[node]!, false, path, below(tree.left[node]!))
    const right = visit(tree.right[node]!, true, path, below(tree.right[node]!))
    nodes[place] = { ...nodes[place]!, right }
    return place
  }
  visit(0, false, [], [])
  return { nodes, leaves }
}

/** The ensemble's expected margin under path-dependent weights: what contributions add up from. */
export function expectedMargin(paths: readonly TreePaths[]): number {
  let sum = 0
  for (const { leaves } of paths)
    for (const leaf of leaves) sum += leaf.value * leaf.shares.reduce((product, share) => product * share, 1)
  return sum
}

/** Refuses to weigh branches by rows where the model does not tell how many reached them. */
export function needCover(trees: readonly Tree[]): void {
  if (!trees.some(({ cover }) => Number.isNaN(cover[0]))) return
  throw new ProblemError({
    code: 'not-supported',
    message: 'The model does not tell how many rows reached each node of its trees.',
    fix: 'Give background rows to compare with',
  })
}
