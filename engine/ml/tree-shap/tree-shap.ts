import type { ShapKernels, ShapSession } from '#contract'
import type { Matrix } from '../matrix.ts'
import type { Tree, TreeEnsemble } from '../trees/ensemble.ts'
import { expectedMargin, needCover, type TreePaths, treePaths } from './leaf-paths.ts'
import { treeInteractions } from './tree-interactions.ts'

/**
 * Exact Shapley values of tree ensembles on the margin scale. Path-dependent: Lundberg et al. 2018 (arXiv 1802.03888).
 * Interventional: Lundberg et al. 2020 (doi 10.1038/s42256-019-0138-9), linear in rows plus background, because a leaf
 * only sees masks. Tables over leaf masks: Yang 2021 (Fast TreeSHAP v2, arXiv 2109.09847), here filled lazily.
 */
export interface TreeShap {
  /** Contributions, row-major [rows, features]. */
  readonly values: Float64Array
  /** What a row's contributions and this add up to is its margin. */
  readonly base: number
}

const nodeBytes = 40
const leafBytes = 64
const rowsAtOnce = 1024
const firstByte = 65_536
/** A leaf with more distinct features has no table. */
const widestTable = 14
/** All tables together stay below this; leaves that come too late compute directly. */
const tableBudget = 512 * 2 ** 20

interface PlacedTree {
  readonly paths: TreePaths
  readonly nodes: number
  readonly leaves: number
  readonly pending: number
}

/** Shapley values of one output of an ensemble for the rows of `x`; interventional when a background is given. */
export function treeShap(
  kernels: ShapKernels,
  ensemble: TreeEnsemble,
  x: Matrix,
  background?: Matrix,
  output = 0,
): TreeShap {
  const trees = ensemble.trees.filter((_, index) => index % ensemble.outputs === output)
  if (!background) needCover(trees)
  const paths = trees.filter((tree) => !splitsOnCategories(tree)).map(treePaths)
  const features = x.columns
  const area = planner()
  const at = {
    weights: area(65 * 65 * 8),
    scratch: area(2048),
    x: area(Math.max(x.rows, background?.rows ?? 0) * features * 8),
    phi: area(x.rows * (features + 1) * 8),
    masks: area(background ? mostLeaves(paths) * background.rows * 8 : 0),
  }
  const placed = paths.map(
    (tree): PlacedTree => ({
      paths: tree,
      nodes: area(tree.nodes.length * nodeBytes),
      leaves: area(tree.leaves.length * leafBytes),
      pending: area(tree.nodes.length * 8),
    }),
  )
  const tables = placeTables(placed, area, background?.rows ?? 0)
  const session = kernels.open(area(0))
  session.setScratch(at.weights, at.scratch)
  placed.forEach((tree, index) => writeTree(session.buffer, tree, tables[index]!))
  const inMemory = new Float64Array(session.buffer, at.x, Math.max(x.rows, background?.rows ?? 0) * features)
  let base = ensemble.base[output]! + expectedMargin(paths)
  if (background) {
    inMemory.set(background.values)
    base = ensemble.base[output]! + collectBackground(session, placed, tables, at, background)
  }
  inMemory.set(x.values)
  for (let from = 0; from < x.rows; from += rowsAtOnce) {
    const to = Math.min(x.rows, from + rowsAtOnce)
    for (const tree of placed) {
      session.walkTree(
        tree.nodes,
        tree.paths.nodes.length,
        tree.leaves,
        at.x,
        features,
        from,
        to,
        at.phi,
        background ? 1 : 0,
        0,
        tree.pending,
      )
    }
  }
  const values = withoutLastColumn(new Float64Array(session.buffer, at.phi, x.rows * (features + 1)), x.rows, features)
  return { values, base: base + addCategorical(trees.filter(splitsOnCategories), x, background, values) }
}

const splitsOnCategories = ({ categories }: Tree) => categories?.some((set) => set !== undefined) ?? false

/** Adds what trees with categories contribute, which the kernels don't walk: sums over pairs. Gives their base. */
function addCategorical(trees: readonly Tree[], x: Matrix, background: Matrix | undefined, into: Float64Array): number {
  if (trees.length === 0) return 0
  const { values, base } = treeInteractions({ trees, outputs: 1, base: [0] }, x, background)
  for (let at = 0; at < values.length; at++) into[Math.floor(at / x.columns)]! += values[at]!
  return base
}

function planner() {
  let offset = firstByte
  return (bytes: number) => {
    const at = offset
    offset += Math.ceil(bytes / 64) * 64
    return at
  }
}

const mostLeaves = (paths: readonly TreePaths[]) => paths.reduce((most, { leaves }) => Math.max(most, leaves.length), 1)

interface LeafTables {
  readonly offsets: number
  readonly shares: number
  readonly table: number
  readonly filled: number
  readonly masks: number
  readonly maskShares: number
}

function placeTables(
  placed: readonly PlacedTree[],
  area: (bytes: number) => number,
  backgroundRows: number,
): (readonly LeafTables[])[] {
  let used = 0
  return placed.map(({ paths }) =>
    paths.leaves.map(({ features }) => {
      const d = features.length
      const size = d <= widestTable ? 2 ** d * (d * 8 + 1) : Number.POSITIVE_INFINITY
      const hasTable = d > 0 && used + size <= tableBudget
      if (hasTable) used += size
      const distinct = Math.min(backgroundRows, d < 31 ? 2 ** d : backgroundRows)
      return {
        offsets: area(d * 4),
        shares: area(d * 8),
        table: hasTable ? area(2 ** d * d * 8) : 0,
        filled: hasTable ? area(2 ** d) : 0,
        masks: area(distinct * 8),
        maskShares: area(distinct * 8),
      }
    }),
  )
}

function writeTree(buffer: ArrayBufferLike, { paths, nodes, leaves }: PlacedTree, tables: readonly LeafTables[]): void {
  const view = new DataView(buffer)
  paths.nodes.forEach((node, index) => {
    const at = nodes + index * nodeBytes
    view.setInt32(at, node.isRight ? 1 : 0, true)
    view.setInt32(at + 4, node.feature, true)
    view.setFloat64(at + 8, node.threshold, true)
    view.setInt32(at + 16, node.missingLeft, true)
    view.setInt32(at + 20, node.right, true)
    view.setBigUint64(at + 24, 1n << BigInt(node.slot), true)
    view.setInt32(at + 32, node.first ? 1 : 0, true)
  })
  paths.leaves.forEach((leaf, index) => {
    const at = leaves + index * leafBytes
    const place = tables[index]!
    view.setInt32(at, leaf.features.length, true)
    view.setUint32(at + 4, place.offsets, true)
    view.setUint32(at + 8, place.shares, true)
    view.setFloat64(at + 16, leaf.value, true)
    view.setUint32(at + 24, place.table, true)
    view.setUint32(at + 28, place.filled, true)
    leaf.features.forEach((feature, k) => view.setUint32(place.offsets + 4 * k, feature * 8, true))
    leaf.shares.forEach((share, k) => view.setFloat64(place.shares + 8 * k, share, true))
  })
}

/** Writes each leaf's distinct background masks with their shares, and gives the background's mean margin without the base. */
function collectBackground(
  session: ShapSession,
  placed: readonly PlacedTree[],
  tables: readonly (readonly LeafTables[])[],
  at: { readonly x: number; readonly masks: number },
  background: Matrix,
): number {
  const view = new DataView(session.buffer)
  let mean = 0
  placed.forEach((tree, index) => {
    session.walkTree(
      tree.nodes,
      tree.paths.nodes.length,
      tree.leaves,
      at.x,
      background.columns,
      0,
      background.rows,
      0,
      2,
      at.masks,
      tree.pending,
    )
    tree.paths.leaves.forEach((leaf, number) => {
      const seen = new BigUint64Array(session.buffer, at.masks + number * background.rows * 8, background.rows)
      const counts = new Map<bigint, number>()
      for (const mask of seen) counts.set(mask, (counts.get(mask) ?? 0) + 1)
      const full = (1n << BigInt(leaf.features.length)) - 1n
      mean += (leaf.value * (counts.get(full) ?? 0)) / background.rows
      const place = tables[index]![number]!
      let entry = 0
      for (const [mask, count] of counts) {
        view.setBigUint64(place.masks + 8 * entry, mask, true)
        view.setFloat64(place.maskShares + 8 * entry, count / background.rows, true)
        entry++
      }
      const record = tree.leaves + number * leafBytes
      view.setInt32(record + 36, counts.size, true)
      view.setUint32(record + 40, place.masks, true)
      view.setUint32(record + 44, place.maskShares, true)
    })
  })
  return mean
}

function withoutLastColumn(phi: Float64Array, rows: number, features: number): Float64Array {
  const values = new Float64Array(rows * features)
  for (let row = 0; row < rows; row++)
    values.set(phi.subarray(row * (features + 1), row * (features + 1) + features), row * features)
  return values
}
