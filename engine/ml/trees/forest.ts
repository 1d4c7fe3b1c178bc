import type { FeatureBins, ForestKernels, ForestOptions, ForestRows, GrownTree } from '#contract'
import { createRandom } from '../random/random.ts'
import { requireTargets } from '../usable-targets.ts'
import { binBounds } from './bin-bounds.ts'
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
  const view = new DataView(nodes)
  const size = nodes.byteLength / nodeBytes
  const integers = (offset: number) =>
    Int32Array.from({ length: size }, (_, node) => view.getInt32(node * nodeBytes + offset, true))
  const doubles = (offset: number) =>
    Float64Array.from({ length: size }, (_, node) => view.getFloat64(node * nodeBytes + offset, true))
  const feature = integers(0)
  const bin = integers(4)
  const threshold = Float64Array.from(feature, (f, node) =>
    f < 0 ? 0 : (bins[f]!.bounds[bin[node]!] ?? Number.POSITIVE_INFINITY),
  )
  // two classes are grown on one output, the share of class 1
  const all =
    classes === 2
      ? Float64Array.from({ length: size * 2 }, (_, i) => (i % 2 ? values[i >> 1]! : 1 - values[i >> 1]!))
      : values
  const width = classes === 2 ? 2 : outputs
  const last = Float64Array.from({ length: size }, (_, node) => all[node * width + width - 1]!)
  return {
    feature,
    threshold,
    missingLeft: Uint8Array.from(integers(8)),
    left: Int32Array.from(integers(12), (child, node) => (feature[node]! < 0 ? -1 : child)),
    right: Int32Array.from(integers(16), (child, node) => (feature[node]! < 0 ? -1 : child)),
    value: last,
    cover: doubles(24),
    gain: doubles(32),
    values: all,
  }
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
