import type { FeatureBins, ForestKernels, ForestOptions, ForestRows, GrownTree } from '#contract'
import { createRandom } from '../random/random.ts'
import { requireTargets } from '../usable-targets.ts'
import { binBounds } from './bin-bounds.ts'
import { blankTree } from './blank-tree.ts'
import { leafOf, type Tree } from './ensemble.ts'

/** scikit-learn's defaults for a classifier, `tryFeatures` for the given number of features. */
export function forestDefaults(features: number, classes: number): Omit<ForestOptions, 'seed' | 'threads'> {
  const tryFeatures = classes > 0 ? Math.max(1, Math.floor(Math.sqrt(features))) : features
  return { trees: 100, tryFeatures, maxDepth: 0, minLeaf: 1, minSplit: 2, bootstrap: true, randomThresholds: false }
}

/** A tree whose nodes hold `outputs` values each. */
export interface ForestTree extends Tree {
  readonly values: Float64Array
}
export interface Forest {
  readonly trees: readonly ForestTree[]
  /** Class shares, or 1 for a mean. */
  readonly outputs: number
}

/** How often each row was drawn for a tree; the same wherever and whenever it is asked. */
export function bootstrapCounts(
  rows: number,
  seed: number,
  tree: number,
  into: Float64Array = new Float64Array(rows),
): Float64Array {
  const random = createRandom(seed).split('bootstrap').split(tree)
  into.fill(0)
  for (let draw = 0; draw < rows; draw++) into[random.integer(rows)]! += 1
  return into
}

/**
 * Random forests (Breiman 2001, doi 10.1023/A:1010933404324) and extremely randomised trees (Geurts et al. 2006,
 * doi 10.1007/s10994-006-6226-1) on binned columns. A leaf's values are class shares, or one mean; a forest's prediction
 * is the mean over its trees. Splits weigh variance, or Gini for classes. Trees of a smaller forest on the same rows with the
 * same seed need not be grown again.
 */
export async function growForest(
  kernels: ForestKernels,
  data: ForestRows,
  options: ForestOptions,
  afterTree?: (grown: number) => void,
  from?: Forest,
): Promise<Forest> {
  requireTargets('A forest', data.labels, data.weights)
  const bins = data.columns.map(binBounds)
  const outputs = data.classes > 2 ? data.classes : 1
  const there = from?.trees.slice(0, options.trees) ?? []
  const first = there.length
  const grown =
    first < options.trees ? await kernels.grow({ bins, data, outputs, options: { ...options, first } }, afterTree) : []
  return {
    trees: [
      ...there,
      ...grown.map((tree) => readForestTree(weighAll(tree, data, outputs), bins, outputs, data.classes)),
    ],
    outputs: Math.max(1, data.classes),
  }
}

/** A tree whose draw holds nothing but rows of weight 0 says what all rows say. */
function weighAll(tree: GrownTree, { labels, weights, classes }: ForestRows, outputs: number): GrownTree {
  if (!weights || !tree.values.some(Number.isNaN)) return tree
  const means = new Float64Array(outputs)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  labels.forEach((label, row) => {
    means[classes > 2 ? label : 0]! += ((classes > 2 ? 1 : label) * weights[row]!) / total
  })
  return { ...tree, values: tree.values.map((value, i) => (Number.isNaN(value) ? means[i % outputs]! : value)) }
}

const nodeBytes = 40

function readForestTree(
  { nodes, values }: GrownTree,
  bins: readonly FeatureBins[],
  outputs: number,
  classes: number,
): ForestTree {
  const size = nodes.byteLength / nodeBytes
  const [integers, doubles] = [new Int32Array(nodes), new Float64Array(nodes)]
  const width = classes === 2 ? 2 : outputs
  const tree = {
    ...blankTree(size),
    // two classes are grown on one output, the share of class 1
    values: classes === 2 ? bothShares(values) : values,
  }
  for (let node = 0; node < size; node++) {
    const [at, wide] = [(node * nodeBytes) / 4, (node * nodeBytes) / 8]
    const feature = integers[at]!
    tree.feature[node] = feature
    tree.missingLeft[node] = integers[at + 2]!
    tree.value[node] = tree.values[node * width + width - 1]!
    tree.cover[node] = doubles[wide + 3]!
    tree.gain[node] = doubles[wide + 4]!
    if (feature < 0) continue
    tree.threshold[node] = bins[feature]!.bounds[integers[at + 1]!] ?? Number.POSITIVE_INFINITY
    tree.left[node] = integers[at + 3]!
    tree.right[node] = integers[at + 4]!
  }
  return tree
}

/** Shares of classes 0 and 1 from those of class 1. */
function bothShares(values: Float64Array): Float64Array {
  const both = new Float64Array(2 * values.length)
  for (let i = 0; i < values.length; i++) {
    both[2 * i] = 1 - values[i]!
    both[2 * i + 1] = values[i]!
  }
  return both
}

/** Mean over the trees, row-major [rows, outputs]. */
export function predictForest(forest: Forest, columns: readonly Float64Array[], rows: number): Float64Array {
  const { outputs, trees } = forest
  const sums = new Float64Array(rows * outputs)
  for (const tree of trees) {
    for (let row = 0; row < rows; row++) {
      const from = leafOf(tree, columns, row) * outputs
      for (let k = 0; k < outputs; k++) sums[row * outputs + k]! += tree.values[from + k]!
    }
  }
  return sums.map((sum) => sum / trees.length)
}

/** Mean over the trees that did not see a row; NaN where every tree did. */
export function predictOutOfBag(forest: Forest, data: ForestRows, seed: number): Float64Array {
  const rows = data.labels.length
  const { outputs } = forest
  const sums = new Float64Array(rows * outputs)
  const seen = new Float64Array(rows)
  const counts = new Float64Array(rows)
  for (const [index, tree] of forest.trees.entries()) {
    bootstrapCounts(rows, seed, index, counts)
    for (let row = 0; row < rows; row++) {
      if (counts[row]! > 0) continue
      seen[row]! += 1
      const from = leafOf(tree, data.columns, row) * outputs
      for (let k = 0; k < outputs; k++) sums[row * outputs + k]! += tree.values[from + k]!
    }
  }
  return sums.map((sum, i) => sum / seen[Math.floor(i / outputs)]!)
}

/** Mean decrease in impurity, adding up to 1 (0 everywhere when no tree split). */
export function forestImportance(forest: Forest, features: number): Float64Array {
  const sums = new Float64Array(features)
  for (const tree of forest.trees) {
    const own = new Float64Array(features)
    let total = 0
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.feature[node]! < 0) continue
      own[tree.feature[node]!]! += tree.gain[node]!
      total += tree.gain[node]!
    }
    if (total > 0) for (let f = 0; f < features; f++) sums[f]! += own[f]! / total
  }
  const all = sums.reduce((a, b) => a + b, 0)
  return all > 0 ? sums.map((sum) => sum / all) : sums
}
