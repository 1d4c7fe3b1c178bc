import type { Graph } from '../onnx/graph-builder.ts'
import type { Tree, TreeEnsemble } from './ensemble.ts'

/**
 * Adds an ensemble behind the matrix `x` [N, features] of doubles (NaN is missing); gives the margins [N, outputs] in double.
 * One `TreeEnsemble` operator of ai.onnx.ml 5, whose splits, leaves and sums are doubles (its forerunners answer in float),
 * then the base margins. Trees are summed in another order than ours, so margins agree to rounding.
 */
export function emitTrees(graph: Graph, x: string, { trees, outputs, base }: TreeEnsemble): string {
  const start = graph.constant('double', [1, outputs], [...base])
  if (trees.length === 0) {
    // a product with an empty sum keeps the number of rows
    const [rows] = graph.node('ReduceSum', [
      graph.apply('Mul', [x, graph.number(0)]),
      graph.constant('int64', [1], [1]),
    ])
    const zero = graph.apply('Where', [graph.apply('IsNaN', [rows!]), graph.number(0), rows!])
    return graph.apply('Add', [zero, start])
  }
  const table = flatten(trees, outputs)
  const doubles = (values: readonly number[]) => ({
    tensor: { type: 'double' as const, dimensions: [values.length], values: Float64Array.from(values) },
  })
  const [sums] = graph.node(
    'TreeEnsemble',
    [x],
    {
      aggregate_function: { int: 1 },
      post_transform: { int: 0 },
      n_targets: { int: outputs },
      tree_roots: { ints: table.roots },
      nodes_featureids: { ints: table.features },
      nodes_splits: doubles(table.splits),
      nodes_modes: {
        tensor: { type: 'uint8', dimensions: [table.modes.length], values: Uint8Array.from(table.modes) },
      },
      nodes_truenodeids: { ints: table.yes },
      nodes_trueleafs: { ints: table.yesIsLeaf },
      nodes_falsenodeids: { ints: table.no },
      nodes_falseleafs: { ints: table.noIsLeaf },
      nodes_missing_value_tracks_true: { ints: table.missing },
      ...(table.members.length > 0 && { membership_values: doubles(table.members) }),
      leaf_targetids: { ints: table.targets },
      leaf_weights: doubles(table.weights),
    },
    { domain: 'ai.onnx.ml' },
  )
  return graph.apply('Add', [sums!, start])
}

/** Codes of BRANCH_LEQ and BRANCH_MEMBER. */
const leq = 0
const member = 6

interface Table {
  readonly roots: number[]
  readonly features: number[]
  readonly splits: number[]
  readonly modes: number[]
  readonly yes: number[]
  readonly yesIsLeaf: number[]
  readonly no: number[]
  readonly noIsLeaf: number[]
  readonly missing: number[]
  /** Values of each split on a set, NaN after each. */
  readonly members: number[]
  readonly targets: number[]
  readonly weights: number[]
}

function flatten(trees: readonly Tree[], outputs: number): Table {
  const table: Table = {
    ...{ roots: [], features: [], splits: [], modes: [], yes: [], yesIsLeaf: [] },
    ...{ no: [], noIsLeaf: [], missing: [], members: [], targets: [], weights: [] },
  }
  for (const [index, tree] of trees.entries()) {
    table.roots.push(table.features.length)
    if (tree.feature[0]! < 0) addStump(table, tree, index % outputs)
    else addNode(table, tree, 0, index % outputs)
  }
  return table
}

function addLeaf(table: Table, value: number, output: number): number {
  table.targets.push(output)
  return table.weights.push(value) - 1
}

/** A tree of one leaf is a split with the same leaf on both sides. */
function addStump(table: Table, tree: Tree, output: number): void {
  const node = openNode(table, 0, 0, 0)
  const leaf = addLeaf(table, tree.value[0]!, output)
  table.yes[node] = leaf
  table.no[node] = leaf
}

function openNode(table: Table, feature: number, split: number, missing: number): number {
  table.modes.push(leq)
  table.splits.push(split)
  table.missing.push(missing)
  for (const child of [table.yes, table.no]) child.push(0)
  for (const flag of [table.yesIsLeaf, table.noIsLeaf]) flag.push(1)
  return table.features.push(feature) - 1
}

function addNode(table: Table, tree: Tree, at: number, output: number): number {
  const node = openNode(table, tree.feature[at]!, tree.threshold[at]!, tree.missingLeft[at]!)
  const set = tree.categories?.[at]
  if (set) {
    table.modes[node] = member
    table.members.push(...set, Number.NaN)
  }
  const place = (child: number, ids: number[], flags: number[]) => {
    const isLeaf = tree.feature[child]! < 0
    flags[node] = isLeaf ? 1 : 0
    ids[node] = isLeaf ? addLeaf(table, tree.value[child]!, output) : addNode(table, tree, child, output)
  }
  place(tree.left[at]!, table.yes, table.yesIsLeaf)
  place(tree.right[at]!, table.no, table.noIsLeaf)
  return node
}
