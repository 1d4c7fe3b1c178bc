import type { Matrix } from '../matrix.ts'
import { leafOf, type Tree } from '../trees/ensemble.ts'
import { bestSplit, type Split } from './best-split.ts'
import { meanOf, needRows } from './score-rows.ts'

export interface SurrogateOptions {
  /** Splits from the root to a leaf at most; default 4, which still reads at a glance. */
  readonly depth?: number
  /** Rows of a leaf at least. */
  readonly minRows?: number
  /** Leaves at most: the split that saves most comes first. */
  readonly leaves?: number
}

/**
 * Global surrogate (Craven & Shavlik 1996, NIPS; Breiman et al. 1984, CART): one regression tree fitted to the scores a
 * model gives, not to the truth, over exact splits at the midpoints between values, as scikit-learn's
 * DecisionTreeRegressor fits it. Of equal splits the first column's lowest is taken (scikit-learn: a random one).
 * Missing cells go to the side that fits better. Columns are taken as numbers in order: give categories as indicators.
 */
export function surrogateTree(
  rows: Matrix,
  scores: Float64Array,
  { depth = 4, minRows = 1, leaves = Number.POSITIVE_INFINITY }: SurrogateOptions = {},
): Tree {
  needRows(rows, 'table for the surrogate')
  const root = newNode(Uint32Array.from(scores.keys()), 0, scores)
  const open = [root]
  root.split = depth > 0 ? bestSplit(rows, scores, root.rows, minRows) : undefined
  for (let count = 1; count < leaves; count++) {
    const next = open.reduce((best, node) => ((node.split?.gain ?? 0) > (best.split?.gain ?? 0) ? node : best))
    if (!next.split) break
    next.children = [
      newNode(next.split.left, next.depth + 1, scores),
      newNode(next.split.right, next.depth + 1, scores),
    ]
    open.splice(open.indexOf(next), 1, ...next.children)
    for (const child of next.children)
      if (child.depth < depth) child.split = bestSplit(rows, scores, child.rows, minRows)
  }
  return flatten(root)
}

/** R squared of the tree against the model's own scores; 1 where the scores do not vary and the tree says them. */
export function fidelity(tree: Tree, { rows, columns, values }: Matrix, scores: Float64Array): number {
  const cells = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + j]!),
  )
  const mean = meanOf(scores)
  let missed = 0
  let varied = 0
  scores.forEach((score, row) => {
    missed += (score - tree.value[leafOf(tree, cells, row)]!) ** 2
    varied += (score - mean) ** 2
  })
  if (varied === 0) return missed === 0 ? 1 : 0
  return 1 - missed / varied
}

interface GrowingNode {
  readonly rows: Uint32Array
  readonly depth: number
  readonly value: number
  split?: Split | undefined
  children?: readonly [GrowingNode, GrowingNode]
}

const newNode = (rows: Uint32Array, depth: number, scores: Float64Array): GrowingNode => ({
  rows,
  depth,
  value: meanOf(Float64Array.from(rows, (row) => scores[row]!)),
})

/** The nodes in preorder as parallel arrays. */
function flatten(root: GrowingNode): Tree {
  const nodes: GrowingNode[] = []
  const collect = (node: GrowingNode) => {
    nodes.push(node)
    node.children?.forEach(collect)
  }
  collect(root)
  const number = new Map(nodes.map((node, index) => [node, index]))
  const inner = (node: GrowingNode) => (node.children ? node.split : undefined)
  const child = (node: GrowingNode, side: 0 | 1) => (node.children ? number.get(node.children[side])! : -1)
  return {
    feature: Int32Array.from(nodes, (node) => inner(node)?.column ?? -1),
    threshold: Float64Array.from(nodes, (node) => inner(node)?.threshold ?? 0),
    missingLeft: Uint8Array.from(nodes, (node) => (inner(node)?.missingLeft ? 1 : 0)),
    left: Int32Array.from(nodes, (node) => child(node, 0)),
    right: Int32Array.from(nodes, (node) => child(node, 1)),
    value: Float64Array.from(nodes, ({ value }) => value),
    cover: Float64Array.from(nodes, ({ rows }) => rows.length),
    gain: Float64Array.from(nodes, (node) => inner(node)?.gain ?? 0),
  }
}
